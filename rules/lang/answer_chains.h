// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/lang/rule_set.h"
#include "shared/base/diagnostic.h"

namespace levee {

/// Services that wait for others longer than anybody waits for them: where checkout gives payment a
/// second, and payment gives ledger two, payment goes on working for a caller who has gone. A
/// warning at each rule whose time for an answer, its retries included, is above that of a rule for
/// the service that calls. Of spec.deadline.answer of rules in mode enforce. Pure.
Diagnostics answerChains(const RuleSet& rules);

}  // namespace levee
