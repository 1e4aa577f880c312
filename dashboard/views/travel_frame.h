// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/view_context.h"

namespace levee {

class Banner;

/// While the window shows the past: a line that says of when, and the way back. GUI thread only.
class TravelBanner final : public QWidget {
    Q_OBJECT
public:
    explicit TravelBanner(const ViewContext& context, QWidget* parent = nullptr);

private:
    void refresh();

    ViewContext context_;
    Banner* banner_;
};

/// While the window shows the past: a frame around all of it. Lets everything through. GUI thread
/// only.
class TravelFrame final : public QWidget {
    Q_OBJECT
public:
    /// REQUIRES: `window` is the parent that is framed.
    TravelFrame(const ViewContext& context, QWidget& window);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();

    ViewContext context_;
};

}  // namespace levee
