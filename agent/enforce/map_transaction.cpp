// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/map_transaction.h"

#include <fmt/format.h>

#include "agent/enforce/haproxy_commands.h"

namespace levee {
namespace {

Result<std::uint64_t> entryCount(const RuntimeSocket& socket, const std::string& map) {
    const auto text = socket.ask(command::kShowMaps);
    if (!text)
        return text.error();
    const auto maps = reply::maps(*text);
    if (!maps)
        return maps.error();
    const auto found = maps->find(map);
    if (found == maps->end())
        return Error{fmt::format("HAProxy has no map {}", map), ErrorKind::NotFound};
    return found->second.entries;
}

/// HAProxy says nothing when it did what it was told.
Status expectSilence(const Result<std::string>& answer) {
    if (!answer)
        return answer.error();
    if (!answer->empty())
        return Error{fmt::format("HAProxy refused: {}", *answer), ErrorKind::Invalid};
    return Status::ok();
}

Status fill(const RuntimeSocket& socket, const std::string& map, std::uint32_t version,
            const MapEntries& entries, std::uint64_t before) {
    for (const std::string& add : command::addMapEntries(map, version, entries))
        if (const Status added = expectSilence(socket.ask(add)); !added)
            return added;
    const auto after = entryCount(socket, map);
    if (!after)
        return after.error();
    if (*after - before != entries.size())
        return Error{fmt::format("{} of {} entries arrived in {}; the old map stays in force",
                                 *after - before, entries.size(), map)};
    return expectSilence(socket.ask(command::commitMap(map, version)));
}

}  // namespace

Status replaceMap(const RuntimeSocket& socket, const std::string& map, const MapEntries& entries) {
    const auto before = entryCount(socket, map);
    if (!before)
        return before.error();
    const auto prepared = socket.ask(command::prepareMap(map));
    if (!prepared)
        return prepared.error();
    const auto version = reply::newVersion(*prepared);
    if (!version)
        return version.error();
    const Status filled = fill(socket, map, *version, entries, *before);
    if (!filled)
        (void)socket.ask(command::discardMap(map, *version));
    return filled;
}

}  // namespace levee
