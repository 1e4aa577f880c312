// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/listener_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <unordered_map>

namespace levee {

std::string proxyName(const ListenerConfig& listener) {
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
        const DesiredState::Listener& want = found == wanted.end() ? pass : *found->second;
        ListenerLimits limit;
        if (listener.direction == Direction::Inbound) {
            limit.queue = std::min(want.queueLimit, kUnlimitedInFlight);
            limit.servers = divideLimit(want.maxInFlight, listener.targets.size());
        } else {
            limit.admit = admitThousandths(want.admitShare);
        }
        limits.push_back(std::move(limit));
    }
    return limits;
}

namespace {

MapEntries entries(const GatewayConfig& config, const std::vector<ListenerLimits>& limits,
                   Direction direction, std::uint32_t ListenerLimits::*value) {
    MapEntries result;
    for (std::size_t i = 0; i < limits.size(); ++i)
        if (config.listeners[i].direction == direction)
            result.emplace_back(config.listeners[i].subject(), limits[i].*value);
    return result;
}

}  // namespace

MapEntries admitEntries(const GatewayConfig& config, const std::vector<ListenerLimits>& limits) {
    return entries(config, limits, Direction::Outbound, &ListenerLimits::admit);
}

MapEntries queueEntries(const GatewayConfig& config, const std::vector<ListenerLimits>& limits) {
    return entries(config, limits, Direction::Inbound, &ListenerLimits::queue);
}

std::string mapFileText(const MapEntries& entries) {
    std::string text;
    for (const auto& [key, value] : entries)
        text += fmt::format("{} {}\n", key, value);
    return text;
}

}  // namespace levee
