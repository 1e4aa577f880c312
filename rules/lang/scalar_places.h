// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "rules/lang/yaml_node.h"

namespace levee {

/// Where each byte of a scalar's value stands in the text that it was read from: a value is its
/// source without quotes, escapes, folded line ends and indentation. For findings inside a value,
/// such as an expression. Holds views; the text and the node must outlive it.
class ScalarPlaces {
public:
    /// `source`: the text that `node` was read from.
    ScalarPlaces(std::string_view source, const YamlNode& node);

    /// The place of the byte at `offset` of the value; its end for offsets beyond it. The node's
    /// own place where the source is written in a way that cannot be followed.
    YamlSpan at(std::size_t offset, int length) const;
    /// As above, for a line and a column of the value, both from 1.
    YamlSpan at(int line, int column, int length) const;

private:
    std::string_view source_;
    const YamlNode& node_;
    std::vector<std::size_t> offsets_;  ///< one more than the value has bytes; empty: unknown
};

}  // namespace levee
