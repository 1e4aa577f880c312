// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace levee::loadgen {

bool Connection::open(const Address& address) {
    fd_ = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0)
        return false;
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto* target = reinterpret_cast<const sockaddr*>(&address.storage);
    if (::connect(fd_, target, address.length) == 0)
        isConnected_ = true;
    else if (errno != EINPROGRESS)
        close();
    return isOpen();
}

void Connection::close() {
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

void Connection::send(std::string_view request, bool isHead) {
    isBusy_ = true;
    response_.reset(isHead);
    unsent_ = request;
    // A failure shows when the socket is read.
    if (isConnected_)
        flush();
}

Connection::Progress Connection::advance() {
    if (!isConnected_) {
        int error = 0;
        socklen_t length = sizeof error;
        ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length);
        if (error != 0)
            return Progress::Closed;
        sockaddr_storage peer;
        length = sizeof peer;
        if (::getpeername(fd_, reinterpret_cast<sockaddr*>(&peer), &length) != 0)
            return Progress::Waiting;
        isConnected_ = true;
    }
    flush();
    return read();
}

/// Sends what the socket takes. False when the connection is broken.
bool Connection::flush() {
    while (!unsent_.empty()) {
        const ssize_t sent = ::send(fd_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        unsent_.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

Connection::Progress Connection::read() {
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return Progress::Waiting;
        isPeerDone_ = got <= 0;
        if (!isBusy_)
            return isPeerDone_ ? Progress::Closed : Progress::Garbled;
        std::string_view bytes(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
        const auto state = got > 0
                               ? response_.feed(bytes)
                               : (got == 0 ? response_.finish() : HttpResponse::State::Malformed);
        if (state == HttpResponse::State::Complete) {
            isBusy_ = false;
            ++served_;
            isPeerDone_ = isPeerDone_ || !bytes.empty();
            return Progress::Answered;
        }
        if (isPeerDone_)
            return Progress::Closed;
        if (state == HttpResponse::State::Malformed)
            return Progress::Garbled;
    }
}

}  // namespace levee::loadgen
