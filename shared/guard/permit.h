// SPDX-License-Identifier: Apache-2.0
// A limit inside the service's own process, in place of the gateway: a request takes a permit or is
// refused at once, and says how it ended. This is the one place in shared/guard that many threads
// use at a time; no call waits for another but withLimit(). The caller passes the time in, so that
// the simulator runs this very code (with one thread the same calls give the same decisions).
//
// Admission: the limit in force, the permits held and the most of them in this window stand in one
// 64-bit word that a permit is taken from by compare-and-swap, so that no more than the limit are
// ever granted, not for a moment and not while the limit changes. (An increment that is taken back
// when it was too much would refuse others meanwhile, and writes where refusing need only read.)
// A limit below what is held takes nothing away: it grants nothing until enough have ended.
//
// Windows: the call that passes the end of a window closes it, one thread elected by a flag while
// the others go on. A window ends when it has lasted kShortestWindow and twice the mean latency of
// the window before (of what ends in a shorter one most began under another limit, so it cannot say
// whether more concurrency brought more) and has kEnoughSamples outcomes, looked at every
// kShortestWindow; or after kLongestWindow with what there is. It is longer only where the thread
// that closed the one before was held up and others went on. A silence of kLongestWindow or more
// after that is a window of its own, with nothing in it, so that it does not thin the busy one. A
// call with a time a little behind that of other threads counts in the window that is open.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "shared/guard/limit.h"
#include "shared/stats/atomic_histogram.h"

namespace levee {

class PermitLimiter;

/// The right to work on one request. End it with what became of the request; the first outcome
/// counts. Destroyed without one it gives its slot back and teaches nothing, so a permit cannot
/// leak (nor outlive its process: it is memory only). Move-only; one thread at a time.
class Permit {
public:
    Permit(Permit&& other) noexcept;
    Permit& operator=(Permit&& other) noexcept;
    ~Permit() { ignore(); }

    /// Answered as it should be.
    void success(MonotonicTime now) { end(Outcome::Success, now); }
    /// Answered, or broken off, with an error.
    void failure(MonotonicTime now) { end(Outcome::Failure, now); }
    /// Given up on without an answer.
    void timeout(MonotonicTime now) { end(Outcome::Timeout, now); }
    /// Refused further down for want of capacity: counts as refused, as at the gateway.
    void dropped(MonotonicTime now) { end(Outcome::Dropped, now); }
    /// Says nothing about the service: the client went away, a health check.
    void ignore();

    bool isHeld() const { return limiter_ != nullptr; }

private:
    friend class PermitLimiter;
    enum class Outcome { Success, Failure, Timeout, Dropped };

    Permit(PermitLimiter& limiter, MonotonicTime startedAt)
        : limiter_(&limiter), startedAt_(startedAt) {}
    void end(Outcome outcome, MonotonicTime now);

    PermitLimiter* limiter_;
    MonotonicTime startedAt_;
};

/// Thread-safe, but for construction and destruction. Memory: 8.5 KiB and the limit's own.
class PermitLimiter {
public:
    static constexpr Duration kShortestWindow = std::chrono::milliseconds(10);
    static constexpr Duration kLongestWindow = std::chrono::milliseconds(100);
    static constexpr std::uint64_t kEnoughSamples = 20;  ///< successes, failures, timeouts
    /// A higher limit is taken as this.
    static constexpr std::uint32_t kMostPermits = (1 << 21) - 1;

    /// The limit should be made for immediate effect, kInProcess. Its queueLimit is
    /// not used: nothing waits here. Its admitShare is, by lot; the seed is for that.
    /// REQUIRES: a limit. Permits end before the limiter does.
    PermitLimiter(std::unique_ptr<Limit> limit, MonotonicTime now, std::uint64_t seed = 0);
    PermitLimiter(const PermitLimiter&) = delete;
    PermitLimiter& operator=(const PermitLimiter&) = delete;

    /// None: refused. Never waits.
    std::optional<Permit> tryAcquire(MonotonicTime now) { return tryAcquire(now, 0); }
    /// The same for a class that may hold more than the limit: refused while `slots` permits or
    /// more are held (PriorityAdmission::slotsOf()); 0 stands for the limit.
    std::optional<Permit> tryAcquire(MonotonicTime now, std::uint32_t slots);

    std::uint32_t limit() const;     ///< in force now
    std::uint32_t inFlight() const;  ///< permits held now

    /// Calls use(Limit&) while no window is being closed, and puts the limit's decision in force:
    /// for reconfigure, save, restore and a look at the decision. Waits for a window that is just
    /// being closed; not for the path of requests.
    template <typename Use>
    auto withLimit(Use use) {
        while (closing_.test_and_set(std::memory_order_acquire)) {
            closing_.wait(true, std::memory_order_relaxed);
        }
        const Closing lock(*this);
        return use(*limit_);
    }

private:
    friend class Permit;

    /// Outcomes without a latency of the service's own: how many, and how long they held a slot.
    struct Tally {
        std::atomic<std::uint64_t> count{0};
        std::atomic<std::int64_t> heldNanos{0};
    };

    /// Held by the thread that closes a window: publishes the decision and lets the next one in.
    class Closing {
    public:
        explicit Closing(PermitLimiter& limiter) : limiter_(limiter) {}
        ~Closing();
        Closing(const Closing&) = delete;
        Closing& operator=(const Closing&) = delete;

    private:
        PermitLimiter& limiter_;
    };

    void record(Permit::Outcome outcome, MonotonicTime startedAt, MonotonicTime now);
    void release();
    bool isDrawn();
    void closeIfDue(MonotonicTime now);
    void close(MonotonicTime now);
    void feed(MonotonicTime end);
    void publish();

    // Separate lines of the cache for what each request writes, refusals write, and all only read.
    alignas(64) std::atomic<std::uint64_t> admission_;
    alignas(64) std::atomic<std::uint64_t> shed_{0};
    Tally failed_;
    Tally timedOut_;
    std::atomic<std::uint64_t> draws_;
    alignas(64) std::atomic<MonotonicTime::rep> checkAt_;  ///< no window ends before
    std::atomic<double> admitShare_{1};
    std::atomic<std::uint64_t> others_{0};  ///< in flight when one ended, summed
    alignas(64) stats::AtomicHistogram latency_;

    alignas(64) std::atomic_flag closing_;
    std::atomic<MonotonicTime::rep> missedAt_;  ///< last call that found a window being closed
    // The rest belongs to who holds closing_.
    MonotonicTime windowStart_;
    Duration shortest_ = kShortestWindow;  ///< of the window that is open
    std::unique_ptr<Limit> limit_;
};

}  // namespace levee
