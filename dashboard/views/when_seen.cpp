// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/when_seen.h"

#include <QEvent>

#include "dashboard/model/seen_rows.h"

namespace levee {

WhenSeen::WhenSeen(QWidget& view, std::function<void()> refresh)
    : QObject(&view), view_(view), refresh_(std::move(refresh)) {
    view.installEventFilter(this);
}

bool WhenSeen::isSeen() const {
    return view_.isVisible() && !view_.window()->isMinimized();
}

void WhenSeen::request() {
    if (isSeen()) {
        isBehind_ = false;
        refresh_();
        return;
    }
    isBehind_ = true;
    // A view is put into its window after it was made.
    if (window_ != view_.window()) {
        if (window_ && window_ != &view_)
            window_->removeEventFilter(this);
        window_ = view_.window();
        window_->installEventFilter(this);
    }
}

void WhenSeen::catchUp() {
    if (isBehind_ && isSeen()) {
        isBehind_ = false;
        refresh_();
    }
}

bool WhenSeen::eventFilter(QObject*, QEvent* event) {
    if (event->type() == QEvent::Show || event->type() == QEvent::WindowStateChange)
        catchUp();
    return false;
}

void followWhileSeen(SeenRows& rows, QWidget& view, std::function<void()> caughtUp) {
    const QPointer whenSeen = new WhenSeen(view, [&rows, caughtUp = std::move(caughtUp)] {
        rows.catchUp();
        if (caughtUp)
            caughtUp();
    });
    rows.setSeen([whenSeen] {
        if (!whenSeen || whenSeen->isSeen())
            return true;
        whenSeen->request();
        return false;
    });
}

}  // namespace levee
