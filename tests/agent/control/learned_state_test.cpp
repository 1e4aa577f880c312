// SPDX-License-Identifier: Apache-2.0
#include "agent/control/learned_state.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class LearnedStateTest : public QObject {
    Q_OBJECT
private slots:
    void itComesBackAsItWas() {
        const std::map<std::string, LimitMemory> learned{{"payment", {5.25, 0.0203, 201.5}},
                                                         {"web", {40, 0.001, 0}}};
        QCOMPARE(readLearned(writeLearned(learned)), learned);
        QVERIFY(readLearned("").empty());
    }
    void aDamagedLineIsForgottenAndTheOthersKept() {
        const auto learned = readLearned(
            "a limit=5 baseline=0.1 throughput=2\n"
            "b limit=nan baseline=0.1 throughput=2\n"
            "c limit=-5 baseline=0.1 throughput=2\n"
            "d limit=5 baseline=0.1\n"
            "e limit=5 baseline=0.1 throughput=2 more\n"
            " limit=5 baseline=0.1 throughput=2\n"
            "f limit=7 baseline=0.2 throughput=3");
        QCOMPARE(learned.size(), std::size_t{2});
        QCOMPARE(learned.at("f").limit, 7.0);
    }
};

LEVEE_TEST(LearnedStateTest)
#include "learned_state_test.moc"
