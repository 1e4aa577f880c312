// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "rules/lang/findings.h"
#include "rules/lang/yaml_node.h"
#include "rules/promql/expression.h"

namespace levee {

/// The PromQL expression in a YAML value. Every mistake is reported at its own place in `source`,
/// the text that the node was read from. Null after a mistake. Pure.
std::shared_ptr<const promql::Expression> readExpression(const YamlNode& node,
                                                         const std::string& path,
                                                         std::string_view source,
                                                         Findings& findings);

}  // namespace levee
