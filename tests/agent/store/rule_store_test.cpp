// SPDX-License-Identifier: Apache-2.0
#include "agent/store/rule_store.h"

#include <QTemporaryDir>
#include <QTest>

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
        QCOMPARE(store->append(0, rules("one"))->revision, std::int64_t{1});
        const auto late = store->append(0, rules("other"));
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::Conflict);
        QVERIFY(late.error().message.find("revision 1") != std::string::npos);
        QCOMPARE(store->append(1, rules("two"))->revision, std::int64_t{2});
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
    void theFilesTheyCameFromAreKnownByHash() {
        QCOMPARE(open()->fileHash(), std::string());
        QVERIFY(open()->setFileHash("abc").isOk());
        QCOMPARE(open()->fileHash(), std::string("abc"));
    }
};

LEVEE_TEST(RuleStoreTest)
#include "rule_store_test.moc"
