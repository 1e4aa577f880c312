// SPDX-License-Identifier: Apache-2.0
// An agent's gRPC side with a script for a brain: real sockets, real streams, the generated service
// classes. Serves snapshots, deltas and events that the test hands in, and a small rule store with
// compare-and-set on the revision. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/diagnostic.h"
#include "shared/model/latency_map.h"
#include "shared/model/snapshot.h"
#include "shared/model/trace.h"

namespace grpc {
class ServerCredentials;
}

namespace levee::test {

class FakeAgentServer {
public:
    /// Decides what is wrong with a rule text.
    using Checker = std::function<Diagnostics(const std::string& text)>;

    /// Listens at once on a free port of the loopback, in plain text unless told otherwise.
    explicit FakeAgentServer(std::shared_ptr<grpc::ServerCredentials> credentials = nullptr);
    ~FakeAgentServer();

    std::string address() const;  ///< 127.0.0.1:PORT, the same after a restart
    void stop();                  ///< ends every stream
    void start();                 ///< again, on the same port

    void setProtocol(std::int32_t oldest, std::int32_t newest);
    void setReadOnly(bool readOnly);   ///< what the handshake says
    std::int32_t stateMillis() const;  ///< that the newest Watch asked for
    void setHelloDelay(std::chrono::milliseconds delay);
    /// The whole state; watchers get the difference.
    void publish(AgentSnapshot snapshot);
    /// Kept, and sent to watchers at once. Ids are given out from 1.
    void emitEvent(Event event);
    int watchers() const;
    std::int64_t lastEventsAfter() const;  ///< of the newest Watch

    void setRules(std::string text);  ///< puts a new revision in force, as somebody else would
    void setChecker(Checker checker);
    void setSeries(std::vector<SeriesPoint> points);
    void setLatencies(LatencyMap map);          ///< answered whole, from where the caller says
    void setTraces(std::vector<Trace> traces);  ///< listed in this order
    std::int64_t activeRevision() const;
    std::string activeText() const;
    int checks() const;  ///< calls of Check so far
    /// Holds and lets go of guards of the snapshot, as the agent does; this makes it refuse.
    void setOverrideRefusal(std::string why);
    std::vector<Override> overrides() const;  ///< by subject

private:
    struct State;
    class AgentService;
    class RulesService;
    class HistoryService;
    class TracesService;
    class OverridesService;
    struct Running;

    std::shared_ptr<State> state_;
    std::unique_ptr<Running> running_;
    std::shared_ptr<grpc::ServerCredentials> credentials_;
    int port_ = 0;
};

}  // namespace levee::test
