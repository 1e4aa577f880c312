// SPDX-License-Identifier: Apache-2.0
// `spec.matrix` of a scenario file: one document for a table of scenarios. `${axis}` in a value
// stands for the axis' value, and the document is read once for each combination.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/lang/findings.h"
#include "rules/lang/yaml_node.h"

namespace levee::simulator {

inline constexpr std::size_t kMostAxes = 8;
inline constexpr std::size_t kMostAxisValues = 64;
inline constexpr std::size_t kMostMatrixPoints = 2'000;

/// One combination: the axes in the order of the file, each with a value.
struct MatrixPoint {
    std::vector<std::pair<std::string, std::string>> values;

    /// "[servers=4,load=5x]"; "" without a matrix.
    std::string suffix() const;
};

/// All combinations, the last axis moving fastest; one empty point when `matrix` is nullptr.
/// Nothing when it has errors, which are reported.
std::vector<MatrixPoint> readMatrix(const YamlNode* matrix, Findings& findings);

/// Puts the point's values into all values (not keys) below `node`; the names that were asked for
/// go into `used`. An unknown name is reported. What is put in is not read again, and a quoted
/// value with a replacement counts as unquoted, because in `{...}` a `${name}` must stand in
/// quotes.
void substitute(YamlNode& node, const MatrixPoint& point, std::set<std::string>& used,
                Findings& findings);

}  // namespace levee::simulator
