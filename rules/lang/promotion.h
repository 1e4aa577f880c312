// SPDX-License-Identifier: Apache-2.0
// From what is in force back to rule files: overrides that shall last, and revisions that were
// applied past the files. Pure.
#pragma once

#include <map>
#include <string>

#include "shared/base/result.h"
#include "shared/model/override.h"

namespace levee {

/// Texts of rule files by their names.
using RuleTexts = std::map<std::string, std::string>;

/// The files with a rule that says what `held` holds: the rule that it overrides changed where it
/// stands, or a rule of its own in a new file, "payment.yaml". Comments stay, unless the rule sets
/// the same section already: then its document is written anew. Errors: what no rule can say (an
/// open breaker), a file whose rules are wrong.
Result<RuleTexts> promoteOverride(const RuleTexts& files, const Override& held);

/// The files made to mean what `inForce` means: changed rules take the place of theirs, new ones
/// come in files of their own, and those that are no more are taken out. Errors: as above.
Result<RuleTexts> promoteRevision(const RuleTexts& files, const std::string& inForce);

}  // namespace levee
