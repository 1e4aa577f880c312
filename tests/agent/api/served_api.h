// SPDX-License-Identifier: Apache-2.0
// The gRPC API over real stores in a scratch folder.
#pragma once

#include <grpcpp/grpcpp.h>

#include <QTemporaryDir>
#include <memory>
#include <string>

#include "agent/api/grpc_server.h"
#include "agent/collect/live_history.h"
#include "agent/control/bulletin.h"
#include "agent/control/latency_ledger.h"
#include "agent/control/override_book.h"
#include "agent/control/rule_book.h"
#include "agent/ingest/exemplar_store.h"
#include "agent/store/history_store.h"

namespace levee::test {

/// Confined to the test's thread.
struct ServedApi {
    explicit ServedApi(const ApiConfig& access = {}) {
        const std::string path = directory.path().toStdString();
        store = *RuleStore::open(path, 0);
        history = *HistoryStore::open(path, 0);
        bulletin = std::make_unique<Bulletin>(
            time, 1, [this](const Event& event) { history->append({event}); });
        book = std::make_unique<RuleBook>(*store, time, [](const auto&, const auto&) {});
        (void)book->load({});
        overrides = std::make_unique<OverrideBook>(
            OverrideBook::Parts{*store, time, bootTime,
                                [this] { return bulletin->snapshot()->guards; },
                                [](const std::string&) { return std::string(); },
                                [](const auto&) {}, [](const Event&) {}},
            OverrideConfig{});
        samples = std::make_unique<LiveHistory>(time, SampleHistorySettings{});
        GrpcServer::Parts parts{*bulletin,     *book,         *store, *overrides,
                                history.get(), samples.get(), &traces};
        parts.latency = &latency;
        parts.access = access;
        server = *GrpcServer::start("127.0.0.1:0", socket(), parts);
    }

    std::string socket() const { return directory.path().toStdString() + "/agent.sock"; }
    std::string address() const { return "127.0.0.1:" + std::to_string(server->port()); }
    std::uint64_t refused(std::string_view reason) const {
        for (const auto& [name, count] : server->refusals())
            if (name == reason)
                return count;
        return 0;
    }

    RealTimeSource time;
    QTemporaryDir directory;
    std::unique_ptr<RuleStore> store;
    std::unique_ptr<HistoryStore> history;
    std::unique_ptr<Bulletin> bulletin;
    std::unique_ptr<RuleBook> book;
    std::unique_ptr<OverrideBook> overrides;
    std::unique_ptr<LiveHistory> samples;
    ingest::ExemplarStore traces{{}};
    LatencyLedger latency;
    std::unique_ptr<GrpcServer> server;
};

}  // namespace levee::test
