// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace levee {

/// A key of a document that is no rule: a test of automations, or a pack. Those of rules are in the
/// table of rules/lang.
struct OtherField {
    std::string_view kind;    ///< "AutomationTest", "Pack"
    std::string_view parent;  ///< "spec.expect"; entries of lists have no key of their own
    std::string_view name;
    bool isSection = false;
    std::string_view doc;
};

std::span<const OtherField> otherFields();

}  // namespace levee
