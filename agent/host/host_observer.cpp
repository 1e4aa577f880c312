// SPDX-License-Identifier: Apache-2.0
#include "agent/host/host_observer.h"

#include <unistd.h>

#include <algorithm>
#include <set>

#include "agent/config/address.h"
#include "agent/host/host_meter.h"
#include "agent/host/process_meter.h"
#include "agent/host/process_table.h"
#include "agent/host/service_names.h"
#include "agent/host/socket_dump.h"
#include "agent/host/socket_ends.h"
#include "agent/host/socket_owners.h"
#include "shared/base/log.h"

namespace levee::host {
namespace {

constexpr std::size_t kMostInstancesWaiting = 1'000;

}  // namespace

/// What the thread owns.
class HostObserver::Worker {
public:
    void configure(const AgentConfig& config, MonotonicTime now) {
        if (config.sockets.maxPeers != peers_)
            edges_ =
                std::make_unique<SocketEdges>(SocketEdgeLimits{.peers = config.sockets.maxPeers});
        peers_ = config.sockets.maxPeers;
        hostConfig_ = config.hostMetrics;
        socketsConfig_ = config.sockets;
        gatewayFolder_ = config.gateway.enabled ? config.gateway.directory : "";
        names_ = ServiceNames(config);
        if (!socketsConfig_.enabled)
            watched_.clear();
        hostDue_ = socketsDue_ = now;
    }
    void nameInstance(const std::string& service, const std::string& instance) {
        const auto address = parseAddress(instance);
        if (!address)
            return;
        if (const auto place = SocketAddress::of(address->host, address->port))
            names_.nameInstance(service, *place);
    }

    MonotonicTime due() const {
        const MonotonicTime never = MonotonicTime::max();
        return std::min(hostConfig_.enabled ? hostDue_ : never,
                        socketsConfig_.enabled ? socketsDue_ : never);
    }
    /// What is due now; null when that is nothing.
    std::shared_ptr<HostWindow> look(MonotonicTime now, std::int64_t wallMillis) {
        auto window = std::make_shared<HostWindow>();
        // A time that was missed is skipped, not caught up.
        const auto isDue = [now](MonotonicTime& due, Duration interval) {
            if (now < due)
                return false;
            due = std::max(due + interval, now + interval / 2);
            return true;
        };
        if (socketsConfig_.enabled && isDue(socketsDue_, socketsConfig_.interval))
            readSockets(*window, now);
        if (hostConfig_.enabled && isDue(hostDue_, hostConfig_.interval)) {
            window->host = host_.read(now);
            window->host->millis = wallMillis;
            window->host->processes = processes_.read(watchedNow(), now);
        }
        return window->host || window->edges ? window : nullptr;
    }
    HostCounters counters() const {
        HostCounters all = counters_;
        all.socketsUnowned = owners_.unknown();
        all.linksRead = owners_.linksRead();
        all.processesUnreadable = owners_.unreadable();
        all.processesLeftOut = processes_.processesLeftOut();
        all.devicesLeftOut = host_.devicesLeftOut();
        const SocketEdgeCounters edges =
            edges_ != nullptr ? edges_->counters() : SocketEdgeCounters{};
        all.unattributed = edges.unattributed;
        all.peersOverflowed = edges.peersOverflowed;
        all.edgesOverflowed = edges.edgesOverflowed;
        return all;
    }

private:
    void readSockets(HostWindow& window, MonotonicTime now) {
        const Status read = diagnostics_.read(socketsConfig_.maxSockets, dump_);
        ++counters_.readings;
        if (!read) {
            if (counters_.readingsFailed++ == 0)
                log::warning("host", "no connections on the map: {}", read.error().message);
            return;
        }
        counters_.readingsCut += dump_.isCut ? 1 : 0;
        counters_.sockets = dump_.rows.size();
        owners_.update(dump_.rows);
        table_.check();
        SocketEnds ends(owners_, table_, names_, ::getpid(), gatewayFolder_);
        window.edges = edges_->update(
            dump_.rows, [&ends](std::uint32_t inode) { return ends.of(inode); }, names_, now);
        window.socketSeconds = readAt_ == MonotonicTime{} ? 0 : toSeconds(now - readAt_);
        readAt_ = now;
        // A service that nobody is connected to just now is one all the same.
        for (const SocketRow& row : dump_.rows) {
            if (row.isListening && names_.ofListening(row.local) != nullptr)
                ends.of(row.inode);
        }
        watched_.clear();
        for (const auto& [pid, end] : ends.known()) {
            if (end.role == SocketEnd::Role::Service)
                watched_.push_back({pid, end.service.name, nullptr});
        }
    }

    std::vector<ProcessMeter::Watched> watchedNow() {
        std::vector<ProcessMeter::Watched> watched = watched_;
        for (ProcessMeter::Watched& each : watched)
            each.traits = table_.find(each.pid);
        std::erase_if(watched, [](const auto& each) { return each.traits == nullptr; });
        return watched;
    }

    HostConfig hostConfig_;
    SocketsConfig socketsConfig_;
    std::uint32_t peers_ = 0;
    std::string gatewayFolder_;
    ServiceNames names_;
    SocketDiagnostics diagnostics_;
    SocketDump dump_;
    SocketOwners owners_;
    ProcessTable table_;
    std::unique_ptr<SocketEdges> edges_;
    HostMeter host_;
    ProcessMeter processes_;
    std::vector<ProcessMeter::Watched> watched_;
    MonotonicTime hostDue_{};
    MonotonicTime socketsDue_{};
    MonotonicTime readAt_{};
    HostCounters counters_;
};

HostObserver::HostObserver(const TimeSource& time, OnWindow onWindow)
    : time_(time), onWindow_(std::move(onWindow)) {}

HostObserver::~HostObserver() {
    stop();
}

void HostObserver::start(const AgentConfig& config) {
    configure(config);
    thread_ = std::thread([this] { run(); });
}

void HostObserver::configure(const AgentConfig& config) {
    {
        const std::lock_guard lock(mutex_);
        inbox_.config = std::make_unique<AgentConfig>(config);
    }
    wake_.notify_all();
}

void HostObserver::stop() {
    {
        const std::lock_guard lock(mutex_);
        isStopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void HostObserver::nameInstances(const std::string& service,
                                 const std::vector<std::string>& instances) {
    const std::lock_guard lock(mutex_);
    for (const std::string& instance : instances) {
        if (inbox_.instances.size() < kMostInstancesWaiting)
            inbox_.instances.emplace_back(service, instance);
    }
}

HostCounters HostObserver::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

void HostObserver::run() {
    Worker worker;
    std::unique_lock lock(mutex_);
    while (!isStopping_) {
        Inbox inbox = std::exchange(inbox_, {});
        lock.unlock();
        if (inbox.config != nullptr)
            worker.configure(*inbox.config, time_.monotonic());
        for (const auto& [service, instance] : inbox.instances)
            worker.nameInstance(service, instance);
        if (auto window = worker.look(time_.monotonic(), toUnixMillis(time_.wall())))
            onWindow_(std::move(window));
        const MonotonicTime due = worker.due();
        const HostCounters counters = worker.counters();
        lock.lock();
        counters_ = counters;
        const auto isCalled = [this] { return isStopping_ || inbox_.config != nullptr; };
        if (due == MonotonicTime::max())
            wake_.wait(lock, isCalled);
        else
            wake_.wait_for(lock, due - time_.monotonic(), isCalled);
    }
}

}  // namespace levee::host
