// SPDX-License-Identifier: Apache-2.0
#include "tests/agent/enforce/backend_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>

namespace levee::test {
namespace {

UniqueFd listenLoopback(int& port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd.get(), generic, size) != 0 || ::listen(fd.get(), 512) != 0 ||
        ::getsockname(fd.get(), generic, &size) != 0)
        std::abort();
    port = ntohs(address.sin_port);
    return fd;
}

std::string response(int status, const std::string& body) {
    return fmt::format("HTTP/1.1 {} x\r\ncontent-length: {}\r\n\r\n{}", status, body.size(), body);
}

}  // namespace

int freePort() {
    int port = 0;
    listenLoopback(port);
    return port;
}

std::string loopback(int port) {
    return fmt::format("127.0.0.1:{}", port);
}

BackendServer::BackendServer() : listener_(listenLoopback(port_)) {
    accepting_ = std::thread([this] { acceptAll(); });
}

BackendServer::~BackendServer() {
    stopping_ = true;
    ::shutdown(listener_.get(), SHUT_RDWR);
    accepting_.join();
    {
        const std::lock_guard lock(mutex_);
        for (const int fd : open_)
            ::shutdown(fd, SHUT_RDWR);
    }
    release();
    for (std::thread& thread : threads_)
        thread.join();
}

void BackendServer::release() {
    const std::lock_guard lock(mutex_);
    ++releases_;
    released_.notify_all();
}

void BackendServer::acceptAll() {
    while (!stopping_) {
        const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        const std::lock_guard lock(mutex_);
        open_.push_back(fd);
        threads_.emplace_back([this, fd] { serve(fd); });
    }
}

void BackendServer::serve(int fd) {
    std::string buffer;
    char chunk[4096];
    for (;;) {
        const std::size_t end = buffer.find("\r\n\r\n");
        if (end == std::string::npos) {
            const ssize_t n = ::recv(fd, chunk, sizeof chunk, 0);
            if (n <= 0)
                break;
            buffer.append(chunk, static_cast<std::size_t>(n));
            continue;
        }
        const int now = ++inFlight_;
        int most = most_;
        while (now > most && !most_.compare_exchange_weak(most, now)) {
        }
        ++requests_;
        const std::string text = answer(buffer.substr(0, end + 2));
        --inFlight_;
        buffer.erase(0, end + 4);
        if (text.empty() || ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) < 0)
            break;
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_, fd);
    ::close(fd);
}

std::string BackendServer::answer(const std::string& request) {
    const std::string path = request.substr(4, request.find(' ', 4) - 4);
    if (path.starts_with("/sleep/")) {
        std::this_thread::sleep_for(std::chrono::milliseconds(std::atoi(path.c_str() + 7)));
    } else if (path.starts_with("/status/")) {
        return response(std::atoi(path.c_str() + 8), "status\n");
    } else if (path == "/hold") {
        std::unique_lock lock(mutex_);
        const int before = releases_;
        released_.wait(lock, [&] { return releases_ != before || stopping_; });
    } else if (path == "/drop") {
        return {};
    } else if (path == "/count") {
        return response(200, std::to_string(++counted_) + "\n");
    } else if (path.starts_with("/echo/")) {
        const std::string name = "\r\n" + path.substr(6) + ": ";
        const std::size_t at = request.find(name);
        if (at == std::string::npos)
            return response(200, "none\n");
        const std::size_t from = at + name.size();
        return response(200, request.substr(from, request.find("\r\n", from) - from) + "\n");
    } else if (path == "/trace") {
        const std::size_t at = request.find("traceparent: ");
        return response(200, at == std::string::npos
                                 ? ""
                                 : request.substr(at + 13, request.find('\r', at) - at - 13));
    }
    return response(200, "ok\n");
}

}  // namespace levee::test
