// SPDX-License-Identifier: Apache-2.0
// Four threads at one limiter. Made for the thread sanitizer as well (preset tsan).
#include <QTest>
#include <atomic>
#include <thread>
#include <vector>

#include "shared/base/random.h"
#include "shared/guard/permit.h"
#include "tests/shared/guard/fake_limit.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;
using test::FakeLimit;

namespace {

const MonotonicTime kStart{1h};
constexpr int kThreads = 4;
constexpr std::uint64_t kPermits = 1'000'000;

struct Counts {
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t timedOut = 0;
    std::uint64_t dropped = 0;
    std::uint64_t ignored = 0;
    std::uint64_t refused = 0;

    std::uint64_t ended() const { return succeeded + failed + timedOut + dropped + ignored; }
};

/// Threads that take permits, hold up to three each, and end them in every way; what they did, and
/// what went wrong.
class Crowd {
public:
    explicit Crowd(PermitLimiter& limiter, int mostInside)
        : limiter_(limiter), mostInside_(mostInside) {}

    Counts run() {
        std::vector<Counts> counts(kThreads);
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < kThreads; ++t) {
            threads.emplace_back([this, t, &counts] { counts[t] = work(t); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        Counts sum;
        for (const Counts& c : counts) {
            sum.succeeded += c.succeeded;
            sum.failed += c.failed;
            sum.timedOut += c.timedOut;
            sum.dropped += c.dropped;
            sum.ignored += c.ignored;
            sum.refused += c.refused;
        }
        return sum;
    }
    int tooMany() const { return tooMany_; }
    std::uint64_t granted() const { return granted_; }
    /// Each call is one microsecond after the one before, on whichever thread.
    MonotonicTime tick() { return kStart + ++microseconds_ * 1us; }

private:
    Counts work(std::uint64_t seed) {
        Random random(seed);
        Counts counts;
        std::vector<Permit> held;
        while (granted_ < kPermits) {
            if (held.size() < 3 && random.uniform() < 0.6) {
                if (auto permit = limiter_.tryAcquire(tick())) {
                    ++granted_;
                    tooMany_ += ++inside_ > mostInside_ ? 1 : 0;
                    held.push_back(std::move(*permit));
                } else {
                    ++counts.refused;
                }
            } else if (!held.empty()) {
                --inside_;  // before the slot is given back, so that inside_ never counts too many
                end(held.back(), random, counts);
                held.pop_back();
            }
        }
        inside_ -= static_cast<int>(held.size());
        counts.ignored += held.size();
        return counts;
    }
    void end(Permit& permit, Random& random, Counts& counts) {
        const double lot = random.uniform();
        if (lot < 0.7) {
            permit.success(tick());
            ++counts.succeeded;
        } else if (lot < 0.8) {
            permit.failure(tick());
            ++counts.failed;
        } else if (lot < 0.85) {
            permit.timeout(tick());
            ++counts.timedOut;
        } else if (lot < 0.9) {
            permit.dropped(tick());
            ++counts.dropped;
        } else {
            permit.ignore();
            ++counts.ignored;
        }
    }

    PermitLimiter& limiter_;
    int mostInside_;
    std::atomic<std::int64_t> microseconds_{0};
    std::atomic<std::uint64_t> granted_{0};
    std::atomic<int> inside_{0};
    std::atomic<int> tooMany_{0};
};

}  // namespace

class PermitThreadsTest : public QObject {
    Q_OBJECT
private slots:
    void neverMoreThanTheLimitAndNothingIsLost() {
        auto owned = std::make_unique<FakeLimit>();
        FakeLimit& fake = *owned;
        fake.next.limit = 5;
        PermitLimiter limiter(std::move(owned), kStart);
        Crowd crowd(limiter, 5);
        const Counts did = crowd.run();
        QCOMPARE(crowd.tooMany(), 0);
        QCOMPARE(did.ended(), crowd.granted());
        QCOMPARE(limiter.inFlight(), 0u);
        check(fake, limiter, did);
    }
    void theLimitMayMoveMeanwhile() {
        auto owned = std::make_unique<FakeLimit>();
        FakeLimit& fake = *owned;
        fake.next.limit = 7;
        fake.onEach = [&fake] {
            fake.next.limit = 1 + static_cast<double>(fake.windows.size() % 7);
        };
        PermitLimiter limiter(std::move(owned), kStart);
        Crowd crowd(limiter, 7);
        std::atomic<bool> isDone = false;
        std::thread operatorThread([&] {
            while (!isDone) {
                limiter.withLimit([](Limit& limit) { return limit.decision(); });
                std::this_thread::yield();
            }
        });
        const Counts did = crowd.run();
        isDone = true;
        operatorThread.join();
        QCOMPARE(crowd.tooMany(), 0);
        QCOMPARE(did.ended(), crowd.granted());
        QCOMPARE(limiter.inFlight(), 0u);
        check(fake, limiter, did);
    }

private:
    /// Every outcome is in exactly one window.
    static void check(FakeLimit& fake, PermitLimiter& limiter, const Counts& did) {
        limiter.tryAcquire(kStart + 24h);  // closes the last window
        Counts seen;
        std::uint64_t shed = 0;
        for (const FakeLimit::Window& w : fake.windows) {
            seen.succeeded += w.sample.latency.count();
            seen.failed += w.sample.failed;
            seen.timedOut += w.sample.timedOut;
            shed += w.sample.shed;
            QVERIFY(w.sample.length >= PermitLimiter::kShortestWindow);
            QVERIFY(w.sample.maxInFlight <= 7);
        }
        QVERIFY(fake.windows.size() > 50);
        QCOMPARE(seen.succeeded, did.succeeded);
        QCOMPARE(seen.failed, did.failed);
        QCOMPARE(seen.timedOut, did.timedOut);
        QCOMPARE(shed, did.refused + did.dropped);
        QVERIFY(did.refused > 0);
    }
};

LEVEE_TEST(PermitThreadsTest)
#include "permit_threads_test.moc"
