// SPDX-License-Identifier: Apache-2.0
// A running Ingest on free ports, what it handed out, and a raw HTTP client that can misbehave.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/ingest/ingest.h"

namespace levee::test {

class RunningIngest {
public:
    explicit RunningIngest(ingest::IngestLimits limits = {}, IngestConfig config = {})
        : ingest_(withFreePorts(std::move(config)), limits, time_,
                  [this](std::shared_ptr<const ingest::TraceWindow> window) { keep(*window); }) {}

    Status start() { return ingest_.start(); }
    ingest::Ingest& ingest() { return ingest_; }

    /// requests/failures of every edge so far, "a->b" -> {3, 1}.
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> edges() {
        const std::lock_guard lock(mutex_);
        return edges_;
    }
    std::map<std::string, std::uint64_t> selfTimes() {  ///< service -> how many
        const std::lock_guard lock(mutex_);
        return selfTimes_;
    }
    ingest::PairingCounters counters() {
        const std::lock_guard lock(mutex_);
        return counters_;
    }
    std::size_t windows() {
        const std::lock_guard lock(mutex_);
        return windows_;
    }

private:
    static IngestConfig withFreePorts(IngestConfig config) {
        config.otlp.httpListen = "127.0.0.1:0";
        config.otlp.grpcListen = "127.0.0.1:0";
        config.zipkinListen = "127.0.0.1:0";
        return config;
    }
    void keep(const ingest::TraceWindow& window) {
        const std::lock_guard lock(mutex_);
        ++windows_;
        counters_ = window.counters;
        for (const auto& edge : window.edges) {
            edges_[edge.client + "->" + edge.server].first += edge.requests;
            edges_[edge.client + "->" + edge.server].second += edge.failures;
        }
        for (const auto& service : window.services)
            selfTimes_[service.service] += service.selfTime.count();
    }

    RealTimeSource time_;
    std::mutex mutex_;
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> edges_;
    std::map<std::string, std::uint64_t> selfTimes_;
    ingest::PairingCounters counters_;
    std::size_t windows_ = 0;
    ingest::Ingest ingest_;  // last: its thread uses the rest
};

/// A blocking TCP connection to this host, with a deadline of 20 s on every read.
class Connection {
public:
    explicit Connection(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval deadline{20, 0};
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
        isOpen_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    ~Connection() { ::close(fd_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    bool isOpen() const { return isOpen_; }
    /// False when the peer has gone.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    /// One response with its Content-Length body; what there is of it when the peer closes.
    std::string receive() {
        for (;;) {
            const auto head = pending_.find("\r\n\r\n");
            if (head != std::string::npos) {
                const std::size_t size = head + 4 + contentLength(pending_.substr(0, head));
                if (pending_.size() >= size) {
                    std::string response = pending_.substr(0, size);
                    pending_.erase(0, size);
                    return response;
                }
            }
            char buffer[4096];
            const ssize_t got = recv(fd_, buffer, sizeof buffer, 0);
            if (got <= 0)
                return std::exchange(pending_, {});
            pending_.append(buffer, static_cast<std::size_t>(got));
        }
    }
    /// True when the peer closes within the deadline.
    bool closes() {
        char byte;
        ssize_t got;
        while ((got = recv(fd_, &byte, 1, 0)) > 0) {
        }
        return got == 0 || errno == ECONNRESET;
    }

private:
    static std::size_t contentLength(const std::string& head) {
        const auto at = head.find("Content-Length: ");
        return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    }

    int fd_;
    bool isOpen_ = false;
    std::string pending_;
};

inline std::string postHead(const std::string& extra, const std::string& path = "/v1/traces",
                            const std::string& type = "application/x-protobuf") {
    return "POST " + path + " HTTP/1.1\r\nHost: levee\r\nContent-Type: " + type + "\r\n" + extra +
           "\r\n";
}
inline std::string post(const std::string& body, const std::string& extra = "") {
    return postHead(extra + "Content-Length: " + std::to_string(body.size()) + "\r\n") + body;
}
inline int statusOf(const std::string& response) {
    return response.size() > 12 ? std::stoi(response.substr(9, 3)) : 0;
}
inline std::string bodyOf(const std::string& response) {
    const auto head = response.find("\r\n\r\n");
    return head == std::string::npos ? "" : response.substr(head + 4);
}

}  // namespace levee::test
