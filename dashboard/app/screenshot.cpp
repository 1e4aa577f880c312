// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/screenshot.h"

#include <QCoreApplication>
#include <QPixmap>
#include <cstdio>

namespace levee {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(100);
constexpr Duration kPatience = std::chrono::seconds(15);

void complain(const std::string& text) {
    std::fprintf(stderr, "levee-dashboard: %s\n", text.c_str());
}

}  // namespace

Screenshot::Screenshot(Dashboard& dashboard, const Options& options, const TimeSource& time)
    : dashboard_(dashboard), options_(options), time_(time), startedAt_(time.monotonic()) {
    connect(&timer_, &QTimer::timeout, this, &Screenshot::look);
    timer_.start(kLookEvery);
}

void Screenshot::look() {
    const Duration waited = time_.monotonic() - startedAt_;
    if (waited < options_.after)
        return;
    // A recording that is over has shown its last state.
    if (dashboard_.store().fleet().millis > 0) {
        timer_.stop();
        emit finished(grab());
    } else if (waited > options_.after + kPatience) {
        timer_.stop();
        const std::string& reason = dashboard_.connection().summary().reason;
        complain(reason.empty() ? "no agent answered" : reason);
        emit finished(1);
    }
}

int Screenshot::grab() {
    const Selection& selection = dashboard_.selection().current();
    const TopologyStore& store = dashboard_.store();
    const bool isKnown = selection.kind == Selection::Kind::None || store.node(selection.node) ||
                         store.edge(selection.client, selection.server);
    if (!isKnown)
        complain("nothing is named \"" + selection.subject() + "\": nothing is selected");
    // A focus ring has no place in a picture.
    if (QWidget* focused = dashboard_.window().focusWidget())
        focused->clearFocus();
    // What was asked for in this turn of the loop is laid out before it is painted.
    QCoreApplication::sendPostedEvents();
    if (!dashboard_.window().grab().save(options_.screenshot, "PNG")) {
        complain("cannot write " + options_.screenshot.toStdString());
        return 1;
    }
    return 0;
}

}  // namespace levee
