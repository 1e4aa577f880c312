// SPDX-License-Identifier: Apache-2.0
// A YAML text as a plain tree: what yaml_reader.h makes, and all that the rest of the project knows
// about YAML. Every value remembers where it stands, so that a finding can point at it. Trees are
// bounded (yaml_reader.h), so walking one by recursion is safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace levee {

/// A stretch of one line. Lines and columns count from 1, columns and lengths in bytes; 0: unknown.
struct YamlSpan {
    int line = 0;
    int column = 0;
    int length = 0;
};

struct YamlEntry;

/// One value. Exactly the members that belong to `kind` are filled.
struct YamlNode {
    enum class Kind { Null, Scalar, List, Mapping };

    Kind kind = Kind::Null;
    YamlSpan span;
    std::string text;                ///< Scalar: the value, unescaped and unfolded
    bool quoted = false;             ///< Scalar: written in quotes or as a block, so never a number
    std::vector<YamlNode> items;     ///< List
    std::vector<YamlEntry> entries;  ///< Mapping, in the order of the text; keys are unique

    /// The value at `key`, or nullptr where there is none or this is not a mapping.
    const YamlNode* find(std::string_view key) const;
};

/// A key and its value.
struct YamlEntry {
    std::string key;
    YamlSpan keySpan;
    YamlNode value;
};

}  // namespace levee
