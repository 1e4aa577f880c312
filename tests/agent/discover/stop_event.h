// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <map>
#include <string>
#include <vector>

#include "agent/discover/target_source.h"

namespace levee::test {

/// What a source is stopped by.
class StopEvent {
public:
    StopEvent() = default;
    ~StopEvent() { ::close(fd_); }
    StopEvent(const StopEvent&) = delete;
    StopEvent& operator=(const StopEvent&) = delete;

    int fd() const { return fd_; }
    void raise() const {
        const std::uint64_t one = 1;
        (void)!::write(fd_, &one, sizeof one);
    }

private:
    const int fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
};

/// "h:1 h:2 {a=x,b=y}", a line a group.
inline std::string textOf(const discover::TargetGroups& groups) {
    std::string text;
    for (const StaticTargets& group : groups) {
        for (const std::string& target : group.targets)
            text += target + ' ';
        text += '{';
        bool isFirst = true;
        for (const auto& [name, value] : group.labels) {
            text += (isFirst ? "" : ",") + name + '=' + value;
            isFirst = false;
        }
        text += "}\n";
    }
    return text;
}

}  // namespace levee::test
