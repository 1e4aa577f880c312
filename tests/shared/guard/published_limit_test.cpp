// SPDX-License-Identifier: Apache-2.0
// What holds for every limit that the settings can ask for.
#include "shared/guard/published_limit.h"

#include <QTest>
#include <cmath>
#include <limits>

#include "shared/base/random.h"
#include "shared/model/names.h"
#include "tests/shared/guard/window_feed.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

LimiterSettings settingsOf(LimiterKind kind) {
    LimiterSettings settings;
    settings.kind = kind;
    settings.limit = 30;
    return settings;
}

WindowSample anyWindow(Random& random) {
    const auto count = random.next() % 3 == 0 ? 0 : random.next() % 200;
    const double latency = 1e-5 * std::pow(10, 6 * random.uniform());
    WindowSample s = answers(count, latency, static_cast<std::uint32_t>(random.next() % 300));
    s.length = fromSeconds(random.uniform());
    s.failed = random.next() % 4 == 0 ? random.next() % 300 : 0;
    s.timedOut = random.next() % 5 == 0 ? random.next() % 50 : 0;
    s.shed = random.next() % 2 == 0 ? random.next() % 1'000 : 0;
    s.leastQueueWait = random.next() % 2 == 0 ? 0.02 * random.uniform() : 0;
    s.timeout = random.next() % 2 == 0 ? Duration::zero() : Duration(5s);
    return s;
}

/// Has a limit of its own that moves within the bounds.
bool isLearning(LimiterKind kind) {
    return kind == LimiterKind::Aimd || kind == LimiterKind::Vegas ||
           kind == LimiterKind::Gradient2 || kind == LimiterKind::EnvoyGradient ||
           kind == LimiterKind::SentinelBbr;
}

}  // namespace

class PublishedLimitTest : public QObject {
    Q_OBJECT

    static void everyKind() {
        QTest::addColumn<int>("kind");
        for (int i = 1; i <= static_cast<int>(LimiterKind::SentinelBbr); ++i) {
            const std::string kindName(name(static_cast<LimiterKind>(i)));
            QTest::newRow(kindName.c_str()) << i;
        }
    }
    static LimiterKind kind() {
        QFETCH(int, kind);
        return static_cast<LimiterKind>(kind);
    }

private slots:
    void offIsNoLimit() { QVERIFY(!makeLimit(settingsOf(LimiterKind::Off))); }

    void whateverComesTheDecisionIsLegal_data() { everyKind(); }
    void whateverComesTheDecisionIsLegal() {
        Random random(17);
        for (int round = 0; round < 20; ++round) {
            const auto limit = makeLimit(settingsOf(kind()));
            WindowFeed feed(*limit);
            for (int i = 0; i < 500; ++i) {
                feed.give(anyWindow(random));
                const LimitDecision d = limit->decision();
                QVERIFY(d.limit >= 1 && d.limit <= 10'000);
                QVERIFY(d.queueLimit >= 1);
                QVERIFY(d.admitShare >= 0 && d.admitShare <= 1);
                QVERIFY(std::isnan(d.baseline) || (d.baseline > 0 && d.baseline < 100));
            }
        }
    }
    void theSameWindowsGiveTheSameDecisions_data() { everyKind(); }
    void theSameWindowsGiveTheSameDecisions() {
        const auto one = makeLimit(settingsOf(kind()));
        const auto other = makeLimit(settingsOf(kind()));
        Random random(5);
        MonotonicTime now{1h};
        for (int i = 0; i < 1'000; ++i) {
            const WindowSample sample = anyWindow(random);
            now += sample.length;
            one->onWindow(sample, now);
            other->onWindow(sample, now);
            QCOMPARE(one->decision().limit, other->decision().limit);
            QCOMPARE(one->decision().admitShare, other->decision().admitShare);
        }
    }
    void theSettingsBoundWhatLearns_data() { everyKind(); }
    void theSettingsBoundWhatLearns() {
        if (!isLearning(kind())) {
            return;
        }
        LimiterSettings settings = settingsOf(kind());
        settings.minLimit = 40;
        settings.maxLimit = 50;
        const auto limit = makeLimit(settings);
        WindowFeed feed(*limit);
        feed.give(answers(100, 0.01, 50), 300);
        feed.give(timeouts(100, 50), 300);
        QVERIFY(limit->decision().limit >= 40 && limit->decision().limit <= 50);
        settings.minLimit = 1'500;  // above every published maximum
        settings.maxLimit = 1'500;
        limit->reconfigure(settings);
        QCOMPARE(limit->decision().limit, 1'500.0);
        feed.give(answers(100, 0.01, 50), 300);
        QCOMPARE(limit->decision().limit, 1'500.0);
    }
    void anAskedForQueueIsKept_data() { everyKind(); }
    void anAskedForQueueIsKept() {
        LimiterSettings settings = settingsOf(kind());
        settings.queue = 0;
        const auto limit = makeLimit(settings);
        QCOMPARE(limit->decision().queueLimit, 0u);
        settings.queue = 7;
        limit->reconfigure(settings);
        QCOMPARE(limit->decision().queueLimit, 7u);
    }
    void aWindowFromThePastOrWithoutLengthIsIgnored_data() { everyKind(); }
    void aWindowFromThePastOrWithoutLengthIsIgnored() {
        const auto limit = makeLimit(settingsOf(kind()));
        WindowFeed feed(*limit);
        feed.give(answers(100, 0.02, 30), 100);
        const LimitDecision before = limit->decision();
        WindowSample bad = timeouts(1'000, 300);
        bad.failed = 1'000;
        for (int i = 0; i < 100; ++i) {
            limit->onWindow(bad, feed.now());
            limit->onWindow(bad, feed.now() - 1s);
        }
        bad.length = Duration::zero();
        feed.pass(1s);
        limit->onWindow(bad, feed.now());
        QCOMPARE(limit->decision().limit, before.limit);
        QCOMPARE(limit->decision().admitShare, before.admitShare);
        QCOMPARE(limit->decision().queueLimit, before.queueLimit);
    }
    void aLearnedLimitIsKeptAndNonsenseIsNot() {
        for (const LimiterKind k : {LimiterKind::Aimd, LimiterKind::Vegas, LimiterKind::Gradient2,
                                    LimiterKind::EnvoyGradient}) {
            const auto limit = makeLimit(settingsOf(k));
            limit->restore({.limit = 77});
            QCOMPARE(limit->save(), (LimitMemory{.limit = 77}));
            for (const double bad : {0.0, -5.0, kNaN, std::numeric_limits<double>::infinity()}) {
                limit->restore({.limit = bad});
                QCOMPARE(limit->save().limit, 77.0);
            }
        }
    }
    void whatLearnsNoLimitLeavesTheMemoryOfOthersAlone() {
        for (const LimiterKind k : {LimiterKind::Codel, LimiterKind::ClientThrottle,
                                    LimiterKind::AdmissionControl, LimiterKind::SentinelBbr}) {
            const auto limit = makeLimit(settingsOf(k));
            const double before = limit->decision().limit;
            limit->restore({.limit = 77, .baseline = 0.1, .throughput = 10});
            QVERIFY(limit->save().isEmpty());
            QCOMPARE(limit->decision().limit, before);
        }
    }
};

LEVEE_TEST(PublishedLimitTest)
#include "published_limit_test.moc"
