// SPDX-License-Identifier: Apache-2.0
// The list of target groups that file_sd and http_sd read:
// [{"targets": ["host:port", ...], "labels": {"name": "value"}}, ...]. Pure; any thread.
//
// A list is whole or it is nothing: one wrong value, and the Error names it.
#pragma once

#include <string>
#include <string_view>

#include "agent/discover/target_source.h"

namespace levee::discover {

constexpr std::size_t kMaxListBytes = 4 * 1024 * 1024;

Result<TargetGroups> parseJsonTargets(std::string_view text);
/// YAML as readYaml() takes it: at most 1 MiB.
Result<TargetGroups> parseYamlTargets(std::string_view text, const std::string& fileName);

}  // namespace levee::discover
