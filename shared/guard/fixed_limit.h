// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/guard/limit.h"

namespace levee {

/// The limit that a rule names, whatever happens. Where the rule leaves the queue open, half the
/// limit may wait. Windows do not change it. Confined to one thread.
class FixedLimit final : public Limit {
public:
    explicit FixedLimit(const LimiterSettings& settings) : settings_(settings) {}

    void onWindow(const WindowSample&, MonotonicTime) override {}
    LimitDecision decision() const override;
    void reconfigure(const LimiterSettings& settings) override { settings_ = settings; }
    LimitMemory save() const override { return {}; }
    void restore(const LimitMemory&) override {}

private:
    LimiterSettings settings_;
};

}  // namespace levee
