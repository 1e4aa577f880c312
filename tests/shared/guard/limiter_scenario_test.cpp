// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/guard/adaptive_limit.h"
#include "tests/shared/guard/queue_model.h"
#include "tests/support/test_registry.h"

using namespace levee;
using levee::test::QueueModel;
using levee::test::QueueModelSettings;
using levee::test::QueueReport;

class LimiterScenarioTest : public QObject {
    Q_OBJECT
private slots:
    void placeholder() {}
};

LEVEE_TEST(LimiterScenarioTest)
#include "limiter_scenario_test.moc"
