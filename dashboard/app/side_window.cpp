// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/side_window.h"

#include "dashboard/model/topology_store.h"

namespace levee {

SideWindow::SideWindow(const ViewContext& shared, const ViewLink& link, QObject* parent)
    : QObject(parent), views_(actions_, shared.store, selection_) {
    window_ = std::make_unique<MainWindow>(
        ViewContext{shared.themes, shared.pool, shared.store, selection_, shared.connection,
                    shared.decisions, shared.document, actions_, views_, shared.notes,
                    shared.timeline, timelineState_, shared.incidents, shared.overrides,
                    shared.alerts, shared.savedViews, shared.mode},
        settings_, QString(), MainWindow::Role::Side);
    window_->apply(link);
    connect(&views_, &ViewActions::pageChanged, this, [this](Page page) {
        if (page != Page::Rules)
            return;
        views_.showPage(Page::Topology);
        emit rulesAsked();
    });
    connect(window_.get(), &MainWindow::closed, this, &SideWindow::closed);
}

}  // namespace levee
