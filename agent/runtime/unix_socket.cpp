// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/unix_socket.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace levee {
namespace {

Error failed(const char* what, const std::string& path) {
    const bool nobody = errno == ENOENT || errno == ECONNREFUSED || errno == EAGAIN;
    return {fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)),
            nobody ? ErrorKind::Unavailable : ErrorKind::Failed};
}

Result<sockaddr_un> addressOf(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return Error{fmt::format("socket path '{}' has {} bytes; 1 to {} fit", path, path.size(),
                                 sizeof address.sun_path - 1),
                     ErrorKind::Invalid};
    std::copy(path.begin(), path.end(), address.sun_path);
    return address;
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

/// True when `fd` is ready before the deadline; hang-ups and errors count as ready.
bool waitFor(int fd, short events, const Deadline& deadline) {
    pollfd entry{fd, events, 0};
    for (;;) {
        const int ready = ::poll(&entry, 1, deadline.pollMillis());
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

Error late(const char* what) {
    return {fmt::format("the deadline passed while {}", what), ErrorKind::Unavailable};
}

}  // namespace

Result<UniqueFd> connectUnix(const std::string& path, const Deadline& deadline) {
    const auto address = addressOf(path);
    if (!address)
        return address.error();
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd.isOpen())
        return failed("open a socket for", path);
    // A full backlog cannot be polled for: the send timeout bounds a blocking connect.
    const auto micros = std::max<std::int64_t>(
        1, std::chrono::ceil<std::chrono::microseconds>(deadline.remaining()).count());
    const timeval timeout{micros / 1'000'000, micros % 1'000'000};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (::connect(fd.get(), generic(*address), sizeof *address) != 0)
        return failed("connect to", path);
    return fd;
}

Result<UniqueFd> listenUnix(const std::string& path, int backlog) {
    const std::string temporary = path + ".new";
    const auto address = addressOf(temporary);
    if (!address)
        return address.error();
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd.isOpen())
        return failed("open a socket for", path);
    ::unlink(temporary.c_str());
    if (::bind(fd.get(), generic(*address), sizeof *address) != 0)
        return failed("bind", temporary);
    if (::chmod(temporary.c_str(), 0600) != 0 || ::listen(fd.get(), backlog) != 0)
        return failed("listen at", temporary);
    if (std::rename(temporary.c_str(), path.c_str()) != 0)
        return failed("replace", path);
    return fd;
}

UniqueFd acceptUnix(const UniqueFd& listener) {
    return UniqueFd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

Status sendAll(const UniqueFd& fd, std::string_view bytes, const Deadline& deadline) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN) {
            if (!waitFor(fd.get(), POLLOUT, deadline))
                return late("sending");
        } else if (errno != EINTR) {
            return Error{fmt::format("cannot send: {}", std::strerror(errno)),
                         ErrorKind::Unavailable};
        }
    }
    return Status::ok();
}

Result<std::string> receiveAll(const UniqueFd& fd, std::size_t maxBytes, const Deadline& deadline) {
    std::string all;
    char buffer[16384];
    for (;;) {
        if (!waitFor(fd.get(), POLLIN, deadline))
            return late("receiving");
        const ssize_t n = ::recv(fd.get(), buffer, sizeof buffer, MSG_DONTWAIT);
        if (n == 0)
            return all;
        if (n < 0) {
            if (errno == EAGAIN || errno == EINTR)
                continue;
            return Error{fmt::format("cannot receive: {}", std::strerror(errno)),
                         ErrorKind::Unavailable};
        }
        if (all.size() + static_cast<std::size_t>(n) > maxBytes)
            return Error{fmt::format("the reply is longer than {} bytes", maxBytes),
                         ErrorKind::Exhausted};
        all.append(buffer, static_cast<std::size_t>(n));
    }
}

}  // namespace levee
