// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSplitter>
#include <QWidget>

#include "dashboard/views/view_context.h"

namespace levee {

class ThemedLabel;
class TopologyCanvas;

/// Where to look first at the left, the live map in the middle, what is selected at the right. GUI
/// thread only.
class TopologyPage final : public QWidget {
    Q_OBJECT
public:
    explicit TopologyPage(const ViewContext& context, QWidget* parent = nullptr);

    TopologyCanvas& canvas() { return *canvas_; }
    QByteArray saveState() const { return splitter_->saveState(); }
    void restoreState(const QByteArray& state) { splitter_->restoreState(state); }
    void resetLayout();

private:
    void bindCanvas();
    void bindActions();
    void refreshScene();
    void refreshState();
    void showSelection();

    ViewContext context_;
    QSplitter* splitter_;
    TopologyCanvas* canvas_;
    ThemedLabel* summary_;
};

}  // namespace levee
