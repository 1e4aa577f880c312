// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/agent_config.h"
#include "shared/base/result.h"
#include "shared/model/automation_state.h"

namespace levee {

class Bulletin;
class HistoryStore;
class LatencyLedger;
class LiveHistory;
class OverrideBook;
class RuleBook;
class RuleStore;
namespace promql {
struct SignalReading;
}
namespace ingest {
class ExemplarStore;
}

/// The gRPC API (shared/wire/proto) on a TCP address and a Unix socket. Thread-safe; the services
/// read published snapshots only and never wait for the control thread. At most 32 watchers; one
/// more is refused with RESOURCE_EXHAUSTED.
class GrpcServer {
public:
    struct Parts {
        Bulletin& bulletin;
        RuleBook& rules;
        RuleStore& revisions;
        OverrideBook& overrides;
        HistoryStore* history;                          ///< null: runs without
        const LiveHistory* signals = nullptr;           ///< null: keeps no series
        const ingest::ExemplarStore* traces = nullptr;  ///< null: keeps none
        /// The switch for all enforcement: on or off, who, why; what is kept about it.
        std::function<Result<std::string>(bool, const std::string&, const std::string&)>
            switchEnforcement = {};
        /// What the signals of the packs in use say; null: there are none.
        std::function<std::vector<promql::SignalReading>()> readSignals = {};
        std::function<std::vector<AutomationState>()> automations = {};
        const LatencyLedger* latency = nullptr;  ///< null: keeps none
        ApiConfig access = {};                   ///< who may use the TCP address
    };

    /// `tcp` and `unixPath` may be "". The socket file is replaced; its mode is 0660.
    static Result<std::unique_ptr<GrpcServer>> start(const std::string& tcp,
                                                     const std::string& unixPath,
                                                     const Parts& parts);
    virtual ~GrpcServer() = default;

    /// The TCP port that was bound: the one asked for, or a free one for port 0.
    virtual int port() const = 0;
    virtual int watchers() const = 0;
    /// Calls and connections that were not let in, by reason.
    virtual std::vector<std::pair<std::string_view, std::uint64_t>> refusals() const = 0;
};

}  // namespace levee
