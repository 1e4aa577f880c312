// SPDX-License-Identifier: Apache-2.0
// One kept-alive client connection: sends a request, reads the answer, never blocks.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "tests/support/loadgen/http_response.h"

namespace levee::loadgen {

/// A resolved address.
struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;
};

/// Owns its socket. Confined to one thread.
class Connection {
public:
    enum class Progress {
        Waiting,   ///< nothing to report yet
        Answered,  ///< the answer is whole: status(), isReusable()
        Closed,    ///< the peer closed or reset, or the connection could not be made
        Garbled,   ///< not HTTP
    };

    Connection() = default;
    ~Connection() { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Begins to connect. False when no socket could be made.
    bool open(const Address& address);
    void close();
    bool isOpen() const { return fd_ >= 0; }
    int fd() const { return fd_; }

    /// REQUIRES: no request under way. `request` must outlive the answer.
    void send(std::string_view request, bool isHead);

    /// To be called when the socket is readable or writable; reads until there is no more.
    Progress advance();

    int status() const { return response_.status(); }
    bool isReusable() const { return response_.keepsAlive() && !isPeerDone_ && unsent_.empty(); }
    bool isConnected() const { return isConnected_; }
    /// No byte of an answer came, on a connection that had served before: the peer closed it while
    /// it was idle, and the request may be sent again.
    bool wasStale() const { return served_ > 0 && !response_.hasBegun(); }

private:
    bool flush();
    Progress read();

    int fd_ = -1;
    bool isConnected_ = false;
    bool isBusy_ = false;
    bool isPeerDone_ = false;
    std::uint64_t served_ = 0;
    std::string_view unsent_;
    HttpResponse response_;
};

}  // namespace levee::loadgen
