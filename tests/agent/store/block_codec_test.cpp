// SPDX-License-Identifier: Apache-2.0
#include "agent/store/block_codec.h"

#include <QTest>
#include <cmath>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;

class BlockCodecTest : public QObject {
    Q_OBJECT
private slots:
    void valuesComeBackWithFloatPrecision() {
        Random random(1);
        TrafficBlock block(120);
        for (Traffic& t : block)
            t = {random.uniform() * 1e5, random.uniform(), 0, random.uniform(), kUnknown, 3};
        const auto back = decodeBlock(encodeBlock(block));
        QVERIFY(back.isOk());
        QCOMPARE(back->size(), block.size());
        for (std::size_t i = 0; i < block.size(); ++i) {
            QCOMPARE((*back)[i].requestRate,
                     static_cast<double>(static_cast<float>(block[i].requestRate)));
            QVERIFY(std::isnan((*back)[i].p95));
            QCOMPARE((*back)[i].p99, 3.0);
        }
    }
    void anEmptyBlockIsABlock() { QCOMPARE(decodeBlock(encodeBlock({}))->size(), std::size_t{0}); }
    void aSteadyMinuteTakesFewBytesAValue() {
        Random random(2);
        TrafficBlock block(120);
        for (Traffic& t : block) {
            const double jitter = random.uniform();
            t = {95 + std::floor(jitter * 10), std::floor(jitter * 2), 0,
                 0.020 + jitter * 0.002,       0.030 + jitter * 0.004, 0.050 + jitter * 0.01};
        }
        const std::size_t bytes = encodeBlock(block).size();
        qInfo("%.2f bytes a value", static_cast<double>(bytes) / (120 * 6));
        QVERIFY(bytes < 3 * 120 * 6);
    }
    void damageIsSeen() {
        const std::string good = encodeBlock(TrafficBlock(20));
        QVERIFY(!decodeBlock(""));
        for (std::size_t cut = 0; cut < good.size(); ++cut)
            QVERIFY(!decodeBlock(good.substr(0, cut)));
        Random random(3);
        for (int round = 0; round < 2000; ++round) {
            std::string bad = good;
            bad[random.next() % bad.size()] = static_cast<char>(random.next());
            (void)decodeBlock(bad);  // any answer, no crash
        }
    }
};

LEVEE_TEST(BlockCodecTest)
#include "block_codec_test.moc"
