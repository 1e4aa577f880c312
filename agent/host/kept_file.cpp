// SPDX-License-Identifier: Apache-2.0
#include "agent/host/kept_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace levee::host {

KeptFile::KeptFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

std::optional<std::string_view> KeptFile::read(std::string& buffer) const {
    if (!fd_.isOpen())
        return std::nullopt;
    if (buffer.size() < 4096)
        buffer.resize(4096);
    std::size_t length = 0;
    for (;;) {
        const ssize_t got = ::pread(fd_.get(), buffer.data() + length, buffer.size() - length,
                                    static_cast<off_t>(length));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::nullopt;
        length += static_cast<std::size_t>(got);
        if (got == 0 || length == kMostBytes)
            return std::string_view(buffer.data(), length);
        if (length == buffer.size())
            buffer.resize(std::min(2 * buffer.size(), kMostBytes));
    }
}

}  // namespace levee::host
