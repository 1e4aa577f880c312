// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "rules/lang/findings.h"
#include "rules/lang/yaml_node.h"
#include "rules/promql/expression.h"

namespace levee {

/// The PromQL expression in a YAML value; null, with findings, where there is none. Mistakes stand
/// at their place in the file when the value is written in one line, and otherwise at the value,
/// with the place inside of the expression in the message. Pure.
std::shared_ptr<const promql::Expression> readExpression(const YamlNode& node,
                                                         const std::string& path,
                                                         Findings& findings);

}  // namespace levee
