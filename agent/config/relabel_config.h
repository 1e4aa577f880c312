// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace levee {

/// One rule of relabel_configs, metric_relabel_configs or write_relabel_configs, with Prometheus'
/// defaults. A value.
struct RelabelRule {
    enum class Action {
        Replace,
        Keep,
        Drop,
        KeepEqual,
        DropEqual,
        HashMod,
        LabelMap,
        LabelDrop,
        LabelKeep,
        Lowercase,
        Uppercase,
    };
    Action action = Action::Replace;
    std::vector<std::string> sourceLabels;
    std::string separator = ";";
    std::string regex = "(.*)";  ///< RE2's syntax; must match the whole value
    std::uint64_t modulus = 0;
    std::string targetLabel;
    std::string replacement = "$1";

    bool operator==(const RelabelRule&) const = default;
};

/// "replace", "labelmap": as the file has it.
std::string_view name(RelabelRule::Action action);

}  // namespace levee
