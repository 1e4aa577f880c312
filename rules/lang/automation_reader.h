// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "rules/lang/automation.h"
#include "rules/lang/findings.h"

namespace levee {

/// A document of the kind Automation, every mistake at once; nothing when it has one. `source`: the
/// text that the document was read from.
std::optional<Automation> readAutomation(const YamlNode& document, std::string_view source,
                                         Findings& findings);

/// http:// or https:// with a host, without white space: what a notice can be sent to.
bool isWebhook(std::string_view url);

}  // namespace levee
