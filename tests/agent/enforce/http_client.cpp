// SPDX-License-Identifier: Apache-2.0
#include "tests/agent/enforce/http_client.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <cstdlib>

namespace levee::test {

std::string HttpAnswer::header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos)
        return {};
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

bool HttpClient::open() {
    fd_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    const timeval timeout{10, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    if (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        ++connections_;
        return true;
    }
    fd_.reset();
    return false;
}

bool HttpClient::send(const std::string& path, const std::string& headers) {
    if (!fd_.isOpen() && !open())
        return false;
    const std::string text = fmt::format("GET {} HTTP/1.1\r\nhost: test\r\n{}\r\n", path, headers);
    return ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL) > 0;
}

void HttpClient::abandon(const std::string& path) {
    send(path, {});
    fd_.reset();
}

HttpAnswer HttpClient::get(const std::string& path, const std::string& headers) {
    HttpAnswer answer;
    if (!send(path, headers)) {
        fd_.reset();
        return answer;
    }
    std::string all;
    std::size_t length = std::string::npos;
    char chunk[4096];
    while (length == std::string::npos || all.size() < length) {
        const ssize_t n = ::recv(fd_.get(), chunk, sizeof chunk, 0);
        if (n <= 0) {
            fd_.reset();
            return {};
        }
        all.append(chunk, static_cast<std::size_t>(n));
        const std::size_t end = all.find("\r\n\r\n");
        if (end == std::string::npos || length != std::string::npos)
            continue;
        answer.head = all.substr(0, end + 2);
        length =
            end + 4 + static_cast<std::size_t>(std::atoi(answer.header("content-length").c_str()));
    }
    answer.status = std::atoi(answer.head.substr(9, 3).c_str());
    answer.body = all.substr(answer.head.size() + 2);
    if (answer.header("connection") == "close")
        fd_.reset();
    return answer;
}

}  // namespace levee::test
