// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/listener_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "agent/enforce/log_line.h"
#include "shared/model/guard_texts.h"

namespace levee {
namespace {

/// A target's weight at a share of its calls. More than nothing stays more than nothing.
std::uint32_t weightAt(std::uint32_t full, double share) {
    if (std::isnan(share) || share >= 1)
        return full;
    if (share <= 0)
        return 0;
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::lround(share * full)));
}

std::vector<std::uint32_t> weightsOf(const ListenerConfig& listener,
                                     const DesiredState::Listener& want) {
    const std::vector<std::uint32_t> full = fullWeights(listener);
    std::vector<std::uint32_t> weights = full;
    for (std::size_t i = 0; i < listener.targets.size(); ++i)
        if (const auto found = want.targets.find(listener.targets[i]); found != want.targets.end())
            weights[i] = weightAt(full[i], found->second);
    // The last one is never taken out, whoever asks for it.
    const bool isNoneLeft = std::all_of(weights.begin(), weights.end(),
                                        [](std::uint32_t weight) { return weight == 0; });
    return isNoneLeft ? full : weights;
}

ListenerLimits limitsOf(const ListenerConfig& listener, const DesiredState::Listener& want) {
    ListenerLimits limits;
    const auto marked = [&](std::uint32_t value) {
        return want.isShadow ? -std::int64_t{value} : std::int64_t{value};
    };
    limits.rate = marked(want.rate);
    limits.answer = want.answerMillis;
    limits.least = marked(want.leastMicros);
    limits.rule = want.rule;
    // Whose HAProxy it is, that one's other logs would miss the lines, too.
    if (listener.backend.empty())
        limits.every = std::clamp<std::uint32_t>(want.logEvery, 1, kMostSampled);
    if (listener.direction == Direction::Outbound) {
        limits.admit = admitThousandths(want.admitShare);
        limits.retry = want.retryShare <= 0 ? 0 : admitThousandths(want.retryShare);
        limits.weights = weightsOf(listener, want);
        return limits;
    }
    limits.turn = marked(want.turnMicros);
    limits.queue = std::min(want.queueLimit, kUnlimitedInFlight);
    for (const DesiredState::ClassAdmission& each : want.classes) {
        limits.classAdmit.push_back(admitThousandths(each.share));
        limits.classQueue.push_back(std::min(each.queueLimit, kUnlimitedInFlight));
    }
    limits.servers = divideLimit(want.maxInFlight, listener.targets.size());
    return limits;
}

template <typename Number = std::uint32_t>
std::optional<Number> numberAt(const MapValues& values, const std::string& key) {
    const auto found = values.find(key);
    if (found == values.end())
        return std::nullopt;
    Number value = 0;
    const char* end = found->second.data() + found->second.size();
    const auto [stop, error] = std::from_chars(found->second.data(), end, value);
    return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

std::uint64_t total(const std::vector<std::uint32_t>& values) {
    return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
}

}  // namespace

std::string proxyName(const ListenerConfig& listener) {
    if (!listener.backend.empty())
        return listener.backend;
    return listener.direction == Direction::Inbound
               ? "in." + listener.service
               : "out." + listener.client + "." + listener.service;
}

std::string serverName(const std::string& target) {
    std::string name = target;
    for (char& c : name) {
        const bool allowed = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ||
                             c == '_' || c == '.' || c == ':';
        if (!allowed)
            c = '_';
    }
    return name;
}

std::vector<std::uint32_t> fullWeights(const ListenerConfig& listener) {
    std::vector<std::uint32_t> weights(listener.targets.size(), kPlainWeight);
    if (listener.weights.size() != listener.targets.size() || listener.weights.empty())
        return weights;
    const std::uint32_t most = std::max<std::uint32_t>(
        1, *std::max_element(listener.weights.begin(), listener.weights.end()));
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = std::max<std::uint32_t>(1, listener.weights[i] * kLargestWeight / most);
    return weights;
}

std::uint32_t admitThousandths(double share) {
    if (std::isnan(share) || share >= 1)
        return kAdmitAll;
    if (share <= 0)
        return 0;
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::lround(share * kAdmitAll)));
}

std::vector<std::uint32_t> divideLimit(std::uint32_t limit, std::size_t targets) {
    if (limit == 0 || limit >= kUnlimitedInFlight)
        return std::vector<std::uint32_t>(targets, kUnlimitedInFlight);
    std::vector<std::uint32_t> parts(targets);
    for (std::size_t i = 0; i < targets; ++i) {
        const auto part =
            static_cast<std::uint32_t>(limit / targets + (i < limit % targets ? 1 : 0));
        parts[i] = std::max<std::uint32_t>(1, part);
    }
    return parts;
}

std::vector<ListenerLimits> listenerLimits(const GatewayConfig& config,
                                           const DesiredState& desired) {
    std::unordered_map<std::string_view, const DesiredState::Listener*> wanted;
    for (const DesiredState::Listener& listener : desired.listeners)
        wanted[listener.subject] = &listener;
    const DesiredState::Listener pass;
    std::vector<ListenerLimits> limits;
    limits.reserve(config.listeners.size());
    for (const ListenerConfig& listener : config.listeners) {
        const std::string subject = listener.subject();
        const auto found = wanted.find(subject);
        limits.push_back(limitsOf(listener, found == wanted.end() ? pass : *found->second));
    }
    return limits;
}

MapEntries numberEntries(const GatewayConfig& config, const std::vector<ListenerLimits>& limits) {
    MapEntries entries;
    const auto add = [&](std::string key, std::int64_t value) {
        entries.emplace_back(std::move(key), std::to_string(value));
    };
    for (std::size_t i = 0; i < limits.size(); ++i) {
        const std::string subject = config.listeners[i].subject();
        const ListenerLimits& limit = limits[i];
        add("rate/" + subject, limit.rate);
        for (const auto& [key, value] : {std::pair{"answer/", std::int64_t{limit.answer}},
                                         {"least/", limit.least},
                                         {"turn/", limit.turn}})
            if (value != 0)
                add(key + subject, value);
        if (config.listeners[i].backend.empty())
            add("log/" + subject, limit.every);
        if (config.listeners[i].direction == Direction::Outbound) {
            add("admit/" + subject, limit.admit);
            add("retry/" + subject, limit.retry);
            continue;
        }
        add("queue/" + subject, limit.queue);
        for (std::size_t level = 0; level < limit.classAdmit.size(); ++level) {
            add(fmt::format("class/{}/{}", subject, level), limit.classAdmit[level]);
            add(fmt::format("queue/{}/{}", subject, level), limit.classQueue[level]);
        }
    }
    return entries;
}

MapEntries wordEntries(const GatewayConfig& config, const std::vector<ListenerLimits>& limits) {
    MapEntries entries;
    for (std::size_t i = 0; i < limits.size(); ++i)
        entries.emplace_back("rule/" + config.listeners[i].subject(), limits[i].rule);
    return entries;
}

std::string mapFileText(const MapEntries& entries) {
    std::string text;
    for (const auto& [key, value] : entries)
        text += fmt::format("{} {}\n", key, value);
    return text;
}

ListenerLimits limitsIn(const ListenerConfig& listener, const MapValues& numbers,
                        const MapValues& words) {
    const std::string subject = listener.subject();
    ListenerLimits limits;
    limits.rate = numberAt<std::int64_t>(numbers, "rate/" + subject).value_or(0);
    limits.answer = numberAt(numbers, "answer/" + subject).value_or(0);
    limits.least = numberAt<std::int64_t>(numbers, "least/" + subject).value_or(0);
    limits.turn = numberAt<std::int64_t>(numbers, "turn/" + subject).value_or(0);
    if (const auto rule = words.find("rule/" + subject); rule != words.end())
        limits.rule = rule->second;
    limits.every = numberAt(numbers, "log/" + subject).value_or(1);
    if (listener.direction == Direction::Outbound) {
        limits.admit = numberAt(numbers, "admit/" + subject).value_or(kAdmitAll);
        limits.retry = numberAt(numbers, "retry/" + subject).value_or(kAdmitAll);
        return limits;
    }
    limits.queue = numberAt(numbers, "queue/" + subject).value_or(kUnboundedQueue);
    for (std::size_t level = 0; level < kMostPriorityClasses; ++level) {
        const auto admit = numberAt(numbers, fmt::format("class/{}/{}", subject, level));
        if (!admit)
            break;
        limits.classAdmit.push_back(*admit);
        limits.classQueue.push_back(numberAt(numbers, fmt::format("queue/{}/{}", subject, level))
                                        .value_or(kUnboundedQueue));
    }
    return limits;
}

std::string describe(const ListenerConfig& listener, const ListenerLimits& limits) {
    std::string text;
    if (listener.direction == Direction::Outbound) {
        text = fmt::format("admits {} of {}", limits.admit, kAdmitAll);
        if (limits.retry != kAdmitAll)
            text += fmt::format(", retries {} of {}", limits.retry, kAdmitAll);
        const std::vector<std::uint32_t> full = fullWeights(listener);
        for (std::size_t i = 0; i < limits.weights.size(); ++i)
            if (limits.weights[i] != full[i])
                text += fmt::format(", {} weighs {} of {}", listener.targets[i], limits.weights[i],
                                    full[i]);
    } else {
        text = total(limits.servers) >= kUnlimitedInFlight
                   ? fmt::format("no limit, queue {}", limits.queue)
                   : fmt::format("limit {}, queue {}", total(limits.servers), limits.queue);
        for (std::size_t level = 0; level < limits.classAdmit.size(); ++level)
            text += fmt::format(", class {} admits {} of {}", level, limits.classAdmit[level],
                                kAdmitAll);
    }
    if (limits.every > 1)
        text += fmt::format(", logs 1 of {} good answers", limits.every);
    if (limits.rate != 0)
        text += fmt::format(", rate {} in a window{}", std::abs(limits.rate),
                            limits.rate < 0 ? ", in shadow" : "");
    if (limits.answer != 0)
        text += fmt::format(", answers within {} ms", limits.answer);
    if (limits.least < 0)
        text += ", deadlines in shadow";
    return text;
}

DesiredState::Listener desiredOf(const ListenerConfig& listener, const ListenerLimits& limits) {
    DesiredState::Listener desired;
    desired.subject = listener.subject();
    const auto size = [](std::int64_t value) {
        constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
        return static_cast<std::uint32_t>(value < -kMost ? kMost
                                                         : std::min(std::abs(value), kMost));
    };
    desired.rate = size(limits.rate);
    desired.isShadow = limits.rate < 0 || limits.least < 0;
    desired.answerMillis = limits.answer;
    desired.leastMicros = size(limits.least);
    desired.turnMicros = size(limits.turn);
    desired.rule = limits.rule;
    desired.logEvery = limits.every;
    if (listener.direction == Direction::Inbound) {
        desired.queueLimit = limits.queue;
        const std::uint64_t sum = total(limits.servers);
        desired.maxInFlight = sum >= kUnlimitedInFlight ? 0 : static_cast<std::uint32_t>(sum);
        for (std::size_t level = 0; level < limits.classAdmit.size(); ++level)
            desired.classes.push_back({static_cast<double>(limits.classAdmit[level]) / kAdmitAll,
                                       limits.classQueue[level]});
        return desired;
    }
    desired.admitShare = static_cast<double>(limits.admit) / kAdmitAll;
    desired.retryShare = static_cast<double>(limits.retry) / kAdmitAll;
    const std::vector<std::uint32_t> full = fullWeights(listener);
    for (std::size_t i = 0; i < limits.weights.size(); ++i)
        if (limits.weights[i] < full[i])
            desired.targets[listener.targets[i]] = static_cast<double>(limits.weights[i]) / full[i];
    return desired;
}

}  // namespace levee
