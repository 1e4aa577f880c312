// SPDX-License-Identifier: Apache-2.0
// A tiny HTTP/1.1 server on a free loopback port for tests that need a peer which misbehaves: the
// handler writes raw bytes, so any answer is possible. One thread per connection, keep-alive.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace levee::test {

/// Thread-safe.
class HttpFixture {
public:
    /// One request and the way to answer it. Confined to the handler.
    class Exchange {
    public:
        const std::string& head() const { return head_; }  ///< request line and headers
        std::string path() const;
        /// False when the peer has gone or the server stops.
        bool send(std::string_view bytes);
        /// Waits for the peer to go, at most `longest`. True when it has, or the server stops.
        bool waitForEnd(std::chrono::milliseconds longest);
        /// Ends the connection after the handler.
        void close() { keepAlive_ = false; }

    private:
        friend class HttpFixture;
        int socket_ = -1;
        int stopPipe_ = -1;
        bool keepAlive_ = true;
        std::string head_;
    };
    using Handler = std::function<void(Exchange&)>;

    explicit HttpFixture(Handler handler);
    ~HttpFixture();
    HttpFixture(const HttpFixture&) = delete;
    HttpFixture& operator=(const HttpFixture&) = delete;

    std::string address() const;  ///< 127.0.0.1:PORT
    int requests() const { return requests_; }
    int connections() const { return connections_; }

    /// A whole answer: status line, Content-Type, Content-Length, `extra` header lines, body.
    static std::string answer(std::string_view body,
                              std::string_view contentType = "text/plain; version=0.0.4",
                              std::string_view extra = {}, std::string_view status = "200 OK");
    /// A loopback address on which nobody listens.
    static std::string refusedAddress();

private:
    void accept();
    void serve(int socket);

    Handler handler_;
    int listener_ = -1;
    int port_ = 0;
    int stopPipe_[2] = {-1, -1};
    std::atomic<int> requests_{0};
    std::atomic<int> connections_{0};
    std::list<std::thread> workers_;  // touched by the accepting thread, joined after its end
    std::thread acceptor_;
};

/// `text` as one gzip stream.
std::string gzip(std::string_view text);
/// A gzip stream of `mebibytes` MiB of 'a', about a thousandth of that long. Its checksum is wrong.
std::string gzipBomb(int mebibytes);

}  // namespace levee::test
