// SPDX-License-Identifier: Apache-2.0
#include "agent/host/process_text.h"

#include <algorithm>
#include <array>

#include "agent/host/words.h"

namespace levee::host {
namespace {

/// Calls `each` for the comma-separated parts of a list until it says true.
template <typename Each>
bool anyPart(std::string_view list, Each each) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (each(list.substr(0, comma)))
            return true;
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return false;
}

std::string_view baseName(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view nextArgument(std::string_view& commandLine) {
    const auto end = commandLine.find('\0');
    const auto word = commandLine.substr(0, end);
    commandLine.remove_prefix(end == std::string_view::npos ? commandLine.size() : end + 1);
    return word;
}

bool isInterpreter(std::string_view program) {
    static constexpr std::array<std::string_view, 12> kNames{"node", "nodejs", "java", "ruby",
                                                             "php",  "perl",   "bash", "sh",
                                                             "dash", "bun",    "deno", "lua"};
    return program.starts_with("python") || std::ranges::find(kNames, program) != kNames.end();
}

std::string_view withoutSuffix(std::string_view file) {
    for (const std::string_view suffix :
         {".js", ".cjs", ".mjs", ".ts", ".py", ".rb", ".php", ".pl", ".sh", ".jar", ".lua"}) {
        if (file.size() > suffix.size() && file.ends_with(suffix))
            return file.substr(0, file.size() - suffix.size());
    }
    return file;
}

/// Options whose value is the next word, and not the script.
bool takesValue(std::string_view option) {
    static constexpr std::array<std::string_view, 8> kOptions{
        "-r", "--require", "--import", "--loader", "-cp", "-classpath", "--class-path", "-W"};
    return std::ranges::find(kOptions, option) != kOptions.end();
}

std::string_view scriptOf(std::string_view arguments) {
    while (!arguments.empty()) {
        const auto word = nextArgument(arguments);
        if (word == "-m" || word == "-jar")
            return withoutSuffix(baseName(nextArgument(arguments)));
        if (word == "-c" || word == "-e")
            return {};
        if (takesValue(word))
            nextArgument(arguments);
        else if (!word.starts_with('-'))
            return withoutSuffix(baseName(word));
    }
    return {};
}

}  // namespace

std::optional<ProcessStat> parseProcessStat(std::string_view text) {
    // The command stands in brackets and may hold brackets itself: the last one ends it.
    const auto open = text.find('(');
    const auto close = text.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return std::nullopt;
    ProcessStat stat;
    stat.command = text.substr(open + 1, close - open - 1);
    if (!Words(text.substr(0, open)).number(stat.pid))
        return std::nullopt;
    Words words(text.substr(close + 1));
    words.skip(1);  // state
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    bool isWhole = words.number(stat.parent);
    words.skip(9);
    isWhole = isWhole && words.number(user) && words.number(system);
    words.skip(4);
    isWhole = isWhole && words.number(stat.threads);
    words.skip(1);
    isWhole = isWhole && words.number(stat.startTicks);
    words.skip(1);
    isWhole = isWhole && words.number(stat.rssPages);
    stat.cpuTicks = user + system;
    return isWhole ? std::optional(stat) : std::nullopt;
}

std::optional<std::uint64_t> parseRunDelay(std::string_view text) {
    Words words(text);
    words.skip(1);
    std::uint64_t nanos = 0;
    return words.number(nanos) ? std::optional(nanos) : std::nullopt;
}

std::optional<std::string_view> parseCgroupPath(std::string_view text,
                                                std::string_view controller) {
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        // 4:cpu,cpuacct:/a/path
        const auto first = line.find(':');
        const auto second = first == std::string_view::npos ? first : line.find(':', first + 1);
        if (second == std::string_view::npos)
            continue;
        const auto controllers = line.substr(first + 1, second - first - 1);
        const bool isIt = controller == kUnified
                              ? controllers.empty()
                              : anyPart(controllers, [&](auto part) { return part == controller; });
        if (isIt)
            return line.substr(second + 1);
    }
    return std::nullopt;
}

std::optional<std::string_view> parseCgroupMount(std::string_view text,
                                                 std::string_view controller) {
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        // ID PARENT DEVICE ROOT MOUNTPOINT OPTIONS [FIELD...] - TYPE SOURCE SUPEROPTIONS
        const auto dash = line.find(" - ");
        if (dash == std::string_view::npos)
            continue;
        Words place(line.substr(0, dash));
        place.skip(4);
        const auto point = place.next();
        Words kind(line.substr(dash + 3));
        const auto type = kind.next();
        kind.skip(1);
        const auto options = kind.next();
        const bool isIt = controller == kUnified
                              ? type == "cgroup2"
                              : type == "cgroup" &&
                                    anyPart(options, [&](auto part) { return part == controller; });
        if (isIt)
            return point;
    }
    return std::nullopt;
}

CgroupCpu parseCgroupCpu(std::string_view text) {
    CgroupCpu cpu;
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        Words words(line);
        const auto key = words.next();
        std::uint64_t value = 0;
        if (!words.number(value))
            continue;
        if (key == "usage_usec")
            cpu.usageMicros = value;
        else if (key == "throttled_usec")
            cpu.throttledMicros = value;
        else if (key == "throttled_time")  // v1, nanoseconds
            cpu.throttledMicros = value / 1000;
    }
    return cpu;
}

std::optional<std::uint64_t> parseNumber(std::string_view text) {
    std::uint64_t value = 0;
    return Words(text).number(value) ? std::optional(value) : std::nullopt;
}

std::string_view unitOf(std::string_view cgroupPath) {
    constexpr std::string_view kSuffix = ".service";
    if (!cgroupPath.starts_with("/system.slice/"))
        return {};
    // A service may make cgroups of its own below its unit's.
    const auto end = cgroupPath.find(kSuffix);
    if (end == std::string_view::npos)
        return {};
    const auto after = cgroupPath.substr(end + kSuffix.size());
    return after.empty() || after.starts_with('/') ? baseName(cgroupPath.substr(0, end))
                                                   : std::string_view();
}

std::string_view programOf(std::string_view commandLine) {
    auto first = nextArgument(commandLine);
    // Programs that write their own title: "nginx: worker process", "redis-server *:6379".
    first = first.substr(0, first.find(' '));
    if (first.ends_with(':'))
        first.remove_suffix(1);
    const auto program = baseName(first);
    if (!isInterpreter(program))
        return program;
    const auto script = scriptOf(commandLine);
    return script.empty() ? program : script;
}

}  // namespace levee::host
