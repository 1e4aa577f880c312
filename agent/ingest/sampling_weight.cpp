// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/sampling_weight.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "shared/base/random.h"

namespace levee::ingest {
namespace {

constexpr std::size_t kThresholdDigits = 14;
constexpr auto kOne = static_cast<double>(std::uint64_t{1} << 56U);

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t'))
        text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t'))
        text.remove_suffix(1);
    return text;
}

/// The part of a list that starts with `prefix`, without it; "" when there is none.
std::string_view partOf(std::string_view list, char separator, std::string_view prefix) {
    while (!list.empty()) {
        const auto end = list.find(separator);
        const std::string_view part = trimmed(list.substr(0, end));
        if (part.starts_with(prefix))
            return part.substr(prefix.size());
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
    return {};
}

}  // namespace

std::uint32_t samplingWeight(std::string_view traceState, const TraceId& trace) {
    if (traceState.empty())
        return 0;
    const std::string_view digits = partOf(partOf(traceState, ',', "ot="), ';', "th:");
    std::uint64_t threshold = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), threshold, 16);
    if (digits.empty() || digits.size() > kThresholdDigits || read.ec != std::errc() ||
        read.ptr != digits.data() + digits.size())
        return 0;
    threshold <<= 4 * (kThresholdDigits - digits.size());
    return weightOfShare((kOne - static_cast<double>(threshold)) / kOne, trace);
}

std::uint32_t weightOfShare(double share, const TraceId& trace) {
    const double weight = std::min(1 / share, static_cast<double>(kMostWeight));
    const double whole = std::floor(weight);
    const double place = Random(trace.high ^ trace.low).uniform();
    return static_cast<std::uint32_t>(whole) + (place < weight - whole ? 1 : 0);
}

}  // namespace levee::ingest
