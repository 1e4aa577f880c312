// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace levee {

/// Keeps what the agent may read of other processes (CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH) to the
/// agent: programs that it starts from now on do not inherit it. Call it before other threads
/// begin. Does nothing without these capabilities.
void keepOwnCapabilities();

}  // namespace levee
