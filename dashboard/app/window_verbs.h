// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/actions/verbs.h"
#include "dashboard/views/view_context.h"

namespace levee {

/// The commands that can be typed after a colon. REQUIRES: what `context` names outlives `verbs`.
void addWindowVerbs(Verbs& verbs, const ViewContext& context);

}  // namespace levee
