// SPDX-License-Identifier: Apache-2.0
// Levee's own limiter and the default: finds the concurrency at which the service's throughput has
// just saturated, and follows it, without being told anything about the service. README.md is its
// specification; in short:
//
//   knee  = saturated throughput * baseline        (Little's law: the requests really in service)
//   limit = knee + a little (README.md)           when requests queue at the service
//   limit grows by a factor                        when it is pressed and nothing queues
//   limit stays                                    when nobody presses against it
//
// The target does not depend on the present limit, so nothing can drift; below the knee the latency
// equals the baseline, so the limit grows: that is the restoring force on both sides.
//
// The baseline is learned from windows far below the knee. A baseline that could be wrong (first
// seen under load, or raised because cutting the limit did not help) is unconfirmed and is checked
// once by a short step to 70 % of the knee: if latency falls there too, it was poisoned.
#pragma once

#include <cstdint>
#include <optional>

#include "shared/guard/epoch.h"
#include "shared/guard/limit.h"
#include "shared/stats/decaying_average.h"

namespace levee {

/// Confined to one thread.
class AdaptiveLimit final : public Limit {
public:
    explicit AdaptiveLimit(const LimiterSettings& settings, LimitLoop loop = {});

    void onWindow(const WindowSample& sample, MonotonicTime now) override;
    LimitDecision decision() const override;
    void reconfigure(const LimiterSettings& settings) override;
    LimitMemory save() const override;
    void restore(const LimitMemory& memory) override;

private:
    /// The pressed epochs of most and of least concurrency of late: what a cut and what a growth
    /// is compared with.
    struct Anchor {
        Measurement m;
        MonotonicTime at;
        int epochs = 1;
    };

    /// Answers a second while pressed, however lucky single epochs are: what the concurrency that
    /// was useful is told by.
    struct Useful {
        double perSecond = 0;
        double samples = 0;
        void add(const Measurement& m);
    };

    void takeSelfShare(const WindowSample& sample, MonotonicTime now);
    void changeUnit(double factor);
    double unit() const;
    void endCalm(MonotonicTime now);
    bool isUsable(const WindowSample& sample, MonotonicTime now);
    bool isEnough() const;
    Measurement measure() const;
    void judge(const Measurement& m, MonotonicTime now);
    void judgePressed(const Measurement& m, MonotonicTime now);
    void approachKnee(const Measurement& m, MonotonicTime now);
    void searchUpwards(const Measurement& m, MonotonicTime now);
    double growth() const;
    double doubtOfGrowth() const;
    void learnUnpressed(const Measurement& m);
    void makeRoomForBursts(const Measurement& m, MonotonicTime now);
    void leaveRoomForOthers(const Measurement& m, MonotonicTime now);
    void setBaseline(const Measurement& m);
    void learn(const Measurement& m);
    bool isWellKnown() const;
    void keepKnown();
    void recallKnown();
    void startProbe(double share, MonotonicTime now);
    void finishProbe(const Measurement& m, MonotonicTime now);
    void startRise(const Measurement& m, double factor, MonotonicTime now);
    void pauseRises(const Measurement& below, MonotonicTime now);
    void forgetRises();
    void finishColdRise(const Measurement& m, MonotonicTime now);
    void endColdStart(MonotonicTime now);
    void finishRise(const Measurement& m, MonotonicTime now);
    bool isFlat(const Measurement& low, const Measurement& high) const;
    bool isLearnedCalm(double knee) const;
    bool isCutInVain() const;
    bool learnFromAnchors(MonotonicTime now);
    void remember(const Measurement& m, MonotonicTime now);
    bool hasChanged(const Measurement& m) const;
    void pool(Anchor& anchor, const Measurement& m, MonotonicTime now);
    void doubt(MonotonicTime now);
    void setLimit(double limit, MonotonicTime now);
    double knee() const { return throughput_ * baseline_; }
    double unevenness() const;
    double baselineError() const;  ///< relative standard error
    double throughputMemory() const;
    double slackOf(double knee) const;
    double target() const;
    double refusedShare() const;
    double shortestQueue() const;
    std::uint32_t ownQueueLimit() const;

    LimiterSettings settings_;
    LimitLoop loop_;
    double limit_;
    LimitReason reason_ = LimitReason::Start;
    double waiting_ = kUnknown;

    double baseline_ = 0;        ///< seconds; 0: not known
    double baselineWeight_ = 0;  ///< samples behind it, capped
    double spread_ = 0;          ///< standard deviation of a latency / its mean
    double median_ = 0;          ///< of the latencies without queueing, seconds; 0: not known
    double medianError_ = 0;
    bool isByMedian_ = false;  ///< the last pressed epoch was
    double confirmedBaseline_ = 0;
    /// The baseline that was confirmed last, while another one is being checked.
    struct Known {
        double baseline = 0;
        double weight = 0;
        double error = 0;  ///< relative standard error
    };
    std::optional<Known> known_;
    std::optional<MonotonicTime> pressedAt_;  ///< the last pressed epoch
    double calm_ =
        0;  ///< requests in flight while it was learned; 0: not known, as after restore()
    bool confirmed_ = false;
    double throughput_ = 0;  ///< per second: the most that was seen, or the last saturated one
    double throughputWeight_ = 0;
    bool saturated_ = false;  ///< throughput_ is what the service can do, not what was asked of it
    bool isKneeKnown_ = false;  ///< it has been saturated once

    Epoch epoch_;
    std::optional<MonotonicTime> lastWindow_;
    MonotonicTime settledAt_{};  ///< windows that began before still show the limit before
    /// Seconds until the requests under way are typical ones again: the mean service time as a
    /// visitor finds it, mean * (1 + cv^2).
    double passing_ = 0;
    int growths_ = 0;  ///< epochs of growth in a row

    double probe_ = 0;  ///< share of the knee that a probe goes to; 0: none under way
    MonotonicTime nextProbe_{};
    Duration probePause_;

    /// A rise under way: what was measured below it. Its outcome is throughput, not latency, so it
    /// finds out whatever was wrong with the baseline.
    std::optional<Measurement> rise_;
    std::uint32_t queueBelow_ = 0;  ///< what might wait when it began
    bool isColdStart_ = false;      ///< the rises before anything is known about the service
    double riseGain_ = 0;           ///< throughput of all rises since then over that below, less 1
    double riseSamples_ = 0;        ///< behind it
    MonotonicTime nextRise_{};
    Duration risePause_;

    Useful useful_;
    std::optional<Anchor> high_;
    std::optional<Anchor> low_;
    std::optional<Measurement> last_;  ///< pressed epoch

    stats::DecayingAverage refused_;  ///< share of arrivals that were refused
    stats::DecayingAverage selfShare_;
};

}  // namespace levee
