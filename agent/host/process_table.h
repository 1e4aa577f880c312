// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "agent/host/kept_file.h"
#include "agent/host/service_names.h"

namespace levee::host {

/// What processes are, read once from /proc/PID and kept until forgotten: each costs an open file.
/// Confined to one thread.
class ProcessTable {
public:
    static constexpr std::size_t kMostProcesses = 256;

    explicit ProcessTable(std::string proc = "/proc") : proc_(std::move(proc)) {}

    /// Null when there is no such process, and when kMostProcesses others are known. The answer is
    /// valid until the next call of check().
    const ProcessTraits* find(int pid);
    /// Forgets who is gone, who became another program (a fork that has since called exec), and who
    /// was not asked for since the call before.
    void check();

private:
    struct Entry {
        KeptFile stat;
        ProcessTraits traits;
        bool isAskedFor = true;
    };
    bool read(int pid, Entry& entry);

    const std::string proc_;
    std::map<int, Entry> entries_;
    std::string buffer_;
};

}  // namespace levee::host
