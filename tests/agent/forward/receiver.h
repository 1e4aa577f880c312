// SPDX-License-Identifier: Apache-2.0
// A receiver of remote write on a free loopback port that answers as a test wants, and remembers
// what it took.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/agent/forward/decoded_request.h"

namespace levee::test {

/// Thread-safe. One connection at a time, each request answered in its turn.
class Receiver {
public:
    struct Request {
        std::string head;
        std::string body;
    };
    /// Gives a whole answer; the request is `number`, counted from 1.
    using Answer = std::function<std::string(const Request& request, int number)>;

    explicit Receiver(Answer answer) : answer_(std::move(answer)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
            ::listen(listener_, 16) != 0 || ::pipe(stop_) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            std::abort();
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~Receiver() {
        ::close(stop_[1]);
        thread_.join();
        ::close(stop_[0]);
        ::close(listener_);
    }
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/write"; }
    std::vector<Request> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    static std::string answer(const std::string& status, const std::string& extra = {},
                              const std::string& body = {}) {
        return "HTTP/1.1 " + status + "\r\n" + extra +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

private:
    bool readMore(int peer, std::string& text) const {
        pollfd waits[2] = {{peer, POLLIN, 0}, {stop_[0], POLLIN, 0}};
        if (::poll(waits, 2, -1) < 0 || waits[1].revents != 0)
            return false;
        char buffer[64 * 1024];
        const ssize_t got = ::read(peer, buffer, sizeof buffer);
        if (got > 0)
            text.append(buffer, static_cast<std::size_t>(got));
        return got > 0;
    }

    void serve(int peer) {
        std::string text;
        for (;;) {
            std::size_t end = std::string::npos;
            while ((end = text.find("\r\n\r\n")) == std::string::npos) {
                if (!readMore(peer, text))
                    return;
            }
            Request request{text.substr(0, end + 2), {}};
            const std::size_t length = request.head.find("Content-Length: ");
            const std::size_t bytes = std::stoul(request.head.substr(length + 16));
            while (text.size() < end + 4 + bytes) {
                if (!readMore(peer, text))
                    return;
            }
            request.body = text.substr(end + 4, bytes);
            text.erase(0, end + 4 + bytes);
            int number = 0;
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(request);
                number = static_cast<int>(requests_.size());
            }
            const std::string reply = answer_(request, number);
            if (reply.empty() || ::send(peer, reply.data(), reply.size(), MSG_NOSIGNAL) < 0)
                return;
        }
    }

    void run() {
        for (;;) {
            pollfd waits[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
            if (::poll(waits, 2, -1) < 0 || waits[1].revents != 0)
                return;
            const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            serve(peer);
            ::close(peer);
        }
    }

    Answer answer_;
    mutable std::mutex mutex_;
    std::vector<Request> requests_;
    int listener_ = -1;
    int port_ = 0;
    int stop_[2] = {-1, -1};
    std::thread thread_;
};

}  // namespace levee::test
