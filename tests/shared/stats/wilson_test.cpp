// SPDX-License-Identifier: Apache-2.0
#include "shared/stats/wilson.h"

#include <QTest>
#include <cmath>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using stats::ShareBounds;
using stats::wilsonBounds;

class WilsonTest : public QObject {
    Q_OBJECT
private slots:
    void theBoundsAreThePublishedOnes() {
        const ShareBounds half = wilsonBounds(5, 10);
        QVERIFY(std::abs(half.low - 0.2366) < 1e-4 && std::abs(half.high - 0.7634) < 1e-4);
        const ShareBounds none = wilsonBounds(0, 10);
        QCOMPARE(none.low, 0.0);
        QVERIFY(std::abs(none.high - 0.2775) < 1e-4);
    }
    void withoutTrialsNothingIsKnown() {
        QCOMPARE(wilsonBounds(0, 0).low, 0.0);
        QCOMPARE(wilsonBounds(0, 0).high, 1.0);
    }
    void hitsAndMissesMirrorEachOther() {
        for (std::uint64_t n = 1; n <= 40; ++n) {
            for (std::uint64_t hits = 0; hits <= n; ++hits) {
                const ShareBounds a = wilsonBounds(hits, n);
                const ShareBounds b = wilsonBounds(n - hits, n);
                QVERIFY(std::abs(a.low - (1 - b.high)) < 1e-12);
                const double share = static_cast<double>(hits) / static_cast<double>(n);
                QVERIFY(0 <= a.low && a.low <= share && share <= a.high && a.high <= 1);
            }
        }
    }
    void moreTrialsAndLessCertaintyNarrowThem() {
        const auto width = [](ShareBounds b) { return b.high - b.low; };
        QVERIFY(width(wilsonBounds(20, 100)) < width(wilsonBounds(2, 10)));
        QVERIFY(width(wilsonBounds(2, 10, 1.645)) < width(wilsonBounds(2, 10, 1.96)));
    }
    void theyHoldTheTrueShareAsOftenAsTheySay() {
        Random random(17);
        int held = 0;
        constexpr int kRounds = 20'000;
        for (int round = 0; round < kRounds; ++round) {
            const double share = 0.05 + 0.9 * random.uniform();
            std::uint64_t hits = 0;
            for (int i = 0; i < 30; ++i) {
                hits += random.uniform() < share ? 1 : 0;
            }
            const ShareBounds b = wilsonBounds(hits, 30);
            held += b.low <= share && share <= b.high ? 1 : 0;
        }
        QVERIFY2(std::abs(held / static_cast<double>(kRounds) - 0.95) < 0.01,
                 qPrintable(QString::number(held)));
    }
};

LEVEE_TEST(WilsonTest)
#include "wilson_test.moc"
