// SPDX-License-Identifier: Apache-2.0
#include "tests/shared/guard/queue_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace levee::test {
namespace {

constexpr double kWindow = 0.1;
constexpr double kNoWait = std::numeric_limits<double>::infinity();
constexpr double kGoodWithin = 1.0;  ///< seconds from arrival: later answers are waste

}  // namespace

QueueModel::QueueModel(const QueueModelSettings& settings)
    : settings_(settings),
      nominalCapacity_(settings.workers / settings.serviceSeconds),
      random_(settings.seed),
      dice_(settings.seed + 1),
      leastWait_(kNoWait) {
    const double sigma2 = std::log(1 + settings.cv * settings.cv);
    medianService_ = settings.serviceSeconds * (settings.cv == 0   ? 1
                                                : settings.cv == 1 ? std::numbers::ln2
                                                                   : std::exp(-sigma2 / 2));
    nextArrival_ = exponential(1 / (settings_.load * nominalCapacity_));
    nextStall_ = settings.stallsPerSecond > 0 ? exponential(1 / settings.stallsPerSecond) : 1e300;
}

double QueueModel::exponential(double mean) {
    return -mean * std::log(1 - random_.uniform());
}

double QueueModel::serviceTime() {
    const double mean = settings_.serviceSeconds;
    if (settings_.cv == 0) {
        return mean;
    }
    if (settings_.cv == 1) {
        return exponential(mean);
    }
    const double sigma2 = std::log(1 + settings_.cv * settings_.cv);
    const double normal = std::sqrt(-2 * std::log(1 - random_.uniform())) *
                          std::cos(2 * std::numbers::pi * random_.uniform());
    return mean * std::exp(std::sqrt(sigma2) * normal - sigma2 / 2);
}

void QueueModel::run(double seconds, Limit& limit) {
    if (!started_) {
        enforced_ = decided_ = limit.decision();
        started_ = true;
    }
    const double end = now_ + seconds;
    while (true) {
        const double completion = running_.empty() ? 1e300 : running_.top().at;
        const double next = std::min({completion, nextArrival_, nextWindow_, nextStall_});
        if (next > end) {
            trackInFlight();
            now_ = end;
            return;
        }
        trackInFlight();
        now_ = next;
        if (next == completion) {
            complete();
        } else if (next == nextArrival_) {
            arrive();
        } else if (next == nextWindow_) {
            closeWindow(limit);
        } else {
            std::vector<Completion> frozen;
            for (; !running_.empty(); running_.pop()) {
                frozen.push_back(running_.top());
                frozen.back().at += settings_.stallSeconds;
            }
            for (const Completion& c : frozen) {
                running_.push(c);
            }
            nextStall_ = now_ + exponential(1 / settings_.stallsPerSecond);
        }
    }
}

void QueueModel::trackInFlight() {
    inFlightArea_ += inFlight_ * (now_ - lastTracked_);
    lastTracked_ = now_;
    window_.maxInFlight = std::max(window_.maxInFlight, inFlight_);
}

void QueueModel::arrive() {
    nextArrival_ =
        now_ + (settings_.load > 0 ? exponential(1 / (settings_.load * nominalCapacity_)) : 0.05);
    if (settings_.load <= 0) {
        return;
    }
    ++arrivals_;
    const bool isOutsideShare =
        enforced_.admitShare < 1 && random_.uniform() >= enforced_.admitShare;
    const bool isFull =
        inFlight_ >= enforced_.maxInFlight() && atGateway_.size() >= enforced_.queueLimit;
    if (isOutsideShare || isFull) {
        ++refused_;
        ++window_.shed;
        return;
    }
    window_.queued += inFlight_ >= enforced_.maxInFlight() ? 1 : 0;
    atGateway_.push_back({now_, 0});
    dispatch();
}

void QueueModel::dispatch() {
    while (!atGateway_.empty() && inFlight_ < enforced_.maxInFlight()) {
        Request request = atGateway_.front();
        atGateway_.pop_front();
        request.dispatched = now_;
        leastWait_ = std::min(leastWait_, now_ - request.arrived);
        ++inFlight_;
        window_.maxInFlight = std::max(window_.maxInFlight, inFlight_);
        if (settings_.failureShare > 0 && random_.uniform() < settings_.failureShare) {
            running_.push({now_ + 0.001, request, true});
            continue;
        }
        atBackend_.push_back(request);
    }
    startService();
}

void QueueModel::startService() {
    while (!atBackend_.empty() && busy_ < settings_.workers) {
        running_.push({now_ + serviceTime(), atBackend_.front(), false});
        atBackend_.pop_front();
        ++busy_;
    }
}

void QueueModel::complete() {
    const Completion done = running_.top();
    running_.pop();
    --inFlight_;
    busy_ -= done.failed ? 0 : 1;
    const double service = now_ - done.request.dispatched;
    if (service > settings_.timeoutSeconds) {
        ++window_.timedOut;
    } else {
        const auto seen = static_cast<std::uint64_t>(settings_.seenOneIn);
        const bool isSeen = done.failed || seen == 1 || dice_.next() % seen == 0;
        window_.completed += done.failed ? 1 : isSeen ? seen : 0;
        if (done.failed) {
            ++window_.failed;
        } else {
            if (isSeen) {
                window_.latency.record(service, seen);
            }
            const double total = now_ - done.request.arrived;
            total_.record(total);
            good_ += total <= kGoodWithin ? 1 : 0;
        }
    }
    dispatch();
}

void QueueModel::closeWindow(Limit& limit) {
    window_.inFlight = inFlightArea_ / kWindow;
    window_.timeout = fromSeconds(settings_.timeoutSeconds);
    window_.length = fromSeconds(kWindow);
    window_.weight = settings_.seenOneIn;
    window_.leastQueueWait = std::isinf(leastWait_) ? 0 : leastWait_;
    leastWait_ = kNoWait;
    enforced_ = decided_;
    if (now_ > lostUntil_) {
        limit.onWindow(window_, time());
        decided_ = limit.decision();
    }
    window_ = WindowSample();
    window_.maxInFlight = inFlight_;
    inFlightArea_ = 0;
    nextWindow_ += kWindow;
    limitSum_ += enforced_.limit;
    limitLeast_ = windows_ == 0 ? enforced_.limit : std::min(limitLeast_, enforced_.limit);
    limitMost_ = windows_ == 0 ? enforced_.limit : std::max(limitMost_, enforced_.limit);
    ++windows_;
    dispatch();
}

QueueReport QueueModel::takeReport() {
    QueueReport r;
    r.seconds = now_ - reportStart_;
    r.goodput = static_cast<double>(good_) / (r.seconds * nominalCapacity_);
    r.offered = static_cast<double>(arrivals_) / (r.seconds * nominalCapacity_);
    r.refused = arrivals_ > 0 ? static_cast<double>(refused_) / static_cast<double>(arrivals_) : 0;
    r.medianInflation = total_.quantile(0.5) / medianService_;
    r.p99Inflation = total_.quantile(0.99) / medianService_;
    r.meanLimit = windows_ > 0 ? limitSum_ / windows_ : 0;
    r.minLimit = limitLeast_;
    r.maxLimit = limitMost_;
    reportStart_ = now_;
    arrivals_ = refused_ = good_ = 0;
    total_.clear();
    limitSum_ = limitLeast_ = limitMost_ = 0;
    windows_ = 0;
    return r;
}

}  // namespace levee::test
