// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/boot_time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace levee {

BootTime bootTime() {
    BootTime boot;
    if (std::FILE* file = std::fopen("/proc/sys/kernel/random/boot_id", "re")) {
        std::array<char, 64> text{};
        const std::size_t size = std::fread(text.data(), 1, text.size(), file);
        std::fclose(file);
        boot.bootId.assign(text.data(), size);
        while (!boot.bootId.empty() && boot.bootId.back() == '\n')
            boot.bootId.pop_back();
    }
    timespec now{};
    if (::clock_gettime(CLOCK_BOOTTIME, &now) == 0)
        boot.millis = std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
    else
        boot.bootId.clear();
    return boot;
}

}  // namespace levee
