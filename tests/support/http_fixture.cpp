// SPDX-License-Identifier: Apache-2.0
#include "tests/support/http_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>

namespace levee::test {
namespace {

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::abort();
}

/// A socket bound to a free loopback port, which is stored in `port`.
int boundSocket(int& port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        die("http_fixture");
    port = ntohs(address.sin_port);
    return fd;
}

std::string deflated(std::string_view text, int flush, int windowBits) {
    z_stream stream{};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, flush);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace

std::string HttpFixture::Exchange::path() const {
    const std::size_t start = head_.find(' ') + 1;
    return head_.substr(start, head_.find(' ', start) - start);
}

bool HttpFixture::Exchange::send(std::string_view bytes) {
    while (!bytes.empty()) {
        pollfd waits[2] = {{socket_, POLLOUT, 0}, {stopPipe_, POLLIN, 0}};
        if (poll(waits, 2, -1) < 0 || (waits[1].revents & (POLLIN | POLLHUP)) != 0)
            return false;
        const ssize_t sent =
            ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) {
            keepAlive_ = false;
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool HttpFixture::Exchange::waitForEnd(std::chrono::milliseconds longest) {
    pollfd waits[2] = {{socket_, POLLIN | POLLRDHUP, 0}, {stopPipe_, POLLIN, 0}};
    return poll(waits, 2, static_cast<int>(longest.count())) != 0;
}

HttpFixture::HttpFixture(Handler handler) : handler_(std::move(handler)) {
    listener_ = boundSocket(port_);
    if (listen(listener_, 128) != 0 || pipe(stopPipe_) != 0)
        die("http_fixture");
    acceptor_ = std::thread([this] { accept(); });
}

HttpFixture::~HttpFixture() {
    ::close(stopPipe_[1]);  // every poll on the other end wakes
    acceptor_.join();
    for (std::thread& worker : workers_)
        worker.join();
    ::close(stopPipe_[0]);
    ::close(listener_);
}

std::string HttpFixture::address() const {
    return "127.0.0.1:" + std::to_string(port_);
}

void HttpFixture::accept() {
    for (;;) {
        pollfd waits[2] = {{listener_, POLLIN, 0}, {stopPipe_[0], POLLIN, 0}};
        if (poll(waits, 2, -1) < 0 || waits[1].revents != 0)
            return;
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0)
            continue;
        ++connections_;
        workers_.emplace_back([this, socket] { serve(socket); });
    }
}

void HttpFixture::serve(int socket) {
    std::string pending;
    bool open = true;
    while (open) {
        std::size_t end = pending.find("\r\n\r\n");
        while (end == std::string::npos) {
            pollfd waits[2] = {{socket, POLLIN, 0}, {stopPipe_[0], POLLIN, 0}};
            char chunk[4096];
            if (poll(waits, 2, -1) < 0 || waits[1].revents != 0)
                break;
            const ssize_t got = recv(socket, chunk, sizeof chunk, 0);
            if (got <= 0)
                break;
            pending.append(chunk, static_cast<std::size_t>(got));
            end = pending.find("\r\n\r\n");
        }
        if (end == std::string::npos)
            break;
        Exchange exchange;
        exchange.socket_ = socket;
        exchange.stopPipe_ = stopPipe_[0];
        exchange.head_ = pending.substr(0, end + 4);
        pending.erase(0, end + 4);
        ++requests_;
        handler_(exchange);
        open = exchange.keepAlive_;
    }
    ::close(socket);
}

std::string HttpFixture::answer(std::string_view body, std::string_view contentType,
                                std::string_view extra, std::string_view status) {
    std::string text = "HTTP/1.1 " + std::string(status) + "\r\n";
    if (!contentType.empty())
        text += "Content-Type: " + std::string(contentType) + "\r\n";
    return text + std::string(extra) + "Content-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string(body);
}

std::string HttpFixture::refusedAddress() {
    int port = 0;
    ::close(boundSocket(port));
    return "127.0.0.1:" + std::to_string(port);
}

std::string gzip(std::string_view text) {
    return deflated(text, Z_FINISH, 16 + MAX_WBITS);
}

std::string gzipBomb(int mebibytes) {
    const std::string mebibyte(1024 * 1024, 'a');
    // A flushed block ends on a byte and refers to nothing before it: it can be repeated.
    const std::string block = deflated(mebibyte, Z_FULL_FLUSH, -MAX_WBITS);
    std::string bomb("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
    for (int i = 0; i < mebibytes; ++i)
        bomb += block;
    return bomb + std::string("\x03\0\0\0\0\0\0\0\0\0", 10);
}

}  // namespace levee::test
