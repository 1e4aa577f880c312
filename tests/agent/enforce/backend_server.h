// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/runtime/unique_fd.h"

namespace levee::test {

/// A TCP port of the loopback that nobody uses now.
int freePort();
std::string loopback(int port);

/// A small HTTP service on a free loopback port, one thread for each connection. By path:
/// `/sleep/N` answers after N ms, `/status/N` with that status, `/hold` when release() is called,
/// `/drop` never (it closes), `/trace` with the traceparent it got, `/echo/NAME` with that header,
/// `/count` with how often that was asked; anything else with "ok\n". Thread-safe.
class BackendServer {
public:
    BackendServer();
    ~BackendServer();
    BackendServer(const BackendServer&) = delete;
    BackendServer& operator=(const BackendServer&) = delete;

    int port() const { return port_; }
    std::string address() const { return loopback(port_); }
    int inFlight() const { return inFlight_; }
    int mostInFlight() const { return most_; }
    int requests() const { return requests_; }
    void resetMost() { most_ = 0; }
    void release();

private:
    void acceptAll();
    void serve(int fd);
    std::string answer(const std::string& request);

    int port_ = 0;
    UniqueFd listener_;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> inFlight_ = 0;
    std::atomic<int> most_ = 0;
    std::atomic<int> requests_ = 0;
    std::atomic<int> counted_ = 0;
    std::mutex mutex_;
    std::condition_variable released_;
    int releases_ = 0;
    std::vector<int> open_;
    std::list<std::thread> threads_;
    std::thread accepting_;
};

}  // namespace levee::test
