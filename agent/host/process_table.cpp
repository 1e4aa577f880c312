// SPDX-License-Identifier: Apache-2.0
#include "agent/host/process_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "agent/host/process_text.h"

namespace levee::host {
namespace {

constexpr std::size_t kLongestCommandLine = 4096;

}  // namespace

const ProcessTraits* ProcessTable::find(int pid) {
    auto found = entries_.find(pid);
    if (found == entries_.end()) {
        Entry entry;
        if (entries_.size() >= kMostProcesses || !read(pid, entry))
            return nullptr;
        found = entries_.emplace(pid, std::move(entry)).first;
    }
    found->second.isAskedFor = true;
    return &found->second.traits;
}

bool ProcessTable::read(int pid, Entry& entry) {
    const std::string folder = proc_ + '/' + std::to_string(pid);
    entry.stat = KeptFile(folder + "/stat");
    const auto text = entry.stat.read(buffer_);
    const auto stat = text ? parseProcessStat(*text) : std::nullopt;
    if (!stat)
        return false;
    ProcessTraits& traits = entry.traits;
    traits.parent = stat->parent;
    traits.startTicks = stat->startTicks;
    traits.command = stat->command;
    traits.program = traits.command;
    if (const auto line = KeptFile(folder + "/cmdline").read(buffer_); line && !line->empty()) {
        if (const auto program = programOf(*line); !program.empty())
            traits.program = program;
        traits.arguments = line->substr(0, kLongestCommandLine);
        std::ranges::replace(traits.arguments, '\0', ' ');
    }
    if (const auto groups = KeptFile(folder + "/cgroup").read(buffer_)) {
        // Where systemd uses v1, the services are in its own hierarchy.
        for (const std::string_view controller : {kUnified, std::string_view("name=systemd")}) {
            const auto path = parseCgroupPath(*groups, controller);
            if (path && (traits.cgroup.empty() || traits.cgroup == "/"))
                traits.cgroup = *path;
        }
        traits.unit = unitOf(traits.cgroup);
    }
    return true;
}

void ProcessTable::check() {
    for (auto each = entries_.begin(); each != entries_.end();) {
        Entry& entry = each->second;
        const auto text = entry.isAskedFor ? entry.stat.read(buffer_) : std::nullopt;
        const auto stat = text ? parseProcessStat(*text) : std::nullopt;
        entry.isAskedFor = false;
        each =
            stat && stat->command == entry.traits.command ? std::next(each) : entries_.erase(each);
    }
}

}  // namespace levee::host
