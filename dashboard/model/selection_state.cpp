// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/selection_state.h"

namespace levee {
namespace {
constexpr std::size_t kMaxHistory = 64;
constexpr std::string_view kArrow = "->";
}  // namespace

Selection Selection::ofSubject(const std::string& subject) {
    if (subject.empty())
        return {};
    const auto arrow = subject.find(kArrow);
    if (arrow == std::string::npos)
        return ofNode(subject);
    return ofEdge(subject.substr(0, arrow), subject.substr(arrow + kArrow.size()));
}

std::string Selection::subject() const {
    switch (kind) {
        case Kind::Node:
            return node;
        case Kind::Edge:
            return client + std::string(kArrow) + server;
        case Kind::None:
            break;
    }
    return {};
}

void SelectionState::select(Selection selection) {
    if (selection == current_)
        return;
    before_.push_back(std::move(current_));
    if (before_.size() > kMaxHistory)
        before_.erase(before_.begin());
    current_ = std::move(selection);
    emit changed(current_);
}

bool SelectionState::back() {
    if (before_.empty())
        return false;
    current_ = std::move(before_.back());
    before_.pop_back();
    emit changed(current_);
    return true;
}

}  // namespace levee
