// SPDX-License-Identifier: Apache-2.0
// Two texts, line by line: what `diff -u` prints and `patch` applies.
#pragma once

#include <string>
#include <string_view>

namespace levee {

/// A unified diff with three lines of context; "" when the texts are the same. A name of
/// "/dev/null" is for a text that is not there. The differences are the fewest possible up to 1,000
/// of them; beyond that all lines between the first and the last difference are replaced. Linear in
/// the texts' sizes otherwise. Pure.
std::string unifiedDiff(std::string_view before, std::string_view after,
                        const std::string& beforeName, const std::string& afterName);

}  // namespace levee
