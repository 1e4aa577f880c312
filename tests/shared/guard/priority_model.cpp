// SPDX-License-Identifier: Apache-2.0
#include "tests/shared/guard/priority_model.h"

#include <algorithm>
#include <cmath>

namespace levee::test {
namespace {

constexpr double kWindow = 0.1;
constexpr double kGoodWithin = 1;

double position(const PriorityCut& cut) {
    return cut.level + cut.share;
}

}  // namespace

PriorityModel::PriorityModel(const PriorityModelSettings& settings, PriorityAdmission& admission,
                             Limit& limit)
    : settings_(settings),
      admission_(admission),
      limit_(limit),
      nominal_(settings.workers / settings.serviceSeconds),
      random_(settings.seed),
      cut_(admission.cut()),
      decided_(limit.decision()),
      enforced_(limit.decision()) {
    nextArrival_ = exponential(1 / (settings_.load * nominal_));
}

double PriorityModel::exponential(double mean) {
    return -mean * std::log(1 - random_.uniform());
}

void PriorityModel::run(double seconds) {
    const double end = now_ + seconds;
    while (true) {
        const double completion = running_.empty() ? 1e300 : running_.top().at;
        const double next = std::min({completion, nextArrival_, nextWindow_, end});
        busySeconds_ += inFlight_ * (next - now_);
        now_ = next;
        if (next == end) {
            return;
        }
        if (next == completion) {
            complete();
        } else if (next == nextArrival_) {
            arrive();
        } else {
            closeWindow();
        }
    }
}

void PriorityModel::arrive() {
    nextArrival_ = now_ + exponential(settings_.burst / (settings_.load * nominal_));
    for (int i = 0; i < settings_.burst; ++i) {
        arriveOne();
    }
}

void PriorityModel::arriveOne() {
    const double draw = random_.uniform();
    const int level = draw < settings_.mix[0]                      ? 0
                      : draw < settings_.mix[0] + settings_.mix[1] ? 1
                                                                   : 2;
    const bool isHeavy = random_.uniform() < settings_.heavyShare;
    const std::uint64_t user =
        isHeavy ? 0 : random_.next() % static_cast<std::uint64_t>(settings_.users);
    ++arrivals_[static_cast<std::size_t>(level)];
    if (passes(level, user)) {
        ++passed_;
        enqueue({level, now_, 0});
    } else {
        ++failed_[static_cast<std::size_t>(level)];
    }
}

bool PriorityModel::passes(int level, std::uint64_t key) {
    if (!settings_.isShared) {
        return admission_.admits(level, key);
    }
    admission_.count(level, random_.next());
    return random_.uniform() < cut_.shareOf(level);
}

/// Whether a request of the class finds neither a slot nor a place to wait.
bool PriorityModel::isTaken(int level) const {
    const std::uint32_t limit = enforced_.maxInFlight();
    if (!settings_.isQueued) {
        return inFlight_ >= admission_.slotsOf(level, limit);
    }
    std::size_t waiting = 0;
    for (const auto& queue : waiting_) {
        waiting += queue.size();
    }
    const std::uint32_t bound = settings_.isOrdered
                                    ? admission_.queueBoundOf(level, limit, enforced_.queueLimit)
                                    : enforced_.queueLimit;
    return inFlight_ >= limit && waiting >= bound;
}

void PriorityModel::enqueue(const Request& request) {
    if (isTaken(request.level)) {
        ++window_.shed;
        ++failed_[static_cast<std::size_t>(request.level)];
        return;
    }
    window_.queued += settings_.isQueued && inFlight_ >= enforced_.maxInFlight() ? 1 : 0;
    waiting_[settings_.isOrdered ? static_cast<std::size_t>(request.level) : 0].push_back(request);
    dispatch();
}

void PriorityModel::dispatch() {
    for (auto& queue : waiting_) {
        while (!queue.empty() && (!settings_.isQueued || inFlight_ < enforced_.maxInFlight())) {
            atService_.push_back(queue.front());
            queue.pop_front();
            atService_.back().dispatched = now_;
            ++inFlight_;
            ++dispatchedCount_;
            window_.maxInFlight = std::max(window_.maxInFlight, inFlight_);
        }
    }
    while (!atService_.empty() && running_.size() < static_cast<std::size_t>(settings_.workers)) {
        const double service =
            settings_.isConstant ? settings_.serviceSeconds : exponential(settings_.serviceSeconds);
        running_.push({now_ + service, atService_.front()});
        atService_.pop_front();
    }
}

void PriorityModel::complete() {
    const Request done = running_.top().request;
    running_.pop();
    --inFlight_;
    ++window_.completed;
    window_.latency.record(now_ - done.dispatched);
    const double total = now_ - done.arrived;
    if (done.level == 0) {
        total_.record(total);
    }
    (total <= kGoodWithin ? good_ : failed_)[static_cast<std::size_t>(done.level)] += 1;
    dispatch();
}

void PriorityModel::closeWindow() {
    nextWindow_ += kWindow;
    window_.inFlight = busySeconds_ / kWindow;
    window_.length = fromSeconds(kWindow);
    enforced_ = decided_;
    cut_ = admission_.cut();
    admission_.onWindow({window_.length, static_cast<double>(dispatchedCount_),
                         static_cast<double>(window_.shed), decided_.limit, window_.inFlight},
                        time());
    limit_.onWindow(window_, time());
    decided_ = limit_.decision();
    window_ = WindowSample();
    window_.maxInFlight = inFlight_;
    busySeconds_ = 0;
    dispatchedCount_ = 0;

    cuts_.push_back(admission_.cut());
    dispatch();
}

double PriorityModel::massOf(const PriorityCut& cut) const {
    double mass = 0;
    for (int level = 0; level < kClasses; ++level) {
        mass += settings_.mix[static_cast<std::size_t>(level)] * cut.shareOf(level);
    }
    return mass * settings_.load;
}

PriorityReport PriorityModel::takeReport() {
    PriorityReport r;
    std::sort(cuts_.begin(), cuts_.end(),
              [](const PriorityCut& a, const PriorityCut& b) { return position(a) < position(b); });
    const PriorityCut narrow = cuts_.empty() ? admission_.cut() : cuts_[cuts_.size() / 20];
    const PriorityCut wide = cuts_.empty() ? narrow : cuts_[cuts_.size() - 1 - cuts_.size() / 20];
    const double capacity = nominal_ * (now_ - reportStart_);
    for (std::size_t level = 0; level < kClasses; ++level) {
        r.success[level] =
            arrivals_[level] > 0 ? std::max(0.0, 1 - failed_[level] / arrivals_[level]) : 0;
        r.goodput[level] = good_[level] / capacity;
        r.total += r.goodput[level];
        const int l = static_cast<int>(level);
        r.changing[level] = wide.shareOf(l) - narrow.shareOf(l);
    }
    r.passed = passed_ / capacity;
    r.leastMass = massOf(narrow);
    r.mostMass = massOf(wide);
    r.p99 = total_.quantile(0.99);
    reportStart_ = now_;
    arrivals_ = good_ = failed_ = {};
    passed_ = 0;
    cuts_.clear();
    total_.clear();
    return r;
}

}  // namespace levee::test
