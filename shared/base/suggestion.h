// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace levee {

/// The candidate nearest to `word` by edit distance with swaps (optimal string alignment), or ""
/// when none is near enough to be a likely typing error (at most a third of the longer word, at
/// least 1).
std::string nearestWord(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace levee
