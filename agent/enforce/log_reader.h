// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "agent/config/agent_config.h"
#include "agent/enforce/log_line.h"
#include "agent/runtime/unique_fd.h"
#include "shared/base/result.h"

namespace levee {

/// Counts since the start.
struct LogCounters {
    std::uint64_t records = 0;      ///< handed over
    std::uint64_t requests = 0;     ///< that they stand for
    std::uint64_t malformed = 0;    ///< lines that begin like ours and go on otherwise, or too long
    std::uint64_t notices = 0;      ///< HAProxy's own, like "Proxy in.payment stopped"; skipped
    std::uint64_t unknown = 0;      ///< of a configuration or listener that is no longer known
    std::uint64_t connections = 0;  ///< streams accepted; HAProxy has one for each process
    std::uint64_t refused = 0;      ///< streams past the bound
};

/// A listener as lines name it: by its position, its targets by theirs.
struct LoggedListener {
    std::string subject;
    std::vector<std::string> targets;
};
std::vector<LoggedListener> loggedListeners(const GatewayConfig& config);

/// Reads the streams of HAProxy's log ring on a thread of its own, each 5 ms while lines come, and
/// hands the records over in batches. Start and stop on one thread; everything else is thread-safe.
///
/// While nobody reads, HAProxy keeps the newest lines in its ring (4 MiB), so a restarted agent
/// gets them. Memory is bounded: 8 streams, 64 KiB each, batches of 4,096 records.
class LogReader {
public:
    /// Called on the reader's thread, each 20 ms at the latest while there are records; must not
    /// block for long, or HAProxy's ring fills and drops lines.
    using BatchHandler = std::function<void(std::vector<RequestRecord>&&)>;

    LogReader(std::string socketPath, BatchHandler handler);
    ~LogReader();
    LogReader(const LogReader&) = delete;
    LogReader& operator=(const LogReader&) = delete;

    Status start();
    /// Whoever connects from now on reaches the socket `name` in the same directory; connections
    /// that are open stay. Before stop.
    void leaveTo(const std::string& name);
    void stop();

    /// The listeners in force. Lines that an older process still writes are turned into
    /// today's positions by subject and address; those of listeners that are gone count as unknown.
    /// The last 8 configurations are remembered.
    void setListeners(std::uint32_t config, const std::vector<LoggedListener>& listeners);

    LogCounters counters() const;

private:
    struct Stream {
        UniqueFd fd;
        std::vector<char> buffer;
        std::size_t used = 0;
        bool skipping = false;  ///< inside a line that is too long
    };
    enum class ReadEnd { Empty, More, Closed };
    /// What a listener in a line is today.
    struct Today {
        std::int32_t index = -1;             ///< -1: gone
        std::vector<std::uint16_t> targets;  ///< position in the line, less 1, to today's; 0: gone
    };

    void run();
    void acceptStreams();
    ReadEnd readStream(Stream& stream);
    void takeLines(Stream& stream);
    void takeLine(std::string_view line);
    void flush();

    std::string socketPath_;
    BatchHandler handler_;
    UniqueFd listener_;
    UniqueFd wake_;
    std::thread thread_;

    // Confined to the reader's thread.
    std::vector<Stream> streams_;
    std::vector<RequestRecord> batch_;
    LogCounters pending_;  ///< since the last flush

    struct Known {
        std::uint32_t config = 0;
        std::vector<LoggedListener> listeners;
        std::vector<Today> today;
    };
    mutable std::mutex mutex_;  ///< guards the rest
    LogCounters counters_;
    std::vector<Known> known_;  ///< newest last
};

}  // namespace levee
