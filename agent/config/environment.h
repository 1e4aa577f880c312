// SPDX-License-Identifier: Apache-2.0
// `${NAME}` in the values of a configuration.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "rules/lang/findings.h"
#include "rules/lang/yaml_node.h"

namespace levee {

/// The value of an environment variable, nothing when it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// Replaces in all values (not in keys) below `node`: `${NAME}` by the variable, an error when it
/// is not set; `${NAME:-text}` by the variable, or `text` when it is not set or empty; `$$` by a
/// dollar sign. Any other dollar sign stays. What is put in is never read as YAML and never
/// replaced again, so the environment cannot change the shape of a configuration. A quoted value
/// with a replacement counts as unquoted, because in `{...}` a `${NAME}` must stand in quotes.
/// Relabelling rules (keys that end with relabel_configs) stay as they are: a `${1}` there is a
/// part of what a rule has matched, as in Prometheus.
void substituteEnvironment(YamlNode& node, const EnvironmentLookup& environment,
                           Findings& findings);

}  // namespace levee
