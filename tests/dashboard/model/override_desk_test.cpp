// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/override_desk.h"

#include <QSignalSpy>
#include <QTest>

#include "dashboard/client/session_pool.h"
#include "dashboard/model/override_model.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/rule_promotion.h"
#include "dashboard/model/topology_store.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {
constexpr std::int64_t kMinute = 60'000;

OverrideDraft draft() {
    OverrideDraft made;
    made.order.subject = "payment";
    made.order.kind = OverrideKind::Limit;
    made.order.limit = 20;
    made.order.ttlMillis = 30 * kMinute;
    made.order.reason = "slow";
    made.hosts = {"shop-1"};
    return made;
}
}  // namespace

class OverrideDeskTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsHeldIsListedByItsEndAndRunsDownByTheAgentsWordAndItsAge() {
        show({{"checkout", 900}, {"payment", 60}});
        const auto& held = desk_.held();
        QCOMPARE(held.size(), std::size_t{2});
        QCOMPARE(held[0].value.subject, std::string("payment"));
        QCOMPARE(desk_.secondsLeft(held[0]), 60.0);
        time_.advance(20s);
        QCOMPARE(desk_.secondsLeft(held[0]), 40.0);
        time_.advance(60s);
        QCOMPARE(desk_.secondsLeft(held[0]), 0.0);
        QVERIFY(desk_.find("shop-1", "payment"));
        QVERIFY(!desk_.find("shop-2", "payment"));
    }
    void theTableKeepsItsRowsWhileTimePasses() {
        const OverrideModel model(desk_);
        show({{"checkout", 900}, {"payment", 60}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, OverrideModel::Guard).data().toString(), QString("checkout"));
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        show({{"checkout", 899}, {"payment", 59}});
        QCOMPARE(removed.count(), 0);
        QVERIFY(changed.count() > 0);
        show({{"checkout", 898}});
        QCOMPARE(model.rowCount(), 1);
    }
    void anOrderAtEachLimitPasses_data() {
        QTest::addColumn<qint64>("minutes");
        QTest::addColumn<quint32>("limit");
        QTest::addColumn<double>("factor");
        QTest::addColumn<bool>("isRight");
        QTest::newRow("shortest") << qint64{1} << 20U << 0.0 << true;
        QTest::newRow("no time") << qint64{0} << 20U << 0.0 << false;
        QTest::newRow("a day") << qint64{1'440} << 20U << 0.0 << true;
        QTest::newRow("longer") << qint64{1'441} << 20U << 0.0 << false;
        QTest::newRow("least") << qint64{30} << 1U << 0.0 << true;
        QTest::newRow("none") << qint64{30} << 0U << 0.0 << false;
        QTest::newRow("most") << qint64{30} << 100'000U << 0.0 << true;
        QTest::newRow("more") << qint64{30} << 100'001U << 0.0 << false;
        QTest::newRow("least factor") << qint64{30} << 0U << 0.01 << true;
        QTest::newRow("smaller factor") << qint64{30} << 0U << 0.009 << false;
        QTest::newRow("most factor") << qint64{30} << 0U << 100.0 << true;
        QTest::newRow("larger factor") << qint64{30} << 0U << 100.1 << false;
    }
    void anOrderAtEachLimitPasses() {
        QFETCH(qint64, minutes);
        QFETCH(quint32, limit);
        QFETCH(double, factor);
        QFETCH(bool, isRight);
        OverrideDraft made = draft();
        made.order.ttlMillis = minutes * kMinute;
        made.order.limit = limit;
        made.order.factor = factor;
        QCOMPARE(desk_.whyNotSet(made).isEmpty(), isRight);
    }
    void everythingThatIsWrongIsSaidAtOnce() {
        const QString why = desk_.whyNotSet({});
        QVERIFY2(why.contains("guard") && why.contains("time") && why.contains("reason"),
                 qPrintable(why));
        QVERIFY(!desk_.whyNotExtend(0, " ").isEmpty());
        QCOMPARE(desk_.whyNotExtend(30, "slow"), QString());
        document_.setReadOnly("read-only!");
        QVERIFY(desk_.whyNotSet(draft()).contains("read-only!"));
        document_.setReadOnly("");
    }
    void aHostThatIsNotConnectedIsNamed() {
        QSignalSpy failed(&desk_, &OverrideDesk::failed);
        desk_.set(draft());
        QCOMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains("shop-1"));
    }
    void aHeldLimitBecomesARuleInThePatch() {
        Override held;
        held.subject = "payment";
        held.kind = OverrideKind::Limit;
        held.limit = 20;
        const auto rules = promotedRules(test::demoRules(), held);
        QVERIFY2(rules, rules ? "" : rules.error().message.c_str());
        QVERIFY(rulesPatch(test::demoRules(), *rules).find("+") != std::string::npos);
        QVERIFY(rules->find("limit: 20") != std::string::npos);
        // A service without a rule gets one.
        held.subject = "ledger";
        const auto more = promotedRules(test::demoRules(), held);
        QVERIFY(more && more->find("service: ledger") != std::string::npos);
        QVERIFY(more->starts_with(test::demoRules()));
        held.kind = OverrideKind::ForceOpen;
        QVERIFY(!promotedRules(test::demoRules(), held));
    }

private:
    void show(const std::vector<std::pair<std::string, double>>& held) {
        AgentSnapshot snapshot = test::demoSnapshot(60);
        for (GuardState& guard : snapshot.guards)
            for (const auto& [subject, left] : held)
                if (guard.subject == subject) {
                    guard.heldBy.emplace();
                    guard.heldBy->subject = subject;
                    guard.heldBy->kind = OverrideKind::Limit;
                    guard.heldBy->limit = 20;
                    guard.heldBy->remainingSeconds = left;
                    guard.heldBy->expiresMillis = snapshot.millis + static_cast<int>(left) * 1'000;
                }
        FleetSource source;
        source.snapshot = &snapshot;
        source.agent.info = snapshot.agent;
        source.agent.hasSnapshot = true;
        source.agent.heardAt = time_.monotonic();
        store_.setFleet(std::make_shared<FleetView>(mergeFleet({source})));
    }
    test::ManualTimeSource time_;
    SessionPool pool_{time_};
    TopologyStore store_{time_};
    RuleDocument document_{"ana"};
    OverrideDesk desk_{pool_, store_, document_};
};

LEVEE_TEST(OverrideDeskTest)
#include "override_desk_test.moc"
