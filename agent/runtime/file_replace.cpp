// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/file_replace.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "agent/runtime/unique_fd.h"

namespace levee {
namespace {

Error failed(const char* what, const std::string& path) {
    return {fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)),
            errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Failed};
}

bool writeAll(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

}  // namespace

Status replaceFile(const std::string& path, std::string_view content) {
    if (const auto present = readFile(path, content.size()); present && *present == content)
        return Status::ok();
    const std::string temporary = path + ".tmp";
    const UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd.isOpen())
        return failed("create", temporary);
    if (!writeAll(fd.get(), content))
        return failed("write", temporary);
    if (std::rename(temporary.c_str(), path.c_str()) != 0)
        return failed("replace", path);
    return Status::ok();
}

Result<std::string> readFile(const std::string& path, std::size_t maxBytes) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.isOpen())
        return failed("open", path);
    std::string content;
    char buffer[4096];
    for (;;) {
        const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed("read", path);
        if (n == 0)
            return content;
        content.append(buffer, static_cast<std::size_t>(n));
        if (content.size() > maxBytes)
            return Error{fmt::format("{} is longer than {} bytes", path, maxBytes),
                         ErrorKind::Exhausted};
    }
}

}  // namespace levee
