// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/epoch.h"

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

/// Below so many samples, or so many latencies, a median of windows is too coarse.
constexpr double kSmallWindow = 10;
constexpr double kShortWindow = 2;

double median(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) {
        return *middle;
    }
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

void Epoch::add(const WindowSample& sample, std::uint32_t enforced, double limit) {
    if (windows_.size() >= kMaxWindows) {
        return;
    }
    const double own = sample.selfShare > 0 && sample.selfShare <= 1 ? sample.selfShare : 1;
    Window w;
    w.seconds = toSeconds(sample.length);
    w.requests = static_cast<double>(sample.latency.count());
    const double answers = w.requests / sample.weight;
    w.samples = answers;
    double sum = sample.latency.sum();
    double squares = sample.latency.isEmpty()
                         ? 0
                         : w.requests * (sample.latency.variance() +
                                         sample.latency.mean() * sample.latency.mean());
    if (sample.timedOut > 0) {
        const auto n = static_cast<double>(sample.timedOut);
        const double least = sample.latency.isEmpty() ? w.seconds : sample.latency.max();
        const double censored = std::max(toSeconds(sample.timeout), least);
        w.requests += n;
        w.samples += n;
        sum += n * censored;
        squares += n * censored * censored;
        timedOut_ = true;
    }
    w.wholeLatency = w.requests > 0 ? sum / w.requests : 0;
    w.latency = w.wholeLatency * own;
    windows_.push_back(w);
    latencies_.merge(sample.latency);
    seconds_ += w.seconds;
    present_ += sample.inFlight * w.seconds;
    requests_ += w.requests;
    samples_ += w.samples;
    answers_ += answers;
    sum_ += sum * own;
    squares_ += squares * own * own;
    succeeded_ += static_cast<double>(sample.completed - std::min(sample.failed, sample.completed));
    failed_ += static_cast<double>(sample.failed);
    pressedWindows_ += isPressed(sample, enforced) ? 1 : 0;
    refused_ = refused_ || sample.shed > 0;
    limits_ += limit;
}

bool Epoch::isPressed(const WindowSample& sample, std::uint32_t enforced) {
    return sample.shed > 0 || sample.queued > 0 || sample.maxInFlight >= enforced;
}

void Epoch::clear() {
    windows_.clear();
    latencies_.clear();
    seconds_ = requests_ = samples_ = answers_ = 0;
    present_ = sum_ = squares_ = limits_ = succeeded_ = failed_ = 0;
    pressedWindows_ = 0;
    timedOut_ = false;
    refused_ = false;
}

/// The median lies between the values whose ranks are one standard error of a share of a half away.
void Epoch::takeMedian(Measurement& m) const {
    if (latencies_.isEmpty()) {
        return;
    }
    const double off = 0.5 / std::sqrt(answers_);
    m.median = latencies_.interpolatedQuantile(0.5);
    const double lower = latencies_.interpolatedQuantile(0.5 - off);
    const double upper = latencies_.interpolatedQuantile(0.5 + off);
    m.medianError = std::hypot((upper - lower) / 2, latencies_.relativeError() / 2 * m.median);
}

Measurement Epoch::measure() const {
    Measurement m;
    m.seconds = seconds_;
    m.samples = samples_;
    m.pressed = pressedWindows_ * 2 > windows_.size();
    m.limit = windows_.empty() ? 0 : limits_ / static_cast<double>(windows_.size());
    m.refused = refused_;
    m.timedOut = timedOut_;
    m.failing = failed_ > succeeded_;
    if (!(samples_ > 0) || !(seconds_ > 0)) {
        return m;
    }
    m.present = present_ / seconds_;
    takeMedian(m);
    m.throughput = requests_ / seconds_;
    m.latency = sum_ / requests_;
    const double variance = std::max(0.0, squares_ / requests_ - m.latency * m.latency);
    m.error = samples_ > 1 && m.latency > 0 ? std::sqrt(variance / (samples_ - 1)) / m.latency : 1;
    double whole = 0;
    std::vector<double> rates;
    std::vector<double> latencies;
    bool small = windows_.size() < 3;
    double shortest = seconds_;
    for (const Window& w : windows_) {
        small = small || w.samples < kSmallWindow;
        shortest = std::min(shortest, w.seconds);
        rates.push_back(w.requests / w.seconds);
        latencies.push_back(w.latency);
        whole += w.wholeLatency * w.requests;
    }
    const double typical = median(latencies);
    if (!small && shortest >= kShortWindow * typical * whole / sum_) {
        m.throughput = median(rates);
        m.latency = typical;
    }
    m.mean = m.latency;
    m.meanError = m.error;
    m.inFlight = m.throughput * m.latency;
    m.unended = whole > 0 ? present_ / whole : 1;
    m.wholeLatency = sum_ > 0 ? m.latency * whole / sum_ : m.latency;
    return m;
}

}  // namespace levee
