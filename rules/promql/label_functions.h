// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "rules/promql/value.h"

namespace re2 {
class RE2;
}

namespace levee::promql {

/// Where the whole of `source`'s value matches, `target` becomes `replacement` with $1, ${1} and
/// ${name} filled in from the match, as Go's regexp expands them; "" removes the label.
Vector labelReplace(Vector vector, const std::string& target, const std::string& replacement,
                    const std::string& source, const re2::RE2& regex);

/// `target` becomes the values of the sources with `separator` between them.
Vector labelJoin(Vector vector, const std::string& target, const std::string& separator,
                 std::span<const std::string> sources);

}  // namespace levee::promql
