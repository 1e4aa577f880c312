// SPDX-License-Identifier: Apache-2.0
#include "agent/store/block_codec.h"

#include <zstd.h>

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
        HistoryBlock block(120);
        for (HistoryValue& value : block) {
            static_cast<Traffic&>(value) = {random.uniform() * 1e5, random.uniform(), 0,
                                            random.uniform(),       kUnknown,         3};
            value.minRtt = 0.25;
        }
        const auto back = decodeBlock(encodeBlock(block));
        QVERIFY(back.isOk());
        QCOMPARE(back->size(), block.size());
        for (std::size_t i = 0; i < block.size(); ++i) {
            QCOMPARE((*back)[i].requestRate,
                     static_cast<double>(static_cast<float>(block[i].requestRate)));
            QVERIFY(std::isnan((*back)[i].p95));
            QCOMPARE((*back)[i].p99, 3.0);
            QCOMPARE((*back)[i].minRtt, 0.25);
            QVERIFY(std::isnan((*back)[i].rtt));
        }
    }
    void blocksOfVersion1AreRead() {
        // Two values of 6 columns, each 1.0, as that version wrote them.
        std::string raw{'\x01', '\x06', '\x02', '\x00'};
        for (int column = 0; column < 6; ++column)
            raw += std::string(4, '\0') + std::string{'\x80', '\x80', '\x3f', '\x3f'};
        std::string packed(ZSTD_compressBound(raw.size()), '\0');
        packed.resize(ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), 3));
        const auto back = decodeBlock(packed);
        QVERIFY(back.isOk());
        QCOMPARE(back->size(), std::size_t{2});
        QCOMPARE((*back)[1].requestRate, 1.0);
        QCOMPARE((*back)[1].p99, 1.0);
        QVERIFY(std::isnan((*back)[1].cpuCores));
    }
    void anEmptyBlockIsABlock() { QCOMPARE(decodeBlock(encodeBlock({}))->size(), std::size_t{0}); }
    void aSteadyMinuteTakesFewBytesAValue() {
        Random random(2);
        HistoryBlock block(120);
        for (HistoryValue& value : block) {
            const double jitter = random.uniform();
            static_cast<Traffic&>(value) = {
                95 + std::floor(jitter * 10), std::floor(jitter * 2), 0,
                0.020 + jitter * 0.002,       0.030 + jitter * 0.004, 0.050 + jitter * 0.01};
        }
        const std::size_t bytes = encodeBlock(block).size();
        qInfo("%.2f bytes a value", static_cast<double>(bytes) / (120 * 6));
        QVERIFY(bytes < 3 * 120 * 6);
    }
    void damageIsSeen() {
        const std::string good = encodeBlock(HistoryBlock(20));
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
