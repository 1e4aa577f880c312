// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/process_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

namespace levee {

ProcessUsage processUsage() {
    ProcessUsage usage;
    rusage times{};
    if (::getrusage(RUSAGE_SELF, &times) == 0) {
        usage.cpu = std::chrono::seconds(times.ru_utime.tv_sec + times.ru_stime.tv_sec) +
                    std::chrono::microseconds(times.ru_utime.tv_usec + times.ru_stime.tv_usec);
    }
    if (std::FILE* file = std::fopen("/proc/self/statm", "re")) {
        long size = 0;
        long resident = 0;
        if (std::fscanf(file, "%ld %ld", &size, &resident) == 2)
            usage.rssBytes =
                static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
        std::fclose(file);
    }
    return usage;
}

}  // namespace levee
