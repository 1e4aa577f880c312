// SPDX-License-Identifier: Apache-2.0
// The words of HAProxy's runtime API: commands as text, replies as values. Pure; the transport is
// runtime_socket.h. Replies are untrusted: each parser refuses (Invalid) what it does not expect,
// and a reply that was cut is refused as a whole.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/enforce/listener_limits.h"
#include "shared/base/result.h"

namespace levee {

/// Above tune.bufsize (16,384 bytes) HAProxy drops a payload without a word.
constexpr std::size_t kMaxPayload = 15 * 1024;
/// Commands joined into one line stay below this.
constexpr std::size_t kMaxCommandLine = 8 * 1024;

namespace command {

std::string setServerLimit(std::string_view backend, std::string_view server, std::uint32_t limit);
std::string setServerWeight(std::string_view backend, std::string_view server,
                            std::uint32_t weight);
std::string setMapEntry(std::string_view map, std::string_view key, std::string_view value);
std::string getMapEntry(std::string_view map, std::string_view key);
std::string showMap(std::string_view map);
std::string prepareMap(std::string_view map);
std::string commitMap(std::string_view map, std::uint32_t version);
std::string discardMap(std::string_view map, std::uint32_t version);
/// `add map` with the entries as payload, in as many commands as kMaxPayload asks for. Each has to
/// be sent alone. An entry that is longer than a payload by itself is left out: the count of
/// entries, which is checked before the commit, then says so.
std::vector<std::string> addMapEntries(std::string_view map, std::uint32_t version,
                                       const MapEntries& entries);
inline constexpr const char* kShowInfo = "show info";
inline constexpr const char* kShowMaps = "show map";
inline constexpr const char* kShowServerStates = "show servers state";
inline constexpr const char* kShowServers = "show stat -1 4 -1";
inline constexpr const char* kShowTables = "show table";

/// Lines of commands joined by ';', each at most kMaxCommandLine long, in order.
struct Line {
    std::string text;
    std::size_t commands = 0;
};
std::vector<Line> join(const std::vector<std::string>& commands);

}  // namespace command

namespace reply {

/// The replies to `count` joined commands: each ends with an empty line. Invalid when there are
/// more or fewer, or the last one was cut.
Result<std::vector<std::string>> split(std::string_view text, std::size_t count);

/// Which process answers, and with which configuration.
struct Worker {
    int pid = 0;
    std::int64_t startSeconds = 0;  ///< Unix time; with the pid it names one process for ever
    std::int64_t uptimeSeconds = 0;
    std::string description;  ///< "levee-<hash>" for one of ours
    bool isStopping = false;  ///< replaced by a reload; finishes its last requests
    std::uint64_t droppedLogs = 0;
};
Result<Worker> worker(std::string_view showInfo);

/// Key to value, both as text, of the version in force.
Result<std::map<std::string, std::string>> mapEntries(std::string_view showMap);

struct MapStatus {
    std::uint32_t currentVersion = 0;
    std::uint32_t nextVersion = 0;
    std::uint64_t entries = 0;  ///< of all versions together
};
/// By file name.
Result<std::map<std::string, MapStatus>> maps(std::string_view showMaps);

Result<std::uint32_t> newVersion(std::string_view prepareMap);

/// "value" of `get map`; NotFound when the key is not there.
Result<std::string> mapValue(std::string_view getMap);

struct Server {
    std::string backend;
    std::string server;
    std::uint32_t limit = 0;  ///< maxconn; 0: none was ever set
    std::uint32_t inFlight = 0;
    std::uint32_t queued = 0;
    std::uint32_t weight = 0;  ///< as set last
    std::string address = {};  ///< "127.0.0.1:9001"
};
Result<std::vector<Server>> servers(std::string_view showStat);

/// How full a stick table is.
struct Table {
    std::uint64_t size = 0;
    std::uint64_t used = 0;
};
/// By name.
Result<std::map<std::string, Table>> tables(std::string_view showTable);

}  // namespace reply
}  // namespace levee
