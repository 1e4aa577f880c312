// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace levee::cli {

/// What the shell gets; scripts rely on the numbers.
enum ExitCode : int { kOk = 0, kFailure = 1, kUsage = 2, kLint = 3, kConflict = 4, kPartial = 5 };

}  // namespace levee::cli
