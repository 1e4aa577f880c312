// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/sampling_weight.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee::ingest;

class SamplingWeightTest : public QObject {
    Q_OBJECT
private slots:
    void theThresholdGivesTheWeight_data() {
        QTest::addColumn<QString>("state");
        QTest::addColumn<quint32>("weight");
        const auto row = [](const char* state, quint32 weight) {
            QTest::newRow(state) << QString(state) << weight;
        };
        row("ot=th:0", 1);
        row("ot=th:8", 2);
        row("ot=th:c", 4);
        row("ot=th:80000000000000", 2);
        row("ot=th:f", 16);
        row("ot=th:fff", 4096);
        row("ot=rv:00000000000001;th:c", 4);
        row("vendor=x:y , ot=th:8", 2);
        row("vendor=th:8", 0);
        row("", 0);
        row("ot=th:", 0);
        row("ot=th:g", 0);
        row("ot=th:-8", 0);
        row("ot=th:8 8", 0);
        row("ot=th:800000000000000", 0);  // fifteen digits
        row("not=th:8", 0);
        row("ot=th:ffffffffffffff", kMostWeight);
        row(",,;=", 0);
    }
    void theThresholdGivesTheWeight() {
        QFETCH(QString, state);
        QFETCH(quint32, weight);
        QCOMPARE(samplingWeight(state.toStdString(), {1, 2}), weight);
    }
    void weightsThatAreNotWholeAreRightOnAverage() {
        std::uint64_t sum = 0;
        for (std::uint64_t trace = 1; trace <= 100'000; ++trace) {
            const std::uint32_t weight = weightOfShare(0.4, {trace, trace * 7919});
            QVERIFY(weight == 2 || weight == 3);
            sum += weight;
        }
        QVERIFY(sum > 249'000 && sum < 251'000);  // 2.5 each, six standard deviations
    }
    void oneTraceHasOneWeight() {
        QCOMPARE(samplingWeight("ot=th:9", {5, 6}), samplingWeight("ot=th:9", {5, 6}));
    }
};

LEVEE_TEST(SamplingWeightTest)
#include "sampling_weight_test.moc"
