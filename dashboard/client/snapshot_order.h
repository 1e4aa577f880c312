// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/model/snapshot.h"

namespace levee {

/// The lists of a snapshot are sorted by contract, and deltas are merged by it. Puts those right
/// that another build, or a file, got wrong; costs one comparison an entry where all is well.
void sortAsPromised(AgentSnapshot& snapshot);

}  // namespace levee
