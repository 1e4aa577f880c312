// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/permit.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "shared/base/random.h"
#include "tests/shared/guard/fake_limit.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;
using test::FakeLimit;

namespace {

const MonotonicTime kStart{1h};

/// A limiter, the limit inside it, and a clock that the test moves.
struct Fixture {
    explicit Fixture(double limit) {
        auto owned = std::make_unique<FakeLimit>();
        fake = owned.get();
        fake->next.limit = limit;
        limiter = std::make_unique<PermitLimiter>(std::move(owned), now);
    }
    Permit acquire() {
        auto permit = limiter->tryAcquire(now);
        if (!permit) {
            qFatal("refused");
        }
        return std::move(*permit);
    }
    bool isRefused() { return !limiter->tryAcquire(now); }
    /// A request of its own that takes so long.
    void serve(Duration latency) {
        Permit permit = acquire();
        now += latency;
        permit.success(now);
    }
    const WindowSample& last() const { return fake->windows.back().sample; }

    MonotonicTime now = kStart;
    FakeLimit* fake = nullptr;
    std::unique_ptr<PermitLimiter> limiter;
};

/// What a second brought.
struct Second {
    int answered = 0;
    std::uint32_t limit = 0;

    bool operator==(const Second&) const = default;
};

/// A limiter in front of workers that serve first come first served, in exponential times of 20 ms
/// on average, at Poisson arrivals of `load` times what they can do.
std::vector<Second> simulate(std::size_t workers, double load, int seconds, std::uint64_t seed) {
    constexpr double kMean = 0.02;
    Random random(seed);
    const auto exponential = [&](double mean) { return -mean * std::log(1 - random.uniform()); };
    const auto timeOf = [](double t) { return kStart + fromSeconds(t); };
    PermitLimiter limiter(makeLimit({}, kInProcess), kStart);
    std::multiset<double> freeAt;
    for (std::size_t i = 0; i < workers; ++i) {
        freeAt.insert(0);
    }
    std::multimap<double, Permit> working;  // by the time it is done
    std::vector<Second> result;
    double arrival = 0;
    for (int second = 1; second <= seconds; ++second) {
        Second figures;
        while (arrival < second) {
            while (!working.empty() && working.begin()->first <= arrival) {
                working.begin()->second.success(timeOf(working.begin()->first));
                working.erase(working.begin());
                ++figures.answered;
            }
            if (auto permit = limiter.tryAcquire(timeOf(arrival))) {
                const double done = std::max(arrival, *freeAt.begin()) + exponential(kMean);
                freeAt.erase(freeAt.begin());
                freeAt.insert(done);
                working.emplace(done, std::move(*permit));
            }
            arrival += exponential(kMean / (load * static_cast<double>(workers)));
        }
        figures.limit = limiter.limit();
        result.push_back(figures);
    }
    return result;
}

}  // namespace

class PermitTest : public QObject {
    Q_OBJECT
private slots:
    void theLimitIsGrantedAndOneMoreIsRefused() {
        Fixture f(3);
        std::vector<Permit> held;
        for (int i = 0; i < 3; ++i) {
            held.push_back(f.acquire());
        }
        QVERIFY(f.isRefused());
        QCOMPARE(f.limiter->inFlight(), 3u);
        held.pop_back();
        QVERIFY(!f.isRefused());
    }
    void eachOutcomeGivesItsSlotBackAndCounts() {
        Fixture f(1);
        f.serve(1ms);
        f.serve(3ms);
        const auto end = [&](void (Permit::*outcome)(MonotonicTime)) {
            Permit permit = f.acquire();
            f.now += 1ms;
            (permit.*outcome)(f.now);
            QVERIFY(!permit.isHeld());
        };
        end(&Permit::failure);
        end(&Permit::timeout);
        end(&Permit::dropped);
        f.acquire().ignore();
        Permit permit = f.acquire();
        QVERIFY(f.isRefused());
        f.now = kStart + 100ms;
        permit.success(f.now);  // in the next window
        QCOMPARE(f.fake->windows.size(), 1u);
        const WindowSample& w = f.last();
        QCOMPARE(w.length, Duration(100ms));
        QCOMPARE(w.completed, 3u);
        QCOMPARE(w.failed, 1u);
        QCOMPARE(w.timedOut, 1u);
        QCOMPARE(w.timeout, Duration(1ms));
        QCOMPARE(w.shed, 2u);
        QCOMPARE(w.queued, 0u);
        QCOMPARE(w.maxInFlight, 1u);
        QCOMPARE(w.latency.count(), 2u);
        QVERIFY(std::abs(w.latency.mean() / 0.002 - 1) <= w.latency.relativeError());
        QVERIFY(std::abs(w.inFlight - 0.06) < 0.001);  // 1 + 3 + 1 + 1 ms of 100
        QCOMPARE(f.limiter->inFlight(), 0u);
    }
    void aForgottenPermitIsIgnored() {
        Fixture f(1);
        { const Permit forgotten = f.acquire(); }
        QCOMPARE(f.limiter->inFlight(), 0u);
        f.now += 100ms;
        f.serve(1ms);
        QCOMPARE(f.last().completed + f.last().timedOut + f.last().shed, 0u);
        QCOMPARE(f.last().maxInFlight, 1u);
    }
    void onlyTheFirstOutcomeCounts() {
        Fixture f(2);
        Permit permit = f.acquire();
        permit.success(f.now + 1ms);
        permit.failure(f.now + 2ms);
        permit.ignore();
        f.now += 100ms;
        f.serve(1ms);
        QCOMPARE(f.last().completed, 1u);
        QCOMPARE(f.last().failed, 0u);
        QCOMPARE(f.limiter->inFlight(), 0u);
    }
    void aMovedPermitEndsOnce() {
        Fixture f(2);
        Permit a = f.acquire();
        Permit b = std::move(a);
        QVERIFY(!a.isHeld() && b.isHeld());
        QCOMPARE(f.limiter->inFlight(), 1u);
        Permit c = f.acquire();
        c = std::move(b);  // what c held is given back
        QCOMPARE(f.limiter->inFlight(), 1u);
        c.success(f.now);
        QCOMPARE(f.limiter->inFlight(), 0u);
    }

    void twentySamplesEndAWindowAfterTenMilliseconds() {
        Fixture f(10);
        for (int i = 0; i < 19; ++i) {
            f.serve(0ms);
        }
        f.now = kStart + 10ms - 1ns;
        f.serve(0ms);
        QCOMPARE(f.fake->windows.size(), 0u);
        f.now = kStart + 10ms;
        f.serve(0ms);
        QCOMPARE(f.fake->windows.size(), 1u);
        QCOMPARE(f.last().completed, 20u);
        QCOMPARE(f.last().length, Duration(10ms));
        QCOMPARE(f.fake->windows.back().end, kStart + 10ms);
    }
    void withNineteenItIsLookedAtEveryTenMilliseconds() {
        Fixture f(10);
        for (int i = 0; i < 19; ++i) {
            f.serve(0ms);
        }
        f.now = kStart + 10ms;
        f.serve(0ms);  // 19 when looked at, 20 since
        f.now = kStart + 20ms - 1ns;
        f.serve(0ms);
        QCOMPARE(f.fake->windows.size(), 0u);
        f.now = kStart + 20ms;
        f.serve(0ms);
        QCOMPARE(f.fake->windows.size(), 1u);
        QCOMPARE(f.last().completed, 21u);
        QCOMPARE(f.last().length, Duration(20ms));
    }
    /// A latency of 20 ms is in the bucket of 19.60 to 20.03 ms.
    void aWindowLastsTwiceTheLatency() {
        Fixture f(100);
        const auto serveTogether = [&] {
            std::vector<Permit> together;
            for (int i = 0; i < 30; ++i) {
                together.push_back(f.acquire());
            }
            f.now += 20ms;
            for (Permit& permit : together) {
                permit.success(f.now);
            }
        };
        serveTogether();
        f.now += 10ms;  // looked at: it began before anything was known
        serveTogether();
        QCOMPARE(f.last().length, Duration(30ms));
        f.now = kStart + 30ms + 39ms;
        f.acquire().ignore();
        QCOMPARE(f.fake->windows.size(), 1u);
        f.now = kStart + 30ms + 41ms;
        f.acquire().ignore();
        QCOMPARE(f.fake->windows.size(), 2u);
        QCOMPARE(f.last().length, Duration(41ms));
    }
    void refusalsAreNoSamples() {
        Fixture f(1);
        const Permit held = f.acquire();
        for (int i = 0; i < 1'000; ++i) {
            QVERIFY(f.isRefused());
        }
        f.now = kStart + 100ms - 1ns;
        QVERIFY(f.isRefused());
        QCOMPARE(f.fake->windows.size(), 0u);
        f.now = kStart + 100ms;
        QVERIFY(f.isRefused());
        QCOMPARE(f.last().shed, 1'001u);
        QCOMPARE(f.last().inFlight, 1.0);
    }
    void aLateCallEndsTheWindowWhereItHadToEnd() {
        Fixture f(10);
        f.serve(5ms);
        f.now = kStart + 199ms;
        f.serve(0ms);
        QCOMPARE(f.fake->windows.size(), 1u);
        QCOMPARE(f.last().length, Duration(100ms));
        QCOMPARE(f.fake->windows.back().end, kStart + 100ms);
        f.now = kStart + 200ms;  // the second began at 100 ms
        f.serve(0ms);
        QCOMPARE(f.fake->windows.size(), 2u);
        QCOMPARE(f.last().length, Duration(100ms));
        QCOMPARE(f.last().completed, 1u);
    }
    void aSilenceIsAWindowOfItsOwn() {
        Fixture f(10);
        f.serve(5ms);
        const Permit held = f.acquire();
        f.now = kStart + 1h;
        f.serve(2ms);
        QCOMPARE(f.fake->windows.size(), 2u);
        const WindowSample& busy = f.fake->windows[0].sample;
        QCOMPARE(busy.length, Duration(100ms));
        QCOMPARE(busy.completed, 1u);
        const WindowSample& silence = f.fake->windows[1].sample;
        QCOMPARE(silence.length, Duration(1h - 100ms));
        QCOMPARE(f.fake->windows[1].end, kStart + 1h);
        QCOMPARE(silence.completed + silence.shed + silence.timedOut, 0u);
        QCOMPARE(silence.maxInFlight, 1u);
        QCOMPARE(silence.inFlight, 1.0);
        f.now = kStart + 1h + 100ms;
        f.serve(0ms);
        QCOMPARE(f.last().completed, 1u);
        QCOMPARE(f.last().length, Duration(100ms));
    }
    /// As when the thread that closes a window loses its processor for a while.
    void whatHappensWhileAWindowIsClosedBelongsToTheNext() {
        Fixture f(5);
        f.fake->onEach = [&] {
            if (f.fake->windows.size() == 1) {
                f.now += 250ms;
                f.serve(0ms);
            }
        };
        f.now = kStart + 100ms;
        const Permit first = f.acquire();
        QCOMPARE(f.last().completed, 0u);
        f.now += 10ms;
        const Permit second = f.acquire();
        QCOMPARE(f.last().completed, 1u);
        QCOMPARE(f.last().length, Duration(250ms));
    }
    void theWindowsCoverAllTheTime() {
        Fixture f(5);
        Random random(2);
        std::uint64_t served = 0;
        for (int i = 0; i < 20'000; ++i) {
            f.serve(Duration(static_cast<std::int64_t>(1e6 * random.uniform())));
            ++served;
            if (random.uniform() < 0.01) {
                f.now += Duration(static_cast<std::int64_t>(3e8 * random.uniform()));
            }
        }
        f.now += 100ms;
        const Permit flush = f.acquire();
        MonotonicTime end = kStart;
        std::uint64_t seen = 0;
        for (const FakeLimit::Window& w : f.fake->windows) {
            QCOMPARE(w.end - w.sample.length, end);
            QVERIFY(w.sample.length >= PermitLimiter::kShortestWindow);
            QVERIFY(w.sample.length <= PermitLimiter::kLongestWindow || w.sample.completed == 0);
            end = w.end;
            seen += w.sample.completed;
        }
        QCOMPARE(seen, served);
        QVERIFY(f.fake->windows.size() > 500);
    }
    void whatIsInFlightIsCarriedIntoTheNextWindow() {
        Fixture f(5);
        {
            const Permit a = f.acquire();
            const Permit b = f.acquire();
            const Permit c = f.acquire();
        }
        const Permit held = f.acquire();
        f.now = kStart + 100ms;
        f.serve(0ms);
        QCOMPARE(f.last().maxInFlight, 3u);
        f.now = kStart + 200ms;
        f.serve(0ms);
        QCOMPARE(f.last().maxInFlight, 2u);
    }
    void littlesLawNeverClaimsMoreThanWasThere() {
        Fixture f(5);
        Permit longOne = f.acquire();
        f.now = kStart + 1050ms;
        longOne.success(f.now);  // 1.05 s, ended in a window of 100 ms
        f.now = kStart + 1150ms;
        f.serve(0ms);
        QCOMPARE(f.last().completed, 1u);
        QCOMPARE(f.last().inFlight, 1.0);
    }
    void aTimeThatLiesBackIsNoLatency() {
        Fixture f(5);
        Permit permit = f.acquire();
        permit.success(f.now - 1s);
        QVERIFY(f.limiter->tryAcquire(f.now - 1h).has_value());
        QVERIFY(f.fake->windows.empty());
        f.now += 100ms;
        f.serve(0ms);
        QCOMPARE(f.last().completed, 1u);
        QVERIFY(f.last().latency.max() < 1e-6);
        QCOMPARE(f.last().length, Duration(100ms));
    }

    void aClassMayHoldMoreThanTheLimit() {
        Fixture f(2);
        const Permit one = f.acquire();
        const Permit two = f.acquire();
        QVERIFY(f.isRefused());
        std::optional<Permit> three = f.limiter->tryAcquire(f.now, 3);
        QVERIFY(three.has_value());
        QVERIFY(!f.limiter->tryAcquire(f.now, 3).has_value());
        QCOMPARE(f.limiter->inFlight(), 3u);
        three->success(f.now);
        QVERIFY(f.isRefused());
        QVERIFY(!f.limiter->tryAcquire(f.now, 1).has_value());  // nor one that has fewer
    }
    void aNewLimitIsInForceAtOnce() {
        Fixture f(1);
        const Permit first = f.acquire();
        QVERIFY(f.isRefused());
        f.fake->onEach = [&] { f.fake->next.limit = 2; };
        f.now += 100ms;
        const auto second = f.limiter->tryAcquire(f.now);  // closes the window, then asks
        QVERIFY(second.has_value());
        QCOMPARE(f.limiter->limit(), 2u);
        QVERIFY(f.isRefused());
    }
    void aLowerLimitGrantsNothingUntilEnoughHaveEnded() {
        Fixture f(3);
        std::vector<Permit> held;
        for (int i = 0; i < 3; ++i) {
            held.push_back(f.acquire());
        }
        f.fake->onEach = [&] { f.fake->next.limit = 1; };
        f.now += 100ms;
        QVERIFY(f.isRefused());
        QCOMPARE(f.limiter->inFlight(), 3u);
        held.pop_back();
        held.pop_back();
        QVERIFY(f.isRefused());
        held.pop_back();
        QVERIFY(!f.isRefused());
    }
    void aLimitBeyondTheWordIsTakenAsTheMost() {
        Fixture most(PermitLimiter::kMostPermits);
        QCOMPARE(most.limiter->limit(), PermitLimiter::kMostPermits);
        Fixture more(PermitLimiter::kMostPermits + 1.0);
        QCOMPARE(more.limiter->limit(), PermitLimiter::kMostPermits);
        const Permit permit = more.acquire();
        QCOMPARE(more.limiter->limit(), PermitLimiter::kMostPermits);
        QCOMPARE(more.limiter->inFlight(), 1u);
    }
    void theShareToAdmitIsDrawnByLot() {
        const auto admitted = [](double share, std::uint64_t seed) {
            auto limit = std::make_unique<FakeLimit>();
            limit->next.limit = 100;
            limit->next.admitShare = share;
            PermitLimiter limiter(std::move(limit), kStart, seed);
            std::vector<bool> answers;
            for (int i = 0; i < 10'000; ++i) {
                answers.push_back(limiter.tryAcquire(kStart).has_value());
            }
            return answers;
        };
        const auto count = [](const std::vector<bool>& answers) {
            return std::count(answers.begin(), answers.end(), true);
        };
        QCOMPARE(count(admitted(1, 1)), 10'000);
        QCOMPARE(count(admitted(0, 1)), 0);
        QVERIFY(std::abs(static_cast<double>(count(admitted(0.3, 1))) - 3'000) < 150);
        QVERIFY(admitted(0.3, 1) == admitted(0.3, 1));
        QVERIFY(admitted(0.3, 1) != admitted(0.3, 2'000'000));
    }
    void settingsAreChangedFromOutside() {
        Fixture f(4);
        const auto before = f.limiter->withLimit([](Limit& limit) {
            const double was = limit.decision().limit;
            limit.reconfigure({.kind = LimiterKind::Fixed, .limit = 1});
            return was;
        });
        QCOMPARE(before, 4.0);
        QCOMPARE(f.limiter->limit(), 1u);
        const Permit one = f.acquire();
        QVERIFY(f.isRefused());
    }

    void theAdaptiveLimitFindsTheKneeInProcess() {
        for (const std::uint64_t seed : {1u, 2u, 3u}) {
            const auto seconds = simulate(20, 5, 20, seed);
            int answered = 0;
            double limits = 0;
            for (std::size_t i = 5; i < seconds.size(); ++i) {
                answered += seconds[i].answered;
                limits += seconds[i].limit;
            }
            const auto n = static_cast<double>(seconds.size() - 5);
            const QString figures =
                QStringLiteral("%1/s of 1000, limit %2").arg(answered / n).arg(limits / n);
            QVERIFY2(answered / n >= 900, qPrintable(figures));
            QVERIFY2(limits / n >= 20 && limits / n <= 30, qPrintable(figures));
        }
    }
    void theLimitDoesNotRunAwayAtASmallOverload() {
        const auto seconds = simulate(100, 1.2, 40, 1);
        for (std::size_t i = 10; i < seconds.size(); ++i) {
            QVERIFY2(seconds[i].limit <= 250, qPrintable(QString::number(seconds[i].limit)));
        }
    }
    void theSameCallsGiveTheSameDecisions() {
        QVERIFY(simulate(20, 2, 5, 7) == simulate(20, 2, 5, 7));
        QVERIFY(!(simulate(20, 2, 5, 7) == simulate(20, 2, 5, 8)));
    }
};

LEVEE_TEST(PermitTest)
#include "permit_test.moc"
