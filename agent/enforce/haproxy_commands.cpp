// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/haproxy_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace levee {
namespace command {

std::string setServerLimit(std::string_view backend, std::string_view server, std::uint32_t limit) {
    return fmt::format("set maxconn server {}/{} {}", backend, server, limit);
}
std::string setServerWeight(std::string_view backend, std::string_view server,
                            std::uint32_t weight) {
    return fmt::format("set weight {}/{} {}", backend, server, weight);
}
std::string setMapEntry(std::string_view map, std::string_view key, std::string_view value) {
    return fmt::format("set map {} {} {}", map, key, value);
}
std::string getMapEntry(std::string_view map, std::string_view key) {
    return fmt::format("get map {} {}", map, key);
}
std::string showMap(std::string_view map) {
    return fmt::format("show map {}", map);
}
std::string prepareMap(std::string_view map) {
    return fmt::format("prepare map {}", map);
}
std::string commitMap(std::string_view map, std::uint32_t version) {
    return fmt::format("commit map @{} {}", version, map);
}
std::string discardMap(std::string_view map, std::uint32_t version) {
    return fmt::format("clear map @{} {}", version, map);
}

std::vector<std::string> addMapEntries(std::string_view map, std::uint32_t version,
                                       const MapEntries& entries) {
    const std::string head = fmt::format("add map @{} {} <<\n", version, map);
    std::vector<std::string> commands;
    std::string payload;
    const auto finish = [&] {
        if (!payload.empty())
            commands.push_back(head + payload + "\n");
        payload.clear();
    };
    for (const auto& [key, value] : entries) {
        const std::string entry = fmt::format("{} {}\n", key, value);
        if (head.size() + entry.size() + 1 > kMaxPayload)
            continue;
        if (head.size() + payload.size() + entry.size() + 1 > kMaxPayload)
            finish();
        payload += entry;
    }
    finish();
    return commands;
}

std::vector<Line> join(const std::vector<std::string>& commands) {
    std::vector<Line> lines;
    for (const std::string& text : commands) {
        const bool fits =
            !lines.empty() && lines.back().text.size() + text.size() + 1 <= kMaxCommandLine;
        if (!fits)
            lines.push_back({text, 1});
        else {
            lines.back().text += ';' + text;
            ++lines.back().commands;
        }
    }
    return lines;
}

}  // namespace command

namespace reply {
namespace {

Error unexpected(std::string_view what, std::string_view text) {
    return {fmt::format("unexpected reply to {}: '{}'", what, text.substr(0, 80)),
            ErrorKind::Invalid};
}

/// Takes the next line, without its end, off `rest`.
std::string_view takeLine(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

std::string_view takeUpTo(char separator, std::string_view& rest) {
    const std::size_t end = rest.find(separator);
    const std::string_view field = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return field;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

/// The digits after `name` in `line`.
template <typename Number>
std::optional<Number> numberAfter(std::string_view line, std::string_view name) {
    const std::size_t at = line.find(name);
    if (at == std::string_view::npos)
        return std::nullopt;
    line.remove_prefix(at + name.size());
    return number<Number>(line.substr(0, line.find_first_not_of("0123456789")));
}

}  // namespace

Result<std::vector<std::string>> split(std::string_view text, std::size_t count) {
    std::vector<std::string> replies;
    std::string current;
    std::string_view rest = text;
    while (!rest.empty()) {
        if (rest.find('\n') == std::string_view::npos)
            return unexpected("a command, cut", rest);
        const std::string_view line = takeLine(rest);
        if (!line.empty()) {
            current.append(line).push_back('\n');
            continue;
        }
        replies.push_back(std::move(current));
        current.clear();
    }
    if (!current.empty() || replies.size() != count)
        return Error{
            fmt::format("{} commands were sent, {} whole replies came", count, replies.size()),
            ErrorKind::Invalid};
    return replies;
}

Result<Worker> worker(std::string_view showInfo) {
    std::map<std::string_view, std::string_view> fields;
    std::string_view rest = showInfo;
    while (!rest.empty()) {
        std::string_view value = takeLine(rest);
        const std::string_view name = takeUpTo(':', value);
        if (value.starts_with(' '))
            value.remove_prefix(1);
        fields[name] = value;
    }
    const auto pid = number<int>(fields["Pid"]);
    const auto start = number<std::int64_t>(fields["Start_time_sec"]);
    const auto uptime = number<std::int64_t>(fields["Uptime_sec"]);
    if (!pid || *pid <= 0 || !start || !uptime)
        return unexpected("show info", showInfo);
    Worker worker;
    worker.pid = *pid;
    worker.startSeconds = *start;
    worker.uptimeSeconds = *uptime;
    worker.description = fields["description"];
    worker.isStopping = fields["Stopping"] != "0";
    worker.droppedLogs = number<std::uint64_t>(fields["DroppedLogs"]).value_or(0);
    return worker;
}

Result<std::map<std::string, std::string>> mapEntries(std::string_view showMap) {
    std::map<std::string, std::string> entries;
    std::string_view rest = showMap;
    while (!rest.empty()) {
        const std::string_view line = takeLine(rest);
        std::string_view value = line;
        const std::string_view address = takeUpTo(' ', value);
        const std::string_view key = takeUpTo(' ', value);
        if (!address.starts_with("0x") || key.empty())
            return unexpected("show map", line);
        entries.emplace(key, value);
    }
    return entries;
}

Result<std::map<std::string, MapStatus>> maps(std::string_view showMaps) {
    std::map<std::string, MapStatus> maps;
    std::string_view rest = showMaps;
    while (!rest.empty()) {
        const std::string_view line = takeLine(rest);
        if (line.starts_with('#'))
            continue;
        std::string_view tail = line;
        takeUpTo('(', tail);
        const std::string_view file = takeUpTo(')', tail);
        const auto current = numberAfter<std::uint32_t>(tail, "curr_ver=");
        const auto next = numberAfter<std::uint32_t>(tail, "next_ver=");
        const auto entries = numberAfter<std::uint64_t>(tail, "entry_cnt=");
        if (!current || !next || !entries)
            return unexpected("show map", line);
        maps[std::string(file)] = {*current, *next, *entries};
    }
    return maps;
}

Result<std::uint32_t> newVersion(std::string_view prepareMap) {
    const auto version = numberAfter<std::uint32_t>(prepareMap, "New version created: ");
    if (!version)
        return unexpected("prepare map", prepareMap);
    return *version;
}

Result<std::string> mapValue(std::string_view getMap) {
    if (getMap.find("found=no") != std::string_view::npos)
        return Error{"no such key in the map", ErrorKind::NotFound};
    constexpr std::string_view kName = "value=\"";
    const std::size_t at = getMap.find(kName);
    if (at == std::string_view::npos)
        return unexpected("get map", getMap);
    std::string_view value = getMap.substr(at + kName.size());
    const std::size_t end = value.find('"');
    if (end == std::string_view::npos)
        return unexpected("get map", getMap);
    return std::string(value.substr(0, end));
}

namespace {

/// The index of the column `name` in the head line of `show stat`.
std::optional<std::size_t> columnOf(std::string_view head, std::string_view name) {
    for (std::size_t column = 0; !head.empty(); ++column)
        if (takeUpTo(',', head) == name)
            return column;
    return std::nullopt;
}

std::optional<Server> serverIn(std::string_view line, std::size_t weightColumn,
                               std::size_t addressColumn) {
    std::vector<std::string_view> fields;
    while (!line.empty())
        fields.push_back(takeUpTo(',', line));
    if (fields.size() <= std::max(weightColumn, addressColumn))
        return std::nullopt;
    const auto queued = number<std::uint32_t>(fields[2]);
    const auto inFlight = number<std::uint32_t>(fields[4]);
    const auto limit =
        fields[6].empty() ? std::optional<std::uint32_t>(0) : number<std::uint32_t>(fields[6]);
    const auto weight = fields[weightColumn].empty() ? std::optional<std::uint32_t>(0)
                                                     : number<std::uint32_t>(fields[weightColumn]);
    if (!queued || !inFlight || !limit || !weight)
        return std::nullopt;
    return Server{std::string(fields[0]),
                  std::string(fields[1]),
                  *limit,
                  *inFlight,
                  *queued,
                  *weight,
                  std::string(fields[addressColumn])};
}

}  // namespace

Result<std::vector<Server>> servers(std::string_view showStat) {
    std::string_view rest = showStat;
    const std::string_view head = takeLine(rest);
    // pxname,svname,qcur,qmax,scur,smax,slim have been the first columns since HAProxy 1.3.
    const auto weightColumn = columnOf(head, "uweight");
    const auto addressColumn = columnOf(head, "addr");
    if (!head.starts_with("# pxname,svname,qcur,qmax,scur,smax,slim,") || !weightColumn ||
        !addressColumn)
        return unexpected("show stat", showStat);
    std::vector<Server> servers;
    while (!rest.empty()) {
        const std::string_view line = takeLine(rest);
        auto server = serverIn(line, *weightColumn, *addressColumn);
        if (!server)
            return unexpected("show stat", line);
        servers.push_back(std::move(*server));
    }
    return servers;
}

Result<std::map<std::string, Table>> tables(std::string_view showTable) {
    // # table: rate.in.payment, type: string, size:1024, used:2
    constexpr std::string_view kHead = "# table: ";
    std::map<std::string, Table> tables;
    std::string_view rest = showTable;
    while (!rest.empty()) {
        const std::string_view line = takeLine(rest);
        const auto size = numberAfter<std::uint64_t>(line, ", size:");
        const auto used = numberAfter<std::uint64_t>(line, ", used:");
        if (!line.starts_with(kHead) || !size || !used)
            return unexpected("show table", line);
        const std::string_view name = line.substr(kHead.size());
        tables[std::string(name.substr(0, name.find(',')))] = {*size, *used};
    }
    return tables;
}

}  // namespace reply
}  // namespace levee
