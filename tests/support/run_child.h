// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agent/runtime/child_process.h"

namespace levee::test {

/// Gives a child `input` and waits for its end; Unavailable, and it is killed, past the timeout.
inline Result<ChildResult> finish(ChildProcess child, std::string input, Duration timeout) {
    child.give(std::move(input));
    if (auto result = child.wait(timeout))
        return *std::move(result);
    return Error{"it did not end in time", ErrorKind::Unavailable};
}

inline Result<ChildResult> runChild(const std::vector<std::string>& arguments, Duration timeout) {
    auto child = ChildProcess::start(arguments);
    return child ? finish(*std::move(child), {}, timeout) : Result<ChildResult>(child.error());
}

}  // namespace levee::test
