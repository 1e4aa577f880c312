// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/limit.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "shared/guard/adaptive_limit.h"
#include "shared/guard/admission_control.h"
#include "shared/guard/aimd_limit.h"
#include "shared/guard/client_throttle.h"
#include "shared/guard/codel_limit.h"
#include "shared/guard/envoy_gradient_limit.h"
#include "shared/guard/fixed_limit.h"
#include "shared/guard/gradient2_limit.h"
#include "shared/guard/sentinel_bbr_limit.h"
#include "shared/guard/vegas_limit.h"

namespace levee {

std::string_view name(LimitReason reason) {
    static constexpr std::array<std::string_view, 8> kNames{
        "fixed", "start", "app-limited", "growing", "balanced", "shrinking", "probing", "failing"};
    const auto index = static_cast<std::size_t>(reason);
    return index < kNames.size() ? kNames[index] : "invalid";
}

std::uint32_t LimitDecision::maxInFlight() const {
    return static_cast<std::uint32_t>(std::max(1.0, std::round(limit)));
}

std::unique_ptr<Limit> makeLimit(const LimiterSettings& settings, LimitLoop loop) {
    switch (settings.kind) {
        case LimiterKind::Off:
            return nullptr;
        case LimiterKind::Fixed:
            return std::make_unique<FixedLimit>(settings);
        case LimiterKind::Adaptive:
            return std::make_unique<AdaptiveLimit>(settings, loop);
        case LimiterKind::Aimd:
            return std::make_unique<AimdLimit>(settings);
        case LimiterKind::Vegas:
            return std::make_unique<VegasLimit>(settings);
        case LimiterKind::Gradient2:
            return std::make_unique<Gradient2Limit>(settings);
        case LimiterKind::EnvoyGradient:
            return std::make_unique<EnvoyGradientLimit>(settings, loop);
        case LimiterKind::Codel:
            return std::make_unique<CodelLimit>(settings);
        case LimiterKind::ClientThrottle:
            return std::make_unique<ClientThrottle>(settings);
        case LimiterKind::AdmissionControl:
            return std::make_unique<AdmissionControl>(settings);
        case LimiterKind::SentinelBbr:
            return std::make_unique<SentinelBbrLimit>(settings);
    }
    return nullptr;
}

}  // namespace levee
