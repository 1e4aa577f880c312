// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "rules/lang/findings.h"
#include "rules/promql/expression.h"

namespace levee {

/// The condition that stands in a scalar: an expression that gives a vector, and gives an empty one
/// when all is well. Every mistake is reported at its own place in `source`, the text that the node
/// was read from. Null after a mistake.
std::shared_ptr<const promql::Expression> readCondition(const YamlNode& node,
                                                        const std::string& path,
                                                        std::string_view source,
                                                        Findings& findings);

}  // namespace levee
