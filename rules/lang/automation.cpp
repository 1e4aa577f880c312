// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/automation.h"

#include <fmt/format.h>

namespace levee {

namespace {

std::string shownUrl(const std::string& url) {
    std::string shown = url.substr(0, url.find_first_of("?#"));
    const std::size_t host = shown.find("//") + 2;
    const std::size_t at = shown.substr(0, shown.find('/', host)).rfind('@');
    return at == std::string::npos || at < host ? shown : shown.erase(host, at + 1 - host);
}

}  // namespace

std::string AutomationAction::subject() const {
    return kind == Kind::Open ? client + "->" + service : service;
}

std::string describe(const AutomationAction& action) {
    switch (action.kind) {
        case AutomationAction::Kind::Limit:
            return "limit " + action.subject();
        case AutomationAction::Kind::Open:
            return "open " + action.subject();
        case AutomationAction::Kind::Shed:
            return fmt::format("shed {} {}", action.subject(), action.className);
        case AutomationAction::Kind::Notify:
            return "notify " + shownUrl(action.webhook);
    }
    return "invalid";
}

bool actsTheSame(const Automation& a, const Automation& b) {
    return a.name == b.name && a.mode == b.mode && a.when == b.when && a.holdsFor == b.holdsFor &&
           a.atMost == b.atMost && a.cooldown == b.cooldown && a.actions == b.actions;
}

bool meansTheSame(const Automation& a, const Automation& b) {
    return actsTheSame(a, b) && a.labels == b.labels && a.annotations == b.annotations;
}

}  // namespace levee
