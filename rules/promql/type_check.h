// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rules/promql/expression.h"

namespace levee::promql {

/// Gives every node its type and reports every operand that does not fit, and vector matching that
/// means nothing. A node below a mistake is taken for what its place asks for, so that one mistake
/// is reported once.
void checkTypes(Expression& expression, Diagnostics& diagnostics);

}  // namespace levee::promql
