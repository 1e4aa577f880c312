// SPDX-License-Identifier: Apache-2.0
#include "agent/control/learned_state.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace levee {
namespace {

/// Reads ` name=number` at the front and removes it.
bool takeField(std::string_view& line, std::string_view name, double& value) {
    const std::string start = fmt::format(" {}=", name);
    if (!line.starts_with(start))
        return false;
    line.remove_prefix(start.size());
    const auto [end, code] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (code != std::errc{} || !std::isfinite(value) || value < 0)
        return false;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    return true;
}

}  // namespace

std::string writeLearned(const std::map<std::string, LimitMemory>& learned) {
    std::string text;
    for (const auto& [subject, memory] : learned)
        text += fmt::format("{} limit={} baseline={} throughput={}\n", subject, memory.limit,
                            memory.baseline, memory.throughput);
    return text;
}

std::map<std::string, LimitMemory> readLearned(std::string_view text) {
    std::map<std::string, LimitMemory> learned;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const std::string subject(line.substr(0, line.find(' ')));
        line.remove_prefix(subject.size());
        LimitMemory memory;
        if (!subject.empty() && takeField(line, "limit", memory.limit) &&
            takeField(line, "baseline", memory.baseline) &&
            takeField(line, "throughput", memory.throughput) && line.empty())
            learned[subject] = memory;
    }
    return learned;
}

}  // namespace levee
