// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/fair_share.h"

#include <malloc.h>

#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <utility>
#include <vector>

#include "shared/base/random.h"
#include "shared/guard/admissible_rate.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

/// Keys that ask at random, each at its own rate, in front of a service of a known capacity.
class Callers {
public:
    Callers(std::vector<double> rates, double capacity, std::uint64_t seed = 1)
        : rates_(std::move(rates)), capacity_(capacity), random_(seed), share_(seed) {
        asked_.resize(rates_.size());
        admitted_.resize(rates_.size());
        forget();
    }

    void run(double seconds) {
        const double end = now_ + seconds;
        double sum = 0;
        for (const double rate : rates_) {
            sum += rate;
        }
        while (now_ < end) {
            now_ += -std::log(1 - random_.uniform()) / sum;
            for (; nextWindow_ < now_; nextWindow_ += 0.1) {
                share_.onWindow(capacity_, time(nextWindow_));
            }
            const std::size_t key = choose(sum);
            ++asked_[key];
            admitted_[key] += share_.admits(hashOf(key), time(now_)) ? 1 : 0;
        }
        ran_ += seconds;
    }
    void setRate(std::size_t key, double rate) { rates_[key] = rate; }
    void setCapacity(double capacity) { capacity_ = capacity; }
    void forget() {
        std::fill(asked_.begin(), asked_.end(), 0);
        std::fill(admitted_.begin(), admitted_.end(), 0);
        ran_ = 0;
    }
    double success(std::size_t key) const { return admitted_[key] / asked_[key]; }
    double rate(std::size_t key) const { return admitted_[key] / ran_; }
    double total() const {
        double sum = 0;
        for (const double n : admitted_) {
            sum += n;
        }
        return sum / ran_;
    }
    FairShare& share() { return share_; }
    /// Keys that have nothing random about them: small numbers.
    static std::uint64_t hashOf(std::size_t key) { return key; }

private:
    static MonotonicTime time(double seconds) { return MonotonicTime(fromSeconds(3600 + seconds)); }
    std::size_t choose(double sum) {
        double left = random_.uniform() * sum;
        for (std::size_t key = 0; key + 1 < rates_.size(); ++key) {
            left -= rates_[key];
            if (left < 0) {
                return key;
            }
        }
        return rates_.size() - 1;
    }

    std::vector<double> rates_;
    double capacity_;
    Random random_;
    FairShare share_;
    double now_ = 0;
    double nextWindow_ = 0.1;
    double ran_ = 0;
    std::vector<double> asked_;
    std::vector<double> admitted_;
};

/// A service of 24 slots that is asked twice as much as it can do by one heavy key and thirty small
/// ones; what may be admitted is measured.
class LimitedService {
public:
    /// Ordered: in the queue the requests of limited keys stand behind the others, and fewer of
    /// them.
    explicit LimitedService(bool isOrdered) : isOrdered_(isOrdered) {}

    /// Share of the small keys' requests that is answered.
    double successOfSmallKeys() {
        while (now_ < 40) {
            const auto done = std::min_element(running_.begin(), running_.end());
            const double completion = done != running_.end() ? done->first : 1e9;
            const double next = std::min({completion, nextArrival_, nextWindow_});
            busySeconds_ += static_cast<double>(running_.size()) * (next - now_);
            now_ = next;
            if (next == nextWindow_) {
                closeWindow();
            } else if (next == nextArrival_) {
                arrive();
            } else {
                answered_ += done->second ? counted() : 0;
                running_.erase(done);
                dispatch();
            }
        }
        return answered_ / asked_;
    }

private:
    static constexpr std::size_t kSlots = 24;
    static constexpr std::size_t kPlaces = 3;

    MonotonicTime time() const { return MonotonicTime(fromSeconds(3600 + now_)); }
    double counted() const { return now_ > 3 ? 1 : 0; }
    double exponential(double mean) { return -mean * std::log(1 - random_.uniform()); }
    void closeWindow() {
        nextWindow_ += 0.1;
        window_.inFlight = busySeconds_ / 0.1;
        admissible_.onWindow(window_, time());
        share_.onWindow(admissible_.perSecond(), time());
        window_ = {.limit = kSlots};
        busySeconds_ = 0;
    }
    void arrive() {
        nextArrival_ += exponential(1.0 / 2000);
        const bool isSmall = random_.uniform() < 0.3;
        const std::uint64_t key = isSmall ? 1 + random_.next() % 30 : 0;
        asked_ += isSmall ? counted() : 0;
        if (!share_.admits(key, time())) {
            return;
        }
        const bool isBehind = isOrdered_ && share_.limitOf(key) < FairShare::kUnlimited;
        const std::size_t bound = isOrdered_ && !isBehind ? kPlaces + kSlots : kPlaces;
        if (running_.size() >= kSlots && waiting_[0].size() + waiting_[1].size() >= bound) {
            ++window_.refused;
            return;
        }
        waiting_[isBehind ? 1 : 0].push_back(isSmall);
        dispatch();
    }
    void dispatch() {
        for (std::deque<bool>& queue : waiting_) {
            while (!queue.empty() && running_.size() < kSlots) {
                running_.emplace_back(now_ + exponential(0.024), queue.front());
                queue.pop_front();
                ++window_.admitted;
            }
        }
    }

    bool isOrdered_;
    Random random_{5};
    FairShare share_{5};
    AdmissibleRate admissible_;
    std::array<std::deque<bool>, 2> waiting_;
    std::vector<std::pair<double, bool>> running_;  ///< end, and whether the key is small
    AdmissionSample window_{.limit = kSlots};
    double busySeconds_ = 0;
    double asked_ = 0;
    double answered_ = 0;
    double now_ = 0;
    double nextArrival_ = 0;
    double nextWindow_ = 0.1;
};

QByteArray number(double value) {
    return QByteArray::number(value);
}

}  // namespace

class FairShareTest : public QObject {
    Q_OBJECT
private slots:
    void whereAllFitInNobodyIsLimited() {
        Callers c({100, 200, 300}, 700);
        c.run(5);
        QCOMPARE(c.share().fairRate(), FairShare::kUnlimited);
        QCOMPARE(c.share().limitOf(Callers::hashOf(2)), FairShare::kUnlimited);
        QCOMPARE(c.success(0), 1.0);
        QCOMPARE(c.success(2), 1.0);
        QVERIFY2(std::abs(c.share().demandOf(Callers::hashOf(2)) - 300) < 60,
                 number(c.share().demandOf(Callers::hashOf(2))));
    }
    void oneKeyOfAHundredfoldDemandDoesNotStarveTheSmallOnes() {
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            std::vector<double> rates(51, 10);
            rates[0] = 1000;
            Callers c(rates, 750, seed);  // 1500 asked for: twice as much
            c.run(1);
            c.forget();
            c.run(20);
            double asked = 0;
            for (std::size_t key = 1; key < rates.size(); ++key) {
                asked += c.success(key) / 50;
                QVERIFY2(c.success(key) >= 0.97, number(c.success(key)));
            }
            QVERIFY2(asked >= 0.99, number(asked));
            QVERIFY2(c.rate(0) > 235 && c.rate(0) < 265, number(c.rate(0)));
            QCOMPARE(c.share().limitOf(Callers::hashOf(0)), c.share().fairRate());
            QCOMPARE(c.share().limitOf(Callers::hashOf(1)), FairShare::kUnlimited);
        }
    }
    void equalKeysGetEqualShares() {
        Callers c(std::vector<double>(20, 100), 1000);
        c.run(1);
        c.forget();
        c.run(20);
        for (std::size_t key = 0; key < 20; ++key) {
            QVERIFY2(std::abs(c.rate(key) / 50 - 1) < 0.03, number(c.rate(key)));
        }
    }
    void whatASmallKeyLeavesOverGoesToTheOthers() {
        Callers c({10, 20, 100, 200}, 130);
        c.run(2);
        c.forget();
        c.run(60);
        QVERIFY(c.success(0) > 0.99);
        QVERIFY(c.success(1) > 0.99);
        QVERIFY2(std::abs(c.rate(2) - 50) < 4, number(c.rate(2)));
        QVERIFY2(std::abs(c.rate(3) - 50) < 4, number(c.rate(3)));
    }
    void aKeyThatBecomesHeavyIsLimitedWithinThreeWindows() {
        std::vector<double> rates(51, 10);
        Callers c(rates, 750);
        c.run(5);
        QCOMPARE(c.share().fairRate(), FairShare::kUnlimited);
        c.setRate(0, 1000);
        c.run(0.3);
        QVERIFY2(c.share().fairRate() < 500, number(c.share().fairRate()));
        c.forget();
        c.run(5);
        // What it may save up, half a second, it spends in the first of these.
        QVERIFY2(c.rate(0) < 1.15 * 250, number(c.rate(0)));
        c.setRate(0, 10);
        c.run(0.3);
        QCOMPARE(c.share().fairRate(), FairShare::kUnlimited);
    }
    void theCapacityIsUsedAndNotExceeded() {
        std::vector<double> rates;
        for (int key = 0; key < 300; ++key) {
            rates.push_back(2000.0 / (key + 1));  // Zipf
        }
        Callers c(rates, 3000);
        c.run(2);
        c.forget();
        c.run(20);
        QVERIFY2(c.total() > 0.95 * 3000 && c.total() < 1.03 * 3000, number(c.total()));
        c.setCapacity(6000);
        c.run(1);
        c.forget();
        c.run(20);
        QVERIFY2(c.total() > 0.95 * 6000 && c.total() < 1.03 * 6000, number(c.total()));
    }
    void aMillionKeysCostNoMemoryAndHideNoHeavyOne() {
        FairShare share(1);
        MonotonicTime now{1h};
        const std::size_t before = mallinfo2().uordblks;
        Random random(2);
        constexpr std::uint64_t kHeavy = 42;
        double heavyAdmitted = 0;
        double admitted = 0;
        std::uint64_t fresh = 1'000;
        for (int window = 0; window < 20; ++window) {
            for (int i = 0; i < 50'000; ++i) {
                now += 2us;
                const bool passes = share.admits(++fresh, now);
                admitted += window >= 10 && passes ? 1 : 0;
                if (i % 50 == 0) {  // 10,000 a second
                    const bool heavyPasses = share.admits(kHeavy, now);
                    heavyAdmitted += window >= 10 && heavyPasses ? 1 : 0;
                    admitted += window >= 10 && heavyPasses ? 1 : 0;
                }
            }
            share.onWindow(50'000, now);
        }
        QCOMPARE(mallinfo2().uordblks, before);
        QVERIFY2(std::abs(share.demandOf(kHeavy) / 10'000 - 1) < 0.1,
                 number(share.demandOf(kHeavy)));
        // A second with half a million keys of one request: none may have more than a tenth.
        QVERIFY2(std::abs(share.fairRate() - 0.1) < 0.02, number(share.fairRate()));
        QVERIFY2(heavyAdmitted <= 10, number(heavyAdmitted));
        QVERIFY2(admitted > 0.9 * 50'000 && admitted < 1.15 * 50'000, number(admitted));
    }
    void aSmallKeyAmongMoreKeysThanTheTableHoldsIsNeverTakenForAHeavyOne() {
        FairShare share(1);
        MonotonicTime now{1h};
        Random random(3);
        for (int window = 0; window < 30; ++window) {
            for (int i = 0; i < 10'000; ++i) {
                share.count(random.next() % 20'000);  // 5 a second each
            }
            share.count(7);  // and 10 a second
            now += 100ms;
            share.onWindow(1e9, now);
        }
        QCOMPARE(share.fairRate(), FairShare::kUnlimited);
        QVERIFY2(share.demandOf(7) <= 60, number(share.demandOf(7)));
    }
    void theGatewayReadsTheLimitsOfTheHeavyKeys() {
        FairShare share(1);
        MonotonicTime now{1h};
        for (int window = 0; window < 20; ++window) {
            for (int i = 0; i < 100; ++i) {
                share.count(1);
                if (i < 10) {
                    share.count(2);
                }
            }
            now += 100ms;
            share.onWindow(600, now);
        }
        QVERIFY2(std::abs(share.fairRate() - 500) < 1, number(share.fairRate()));
        QCOMPARE(share.limitOf(1), share.fairRate());
        QCOMPARE(share.limitOf(2), FairShare::kUnlimited);
        QCOMPARE(share.limitOf(3), FairShare::kUnlimited);
        QCOMPARE(share.demandOf(3), 0.0);
    }
    void inFrontOfALimiterTheSmallKeysLoseNothingIfTheOthersStandBehind() {
        const double ordered = LimitedService(true).successOfSmallKeys();
        QVERIFY2(ordered >= 0.99, number(ordered));
        // The limiter refuses the surplus from whoever comes.
        const double mixed = LimitedService(false).successOfSmallKeys();
        QVERIFY2(mixed > 0.7 && mixed < 0.9, number(mixed));
    }
    void noCapacityAdmitsNobodyAndAnUnknownOneEverybody() {
        Callers c({100, 100}, 0);
        c.run(2);
        c.forget();
        c.run(5);
        QCOMPARE(c.total(), 0.0);
        for (const double unknown : {std::nan(""), -1.0, FairShare::kUnlimited}) {
            c.setCapacity(unknown);
            c.run(0.5);
            c.forget();
            c.run(1);
            QCOMPARE(c.success(0), 1.0);
        }
    }
    void aWindowThatIsNotLaterIsIgnored() {
        FairShare share(1);
        const MonotonicTime now{1h};
        share.onWindow(100, now);
        for (int i = 0; i < 100; ++i) {
            share.count(1);
        }
        share.onWindow(100, now);
        QCOMPARE(share.demandOf(1), 0.0);
        share.onWindow(100, now + 100ms);
        QCOMPARE(share.demandOf(1), 1000.0);
        QCOMPARE(share.fairRate(), 100.0);
    }
};

LEVEE_TEST(FairShareTest)
#include "fair_share_test.moc"
