// SPDX-License-Identifier: Apache-2.0
#include "agent/app/kept_series.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class KeptSeriesTest : public QObject {
    Q_OBJECT
private slots:
    void whatTheSignalsOfAPackReadIsKept() {
        AgentConfig config;
        config.keep.expressions = {"mine"};
        config.packs.resize(1);
        config.packs[0].pack.needs = "there";
        config.packs[0].pack.signalList = {
            {"s", "rate(read{code=\"5\"}[20m]) / whole", "", "", ""}};
        const KeepConfig kept = keptFor(config);
        const KeepFilter filter = keepFilter(kept, {});
        for (const char* name : {"mine", "there", "whole"})
            QVERIFY2(filter.keeps(*Series::make(name, {})), name);
        QVERIFY(filter.keeps(*Series::make("read", {{"code", "5"}})));
        QVERIFY(!filter.keeps(*Series::make("read", {{"code", "4"}})));
        QVERIFY(!filter.keeps(*Series::make("other", {})));
        QCOMPARE(historySettings(kept, {}).needed.size(), std::size_t{4});
    }
};

LEVEE_TEST(KeptSeriesTest)
#include "kept_series_test.moc"
