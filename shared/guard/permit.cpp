// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/permit.h"

#include <algorithm>

#include "shared/base/random.h"

namespace levee {
namespace {

constexpr double kLatencies = 2;  ///< that a window lasts at least

constexpr int kFieldBits = 21;
constexpr std::uint64_t kFieldMask = (std::uint64_t{1} << kFieldBits) - 1;
constexpr auto kMostSlots = static_cast<std::uint32_t>(kFieldMask);

/// What a permit is taken from; one word of three fields. `inFlight` is the lowest, so that giving
/// back is a subtraction of one.
struct Admission {
    std::uint32_t inFlight;
    std::uint32_t peak;  ///< most in flight since the window began
    std::uint32_t limit;

    static Admission unpack(std::uint64_t word) {
        return {static_cast<std::uint32_t>(word & kFieldMask),
                static_cast<std::uint32_t>(word >> kFieldBits & kFieldMask),
                static_cast<std::uint32_t>(word >> 2 * kFieldBits)};
    }
    std::uint64_t pack() const {
        return inFlight | std::uint64_t{peak} << kFieldBits |
               std::uint64_t{limit} << 2 * kFieldBits;
    }
};
static_assert(PermitLimiter::kMostPermits == kFieldMask);

/// Applies change(Admission&) and returns what stood there before.
template <typename Change>
Admission update(std::atomic<std::uint64_t>& word, Change change) {
    std::uint64_t seen = word.load(std::memory_order_relaxed);
    for (;;) {
        Admission next = Admission::unpack(seen);
        change(next);
        if (word.compare_exchange_weak(seen, next.pack(), std::memory_order_relaxed)) {
            return Admission::unpack(seen);
        }
    }
}

}  // namespace

Permit::Permit(Permit&& other) noexcept
    : limiter_(std::exchange(other.limiter_, nullptr)), startedAt_(other.startedAt_) {}

Permit& Permit::operator=(Permit&& other) noexcept {
    if (this != &other) {
        ignore();
        limiter_ = std::exchange(other.limiter_, nullptr);
        startedAt_ = other.startedAt_;
    }
    return *this;
}

void Permit::end(Outcome outcome, MonotonicTime now) {
    if (limiter_ != nullptr) {
        limiter_->record(outcome, startedAt_, now);
        ignore();
    }
}

void Permit::ignore() {
    if (auto* limiter = std::exchange(limiter_, nullptr)) {
        limiter->release();
    }
}

PermitLimiter::PermitLimiter(std::unique_ptr<Limit> limit, MonotonicTime now, std::uint64_t seed)
    : admission_(0),
      draws_(seed),
      checkAt_((now + kShortestWindow).time_since_epoch().count()),
      missedAt_(now.time_since_epoch().count()),
      windowStart_(now),
      limit_(std::move(limit)) {
    publish();
}

std::optional<Permit> PermitLimiter::tryAcquire(MonotonicTime now, std::uint32_t slots) {
    closeIfDue(now);
    if (!isDrawn()) {
        shed_.fetch_add(1, std::memory_order_relaxed);
        return std::nullopt;
    }
    std::uint64_t seen = admission_.load(std::memory_order_relaxed);
    for (;;) {
        Admission next = Admission::unpack(seen);
        if (next.inFlight >= (slots > 0 ? std::min(slots, kMostSlots) : next.limit)) {
            shed_.fetch_add(1, std::memory_order_relaxed);
            return std::nullopt;
        }
        ++next.inFlight;
        next.peak = std::max(next.peak, next.inFlight);
        // Acquire and release, as of a semaphore: what the last holder did is seen by the next.
        if (admission_.compare_exchange_weak(seen, next.pack(), std::memory_order_acquire,
                                             std::memory_order_relaxed)) {
            return Permit(*this, now);
        }
    }
}

/// Whether this arrival is among the share that the limit lets through.
bool PermitLimiter::isDrawn() {
    const double share = admitShare_.load(std::memory_order_relaxed);
    return share >= 1 || Random(draws_.fetch_add(1, std::memory_order_relaxed)).uniform() < share;
}

void PermitLimiter::record(Permit::Outcome outcome, MonotonicTime startedAt, MonotonicTime now) {
    closeIfDue(now);
    others_.fetch_add(std::max(inFlight(), 1U) - 1, std::memory_order_relaxed);
    const Duration held = std::max(now - startedAt, Duration::zero());
    const auto count = [&](Tally& tally) {
        tally.count.fetch_add(1, std::memory_order_relaxed);
        tally.heldNanos.fetch_add(held.count(), std::memory_order_relaxed);
    };
    switch (outcome) {
        case Permit::Outcome::Success:
            latency_.record(toSeconds(held));
            break;
        case Permit::Outcome::Failure:
            count(failed_);
            break;
        case Permit::Outcome::Timeout:
            count(timedOut_);
            break;
        case Permit::Outcome::Dropped:
            shed_.fetch_add(1, std::memory_order_relaxed);
            break;
    }
}

void PermitLimiter::release() {
    admission_.fetch_sub(1, std::memory_order_release);
}

std::uint32_t PermitLimiter::limit() const {
    return Admission::unpack(admission_.load(std::memory_order_relaxed)).limit;
}

std::uint32_t PermitLimiter::inFlight() const {
    return Admission::unpack(admission_.load(std::memory_order_relaxed)).inFlight;
}

void PermitLimiter::closeIfDue(MonotonicTime now) {
    if (now.time_since_epoch().count() >= checkAt_.load(std::memory_order_relaxed)) {
        close(now);
    }
}

void PermitLimiter::close(MonotonicTime now) {
    if (closing_.test_and_set(std::memory_order_acquire)) {  // another thread is at it
        missedAt_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
        return;
    }
    const Closing lock(*this);
    if (now.time_since_epoch().count() < checkAt_.load(std::memory_order_relaxed)) {
        return;  // another thread has just done it
    }
    const MonotonicTime missed{Duration(missedAt_.load(std::memory_order_relaxed))};
    const MonotonicTime latest = std::max(windowStart_ + kLongestWindow, missed);
    const std::uint64_t samples = latency_.count() + failed_.count.load(std::memory_order_relaxed) +
                                  timedOut_.count.load(std::memory_order_relaxed);
    MonotonicTime next = std::min(now + kShortestWindow, latest);
    if (now >= latest || samples >= kEnoughSamples) {
        feed(std::min(now, latest));
        if (now - windowStart_ >= kLongestWindow) {
            feed(now);
        }
        next = windowStart_ + shortest_;
    }
    checkAt_.store(next.time_since_epoch().count(), std::memory_order_relaxed);
}

/// Hands the limit what has happened since the window began, and begins the next.
void PermitLimiter::feed(MonotonicTime end) {
    WindowSample sample;
    sample.length = end - windowStart_;
    windowStart_ = end;
    sample.latency = latency_.drain();
    if (!sample.latency.isEmpty()) {
        shortest_ = std::clamp(fromSeconds(kLatencies * sample.latency.mean()), kShortestWindow,
                               kLongestWindow);
    }
    sample.failed = failed_.count.exchange(0, std::memory_order_relaxed);
    sample.completed = sample.latency.count() + sample.failed;
    sample.timedOut = timedOut_.count.exchange(0, std::memory_order_relaxed);
    sample.shed = shed_.exchange(0, std::memory_order_relaxed);
    const Duration failedHeld(failed_.heldNanos.exchange(0, std::memory_order_relaxed));
    const Duration timedOutHeld(timedOut_.heldNanos.exchange(0, std::memory_order_relaxed));
    const Admission before = update(admission_, [](Admission& a) { a.peak = a.inFlight; });
    sample.maxInFlight = before.peak;
    if (sample.timedOut > 0) {
        sample.timeout = timedOutHeld / static_cast<std::int64_t>(sample.timedOut);
    }
    // By Little's law, where anything has ended: what began long before would count for more than
    // was ever there. Those that have not ended yet are seen by the others beside each one.
    const auto ended = static_cast<double>(sample.completed + sample.timedOut);
    const auto others = static_cast<double>(others_.exchange(0, std::memory_order_relaxed));
    const double busy = sample.latency.sum() + toSeconds(failedHeld + timedOutHeld);
    sample.inFlight =
        ended == 0 ? before.inFlight
                   : std::min<double>(before.peak,
                                      std::max(busy / toSeconds(sample.length), others / ended));
    limit_->onWindow(sample, end);
}

/// Puts the limit's decision in force. REQUIRES: closing_ is held, or nobody else is there yet.
void PermitLimiter::publish() {
    const LimitDecision decision = limit_->decision();
    const std::uint32_t limit = std::min(decision.maxInFlight(), kMostPermits);
    admitShare_.store(decision.admitShare, std::memory_order_relaxed);
    update(admission_, [&](Admission& a) { a.limit = limit; });
}

PermitLimiter::Closing::~Closing() {
    limiter_.publish();
    limiter_.closing_.clear(std::memory_order_release);
    limiter_.closing_.notify_one();
}

}  // namespace levee
