// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "agent/runtime/unique_fd.h"
#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee {

struct ChildResult {
    int exitCode = 0;    ///< 128 + signal when a signal ended it
    std::string output;  ///< standard output and error together, the first 64 KiB
};

/// Runs `arguments[0]` (a path, no shell) to its end. The child gets a session of its own, default
/// signals, an empty standard input and no other descriptor of ours, so it and what it leaves
/// behind outlive this process. A child that daemonises ends for us when its first process exits.
/// Past the timeout the child is killed and the error is Unavailable; NotFound when there is no
/// such program.
Result<ChildResult> runChild(const std::vector<std::string>& arguments, Duration timeout);

/// A descriptor that becomes readable when process `pid` (child or not) has ended; closed when
/// there is no such process.
UniqueFd watchProcess(int pid);

}  // namespace levee
