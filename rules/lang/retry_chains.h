// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/lang/rule_set.h"
#include "shared/base/diagnostic.h"

namespace levee {

/// Calls that are tried again on top of each other: where checkout's calls to payment are, and
/// payment's to ledger, one call at checkout becomes their product at ledger, just when ledger can
/// bear it least. A warning at each rule that a chain of two or more such rules ends in, with the
/// worst way there. Only retries of failures count: what never arrived is no load. Pure.
Diagnostics retryChains(const RuleSet& rules);

}  // namespace levee
