// SPDX-License-Identifier: Apache-2.0
#include "agent/store/rule_store.h"

#include <QTemporaryDir>
#include <QTest>

#include "agent/store/database.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

RuleRevision rules(const std::string& text) {
    return {0, 1'700'000'000'000, "ana", "because", text, false};
}

}  // namespace

class RuleStoreTest : public QObject {
    Q_OBJECT
    QTemporaryDir directory_;

    std::unique_ptr<RuleStore> open() {
        return std::move(*RuleStore::open(directory_.path().toStdString(), 0));
    }
private slots:
    void initTestCase() { QVERIFY(directory_.isValid()); }

    void revisionsCountUpAndTheSecondEditorGetsAConflict() {
        const auto store = open();
        QCOMPARE(store->active()->revision, std::int64_t{0});
        QCOMPARE(store->append(0, rules("one"), AuditAction::Apply, "diff")->revision,
                 std::int64_t{1});
        const auto late = store->append(0, rules("other"), AuditAction::Apply, "diff");
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::Conflict);
        QVERIFY(late.error().message.find("revision 1") != std::string::npos);
        QCOMPARE(store->append(1, rules("two"), AuditAction::Apply, "diff")->revision,
                 std::int64_t{2});
        QCOMPARE(store->active()->text, std::string("two"));
    }
    void theyAreThereAfterARestart() {
        const auto store = open();
        const auto listed = store->list(10, true, 0);
        QCOMPARE(listed->size(), std::size_t{2});
        QCOMPARE(listed->at(0).text, std::string("two"));
        QVERIFY(listed->at(0).active && !listed->at(1).active);
        QCOMPARE(listed->at(1).author, std::string("ana"));
        QCOMPARE(store->list(10, false, 1)->at(0).text, std::string());
        QCOMPARE(store->list(10, true, -1)->at(0).revision, std::int64_t{2});
    }
    void everyRevisionIsInTheAudit() {
        const auto audit = open()->audit(10, 0, "rules");
        QCOMPARE(audit->size(), std::size_t{2});
        QCOMPARE(audit->at(0).id, std::int64_t{2});
        QCOMPARE(audit->at(0).revision, std::int64_t{2});
        QCOMPARE(audit->at(0).change, std::string("diff"));
        QCOMPARE(audit->at(0).reason, std::string("because"));
        QCOMPARE(open()->audit(10, 2, "")->size(), std::size_t{1});
    }
    void theAuditIsOnlyAddedTo() {
        auto database =
            Database::open((directory_.path() + "/rules.db").toStdString(), Durability::Full, 0);
        QVERIFY(!database->execute("UPDATE audit SET author = 'x'"));
        QVERIFY(!database->execute("DELETE FROM audit"));
    }
    void withoutAnAuditNothingChanges() {
        const auto store = open();
        {
            auto database = Database::open((directory_.path() + "/rules.db").toStdString(),
                                           Durability::Full, 0);
            QVERIFY(
                database->execute("CREATE TRIGGER stop BEFORE INSERT ON audit BEGIN SELECT "
                                  "RAISE(ABORT, 'no room'); END"));
        }
        const auto made = store->append(2, rules("three"), AuditAction::Apply, "");
        QVERIFY(!made && made.error().message.find("no room") != std::string::npos);
        StoredOverride held;
        held.value.subject = "a->b";
        QVERIFY(!store->setOverride(held, {}));
        QCOMPARE(store->active()->revision, std::int64_t{2});
        QVERIFY(store->overrides()->empty());
        auto database =
            Database::open((directory_.path() + "/rules.db").toStdString(), Durability::Full, 0);
        QVERIFY(database->execute("DROP TRIGGER stop"));
    }
    void overridesAreKeptWithTheirClocks() {
        const auto store = open();
        StoredOverride held;
        held.value.subject = "payment";
        held.value.kind = OverrideKind::Limit;
        held.value.limit = 20;
        held.value.factor = 0.5;
        held.value.author = "ana";
        held.value.reason = "INC";
        held.value.startMillis = 1;
        held.value.expiresMillis = 2;
        held.bootId = "boot";
        held.bootDeadlineMillis = 3;
        held.remainingMillis = 4;
        const auto first =
            store->setOverride(held, {AuditAction::OverrideSet, "ana", "INC", "", 1});
        held.value.factor = kUnknown;
        const auto second =
            store->setOverride(held, {AuditAction::OverrideSet, "ana", "INC", "", 1});
        QVERIFY(*second > *first);
        held.value.id = *second;
        held.remainingMillis = 5;
        QVERIFY(store->saveRemaining({held}).isOk());
        const auto kept = open()->overrides();
        QCOMPARE(kept->size(), std::size_t{1});
        QVERIFY(isSame(kept->at(0).value, held.value));
        QCOMPARE(kept->at(0).bootId, std::string("boot"));
        QCOMPARE(kept->at(0).bootDeadlineMillis, std::int64_t{3});
        QCOMPARE(kept->at(0).remainingMillis, std::int64_t{5});
        QVERIFY(store->removeOverride(held.value, {AuditAction::OverrideClear, "a", "", "", 1}));
        QVERIFY(store->overrides()->empty());
        QCOMPARE(store->audit(10, 0, "payment")->size(), std::size_t{3});
        QCOMPARE(store->audit(1, 0, "payment")->at(0).revision, std::int64_t{2});
    }
    void theClassThatIsShedIsKept() {
        StoredOverride held;
        held.value.subject = "web";
        held.value.kind = OverrideKind::Shed;
        held.value.className = "batch";
        QVERIFY(open()->setOverride(held, {AuditAction::OverrideSet, "ana", "INC", "", 1}));
        const auto kept = open()->overrides();
        QCOMPARE(kept->at(0).value.kind, OverrideKind::Shed);
        QCOMPARE(kept->at(0).value.className, std::string("batch"));
    }
    void aFileOfAVersionThatKnewNoClassesKeepsWhatItHolds() {
        StoredOverride held;
        held.value.subject = "payment";
        held.value.kind = OverrideKind::Limit;
        held.value.limit = 20;
        QVERIFY(open()->setOverride(held, {AuditAction::OverrideSet, "ana", "INC", "", 1}));
        {
            auto database = Database::open((directory_.path() + "/rules.db").toStdString(),
                                           Durability::Full, 0);
            QVERIFY(database->execute("ALTER TABLE override DROP COLUMN class"));
        }
        const auto store = open();
        const auto all = store->overrides();
        const auto kept = std::find_if(all->begin(), all->end(), [](const StoredOverride& each) {
            return each.value.subject == "payment";
        });
        QVERIFY(kept != all->end());
        QCOMPARE(kept->value.limit, std::uint32_t{20});
        QCOMPARE(kept->value.className, std::string());
        for (const StoredOverride& each : *all)
            QVERIFY(
                store->removeOverride(each.value, {AuditAction::OverrideClear, "a", "", "", 1}));
    }
    void theFilesTheyCameFromAreKnownByHash() {
        QCOMPARE(open()->fileHash(), std::string());
        QVERIFY(open()->setFileHash("abc").isOk());
        QCOMPARE(open()->fileHash(), std::string("abc"));
    }
};

LEVEE_TEST(RuleStoreTest)
#include "rule_store_test.moc"
