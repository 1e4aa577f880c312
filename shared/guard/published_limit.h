// SPDX-License-Identifier: Apache-2.0
// What the limiters that other projects have published share here. Their formulas, defaults and
// failings are kept as they are (README.md, "The published limiters"); what has to differ, because
// the gateway gives windows and not single requests, stands in each header.
//
// Each keeps its published bounds. Those of the settings lie around them and win where they do not
// overlap. None of the originals has a queue: where the settings leave it open it is 1, the least
// that the contract allows.
#pragma once

#include <optional>

#include "shared/guard/limit.h"

namespace levee {

/// Confined to one thread.
class PublishedLimit : public Limit {
public:
    /// A window without length, or not later than the last, is ignored.
    void onWindow(const WindowSample& sample, MonotonicTime now) final;
    LimitDecision decision() const override;
    void reconfigure(const LimiterSettings& settings) override;
    /// The limit alone: the originals keep nothing, but a start from there is no worse.
    LimitMemory save() const override;
    void restore(const LimitMemory& memory) override;

protected:
    /// As published.
    struct Bounds {
        double least = 1;
        double most = 1e9;
    };

    PublishedLimit(const LimiterSettings& settings, Bounds own, double initial);

    virtual void update(const WindowSample& sample, MonotonicTime now) = 0;

    const LimiterSettings& settings() const { return settings_; }
    double limit() const { return limit_; }
    /// Within both pairs of bounds.
    double bounded(double limit) const;
    /// Bounded; the reason is the direction.
    void setLimit(double limit);
    void setReason(LimitReason reason) { reason_ = reason; }
    void setBaseline(double seconds) { baseline_ = seconds; }

private:
    LimiterSettings settings_;
    Bounds own_;
    double limit_;
    double baseline_ = kUnknown;
    LimitReason reason_ = LimitReason::Start;
    std::optional<MonotonicTime> lastWindow_;
};

}  // namespace levee
