// SPDX-License-Identifier: GPL-3.0-or-later
// What rules in shadow would have done, in words.
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "dashboard/model/shadow_results.h"

namespace levee {

/// "pay-shed (payment): would have refused 1.2k requests so far; its breaker would not let all
/// through now".
QString shadowText(const ShadowResult& result);
/// A line for each, or "".
QString shadowText(const std::vector<ShadowResult>& results);
/// What stands beside the button that enforces these rules; "" for none.
QString leavingShadowText(const std::vector<std::string>& names,
                          const std::vector<ShadowResult>& results);

}  // namespace levee
