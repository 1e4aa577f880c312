// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/model/map_view_state.h"
#include "dashboard/views/view_context.h"

class QToolButton;

namespace levee {

class FindBox;

/// Over the map: what to find, what to hide, how much to show, how to group. GUI thread only.
class MapToolbar final : public QWidget {
    Q_OBJECT
public:
    /// REQUIRES: `state` outlives the bar.
    MapToolbar(const ViewContext& context, MapViewState& state, QWidget* parent = nullptr);

    FindBox& find() { return *find_; }
    FindBox& hide() { return *hide_; }
    /// Shown on the button: the grouping asked for, and the one in force where that was chosen.
    void showGrouping(MapGrouping asked, MapGrouping inForce);

signals:
    void left();  ///< back to the map with the keyboard

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void bind(MapViewState& state);
    QueryVocabulary vocabulary() const;

    ViewContext context_;
    FindBox* find_;
    FindBox* hide_;
    QToolButton* group_;
};

QString wordOf(MapGrouping grouping);

}  // namespace levee
