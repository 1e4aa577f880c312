// SPDX-License-Identifier: Apache-2.0
// Answers HTTP requests on a Unix socket with recorded texts, one connection at a time.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <atomic>
#include <cstring>
#include <functional>
#include <string>
#include <thread>

namespace levee::test {

/// Thread-safe. `answer` gets a request line's target and gives a whole answer.
class UnixServer {
public:
    using Answer = std::function<std::string(const std::string& target)>;

    explicit UnixServer(Answer answer) : answer_(std::move(answer)) {
        path_ = directory_.filePath("api.sock").toStdString();
        listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(listener_, 16) != 0 || ::pipe(stop_) != 0)
            std::abort();
        thread_ = std::thread([this] { run(); });
    }
    ~UnixServer() {
        ::close(stop_[1]);
        thread_.join();
        ::close(stop_[0]);
        ::close(listener_);
    }
    UnixServer(const UnixServer&) = delete;
    UnixServer& operator=(const UnixServer&) = delete;

    const std::string& path() const { return path_; }

private:
    void run() {
        for (;;) {
            pollfd waits[2] = {{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
            if (::poll(waits, 2, -1) < 0 || waits[1].revents != 0)
                return;
            const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            std::string head;
            char buffer[4096];
            ssize_t got = 1;
            while (head.find("\r\n\r\n") == std::string::npos &&
                   (got = ::read(peer, buffer, sizeof buffer)) > 0)
                head.append(buffer, static_cast<std::size_t>(got));
            const std::size_t begin = head.find(' ') + 1;
            const std::string text = answer_(head.substr(begin, head.find(' ', begin) - begin));
            for (std::size_t sent = 0; sent < text.size();) {
                const ssize_t n =
                    ::send(peer, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
                if (n <= 0)
                    break;
                sent += static_cast<std::size_t>(n);
            }
            ::close(peer);
        }
    }

    QTemporaryDir directory_;
    Answer answer_;
    std::string path_;
    int listener_ = -1;
    int stop_[2] = {-1, -1};
    std::thread thread_;
};

}  // namespace levee::test
