// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/startup_memory.h"

#include <malloc.h>
#include <sys/mman.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace levee {

void releaseStartupMemory() {
    ::malloc_trim(0);
    std::FILE* maps = std::fopen("/proc/self/maps", "re");
    if (maps == nullptr)
        return;
    char line[4096];
    while (std::fgets(line, sizeof line, maps) != nullptr) {
        std::uintptr_t from = 0;
        std::uintptr_t to = 0;
        char rights[5] = {};
        // Code alone: it is never written to, so that the file has all of it. Read-only data holds
        // addresses that the linker has filled in.
        if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &from, &to, rights) == 3 &&
            std::strcmp(rights, "r-xp") == 0 && std::strchr(line, '/') != nullptr)
            ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
    }
    std::fclose(maps);
}

}  // namespace levee
