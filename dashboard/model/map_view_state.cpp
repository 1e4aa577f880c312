// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/map_view_state.h"

#include <algorithm>

namespace levee {

void MapViewState::setShowAll(bool on) {
    if (wish_.showAll == on)
        return;
    wish_.showAll = on;
    wish_.errorsOnly = wish_.errorsOnly && !on;
    emit changed();
}

void MapViewState::setErrorsOnly(bool on) {
    if (wish_.errorsOnly == on)
        return;
    wish_.errorsOnly = on;
    wish_.showAll = wish_.showAll && !on;
    emit changed();
}

void MapViewState::setGrouping(MapGrouping grouping) {
    if (wish_.grouping == grouping)
        return;
    wish_.grouping = grouping;
    wish_.open.clear();
    emit changed();
}

void MapViewState::openGroup(const std::string& name) {
    if (wish_.open.insert(name).second)
        emit changed();
}

void MapViewState::focusOn(const std::string& service) {
    if (wish_.focus == service)
        return;
    wish_.focus = service;
    wish_.hops = 1;
    emit changed();
}

void MapViewState::changeHops(int by) {
    const int hops = std::clamp(wish_.hops + by, 1, kMostHops);
    if (hops == wish_.hops)
        return;
    wish_.hops = hops;
    emit changed();
}

void MapViewState::setKept(const std::string& service) {
    if (wish_.keep == service)
        return;
    wish_.keep = service;
    emit changed();
}

void MapViewState::setFind(const MapQuery& query) {
    find_ = query;
    emit findChanged();
}

void MapViewState::setHide(const MapQuery& query) {
    if (query.isEmpty() && wish_.hide.isEmpty())
        return;
    wish_.hide = query;
    emit changed();
}

bool MapViewState::back() {
    if (!wish_.focus.empty())
        wish_.focus.clear();
    else if (!wish_.open.empty())
        wish_.open.clear();
    else if (wish_.errorsOnly)
        wish_.errorsOnly = false;
    else if (wish_.showAll)
        wish_.showAll = false;
    else
        return false;
    emit changed();
    return true;
}

}  // namespace levee
