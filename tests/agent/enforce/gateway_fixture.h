// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTest>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "agent/enforce/gateway.h"
#include "agent/enforce/haproxy_process.h"
#include "agent/runtime/file_replace.h"
#include "tests/agent/enforce/backend_server.h"
#include "tests/agent/enforce/http_client.h"

namespace levee::test {

inline const char* const kHaproxy = "/usr/sbin/haproxy";

/// False, with a SKIP line, where HAProxy is not installed.
inline bool haveHaproxy() {
    if (std::filesystem::exists(kHaproxy))
        return true;
    std::cout << "SKIP: " << kHaproxy << " is not installed" << std::endl;
    return false;
}

/// A directory below /tmp (socket paths are short), removed at the end.
class ScratchDirectory {
public:
    ScratchDirectory() {
        char name[] = "/tmp/levee-test-XXXXXX";
        path_ = ::mkdtemp(name);
    }
    ~ScratchDirectory() { std::filesystem::remove_all(path_); }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// A service with an inbound listener, and an outbound listener that leads to it: checkout calls
/// payment through both. The HAProxy that is left behind is ended.
class GatewayFixture {
public:
    GatewayFixture() {
        config.enabled = true;
        config.haproxy = kHaproxy;
        config.directory = scratch.path() + "/gateway";
        config.maxConnections = 1000;
        ListenerConfig in;
        in.service = "payment";
        in.bind = loopback(inPort);
        in.targets = {backend.address()};
        in.serverTimeout = std::chrono::milliseconds(500);
        ListenerConfig out;
        out.direction = Direction::Outbound;
        out.client = "checkout";
        out.service = "payment";
        out.bind = loopback(outPort);
        out.targets = {in.bind};
        config.listeners = {in, out};
        renew();
    }
    ~GatewayFixture() {
        gateway.reset();
        endAllHaproxies();
    }
    GatewayFixture(const GatewayFixture&) = delete;
    GatewayFixture& operator=(const GatewayFixture&) = delete;

    /// Timeouts that a slow machine does not reach by accident.
    void waitLong() {
        for (ListenerConfig& listener : config.listeners) {
            listener.serverTimeout = std::chrono::seconds(20);
            listener.queueTimeout = std::chrono::seconds(20);
        }
    }
    /// Requests that wait in HAProxy.
    std::uint32_t queued() const {
        // The columns of a backend are those of a server: type 2.
        const auto text = socket().ask("show stat -1 2 -1");
        const auto rows = reply::servers(text ? *text : "");
        std::uint32_t sum = 0;
        if (rows)
            for (const reply::Server& row : *rows)
                sum += row.queued;
        return sum;
    }
    /// The agent dies and comes back: a new Gateway, HAProxy left to itself in between.
    void renew() {
        gateway.reset();
        gateway = std::make_unique<Gateway>(
            Gateway::Hooks{[this](std::vector<RequestRecord>&& batch) {
                               const std::lock_guard lock(mutex_);
                               records_.insert(records_.end(), batch.begin(), batch.end());
                           },
                           {}});
    }
    std::vector<RequestRecord> records() const {
        const std::lock_guard lock(mutex_);
        return records_;
    }
    std::size_t count(Outcome outcome, std::uint32_t listener) const {
        const std::vector<RequestRecord> all = records();
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [&](const RequestRecord& record) {
                return record.outcome == outcome && record.listener == listener;
            }));
    }
    /// Waits until HAProxy has proven `desired`. The status at that moment, or one that is not up.
    GatewayStatus prove(DesiredState desired) {
        const std::uint64_t sequence = gateway->setDesired(std::move(desired));
        GatewayStatus latest;
        const bool proven = QTest::qWaitFor(
            [&] {
                GatewayStatus now = this->status();
                if (now.sequence < sequence || !now.up)
                    return false;
                latest = std::move(now);
                return std::all_of(latest.proofs.begin(), latest.proofs.end(), [](const Proof& p) {
                    return p.state == Enforcement::Enforcing;
                });
            },
            10'000);
        latest.up = latest.up && proven;
        return latest;
    }
    GatewayStatus status() {
        GatewayStatus now = gateway->takeStatus();
        events.insert(events.end(), now.events.begin(), now.events.end());
        return now;
    }
    bool sawEvent(const std::string& text) {
        status();
        return std::any_of(events.begin(), events.end(), [&](const Event& event) {
            return event.text.find(text) != std::string::npos;
        });
    }
    RuntimeSocket socket() const {
        return RuntimeSocket(GatewayPaths(config.directory).statsSocket());
    }

    /// The processes of this gateway whose command line goes on with `words`.
    std::vector<int> haproxies(const std::string& words) const {
        std::vector<int> found;
        for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
            const auto line = readFile(entry.path().string() + "/cmdline", 4096);
            const std::size_t at =
                line ? line->find(GatewayPaths(config.directory).pidFile()) : std::string::npos;
            if (at != std::string::npos && line->find(words, at) != std::string::npos)
                found.push_back(std::stoi(entry.path().filename().string()));
        }
        return found;
    }

    ScratchDirectory scratch;
    BackendServer backend;
    int inPort = freePort();
    int outPort = freePort();
    GatewayConfig config;
    ListenerRules rules;
    std::vector<Event> events;
    std::unique_ptr<Gateway> gateway;

private:
    /// Old ones that still finish belong to this test as well.
    void endAllHaproxies() const {
        for (const int pid : haproxies(""))
            ::kill(pid, SIGKILL);
    }

    mutable std::mutex mutex_;
    std::vector<RequestRecord> records_;
};

}  // namespace levee::test

#define LEVEE_NEED_HAPROXY()             \
    do {                                 \
        if (!levee::test::haveHaproxy()) \
            return;                      \
    } while (false)
