// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
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

/// A program that runs beside us until it gets its input. It gets a session of its own, default
/// signals, pipes as its standard input and output, and no other descriptor of ours, so it and what
/// it leaves behind outlive this process. Killed when it is destroyed before its end. Confined to
/// one thread; a process that writes to one ignores SIGPIPE.
class ChildProcess {
public:
    /// Runs `arguments[0]`: a path, no shell. NotFound when there is no such program.
    static Result<ChildProcess> start(const std::vector<std::string>& arguments);

    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess();

    bool isRunning() const;
    int pid() const { return pid_; }

    /// Gives it `input` and the end of it, once; what its pipe does not hold is given in wait. It
    /// need not read all of it.
    void give(std::string input);
    /// Until it has ended, at most so long; one that daemonises has when its first process exits.
    /// Nothing: it runs on. Not again after it has ended.
    std::optional<ChildResult> wait(Duration time);

private:
    ChildProcess(int pid, UniqueFd input, UniqueFd output);
    void feed();
    void drain();
    void kill();
    int reap();

    int pid_ = 0;  ///< 0: reaped
    UniqueFd input_;
    UniqueFd output_;
    UniqueFd ended_;
    std::string toGive_;
    std::string said_;
};

/// A descriptor that becomes readable when process `pid` (child or not) has ended; closed when
/// there is no such process.
UniqueFd watchProcess(int pid);

}  // namespace levee
