// SPDX-License-Identifier: Apache-2.0
#include "agent/control/rule_book.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

std::string rule(const std::string& name, const std::string& share) {
    return "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: " + name +
           "}\nspec:\n  match: {client: web, service: " + name +
           "}\n  breaker: {failureShare: " + share + "}\n";
}

}  // namespace

class RuleBookTest : public QObject {
    Q_OBJECT
    RealTimeSource time_;
    std::unique_ptr<QTemporaryDir> directory_;
    std::unique_ptr<RuleStore> store_;
    std::unique_ptr<RuleBook> book_;
    std::vector<RuleRevision> announced_;

    void write(const QString& name, const std::string& text) {
        QFile file(directory_->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.data(), static_cast<qint64>(text.size()));
    }
    Diagnostics load() { return book_->load({directory_->filePath("*.yaml").toStdString()}); }
    void reopen() {
        book_.reset();
        store_.reset();
        announced_.clear();
        store_ = *RuleStore::open(directory_->path().toStdString(), 0);
        book_ = std::make_unique<RuleBook>(
            *store_, time_,
            [this](const auto&, const RuleRevision& revision) { announced_.push_back(revision); });
    }
    Result<RuleEditResult> merge(const std::string& text, std::int64_t expected) {
        return book_->apply(text, "edit.yaml", RuleEdit::Merge, expected, "ana", "because");
    }
private slots:
    void init() {
        directory_ = std::make_unique<QTemporaryDir>();
        reopen();
    }

    void filesBecomeARevisionOnce() {
        write("a.yaml", rule("a", "30%"));
        write("b.yaml", rule("b", "40%"));
        QVERIFY(load().empty());
        QCOMPARE(book_->active()->revision, std::int64_t{1});
        QCOMPARE(book_->active()->rules.rules.size(), std::size_t{2});
        QVERIFY(load().empty());
        QCOMPARE(book_->active()->revision, std::int64_t{1});
        QCOMPARE(announced_.size(), std::size_t{1});
    }
    void aPackGivesWayToRulesOfTheSameName() {
        write("a.yaml", rule("a", "30%"));
        write("pack", rule("a", "50%") + "---\n" + rule("b", "60%"));
        const auto loadBoth = [this] {
            return book_->load({directory_->filePath("*.yaml").toStdString()},
                               {directory_->filePath("pack").toStdString()});
        };
        QVERIFY(loadBoth().empty());
        const auto shares = [this] {
            std::vector<double> all;
            for (const Rule& each : book_->active()->rules.rules)
                all.push_back(each.settings.breaker.failureShare);
            return all;
        };
        QCOMPARE(shares(), (std::vector<double>{0.3, 0.6}));
        QVERIFY(book_->active()->fileOf("b").ends_with("/pack"));
        // The stored text says the same.
        reopen();
        QVERIFY(loadBoth().empty());
        QCOMPARE(shares(), (std::vector<double>{0.3, 0.6}));
        QVERIFY(announced_.size() == 1 && announced_[0].revision == 1);
        const std::string watch =
            "apiVersion: levee/v1\nkind: Automation\nmetadata: {name: down}\nspec:\n  when: up == "
            "0\n  do: [{notify: {webhook: \"http://h\"}}]\n";
        write("pack", rule("a", "50%") + "---\n" + rule("b", "60%") + "---\n" + watch);
        write("a.yaml", watch + "  for: 7s\n");
        QVERIFY(loadBoth().empty());
        QCOMPARE(shares(), (std::vector<double>{0.5, 0.6}));
        QCOMPARE(book_->active()->rules.automations.size(), std::size_t{1});
        QCOMPARE(book_->active()->rules.automations[0].holdsFor, Duration(std::chrono::seconds(7)));
        write("pack", rule("b", "200%"));
        QVERIFY(hasErrors(loadBoth()));
        QCOMPARE(shares(), (std::vector<double>{0.5, 0.6}));
    }
    void anEditIsCheckedComparedAndKeptOverARestart() {
        write("a.yaml", rule("a", "30%"));
        (void)load();
        const auto edit = merge(rule("a", "20%"), 1);
        QVERIFY(edit.isOk() && edit->isApplied);
        QCOMPARE(edit->check.changes,
                 std::vector<std::string>{"a: spec.breaker.failureShare 30% -> 20%"});
        QCOMPARE(book_->active()->revision, std::int64_t{2});
        reopen();
        QVERIFY(load().empty());
        QCOMPARE(book_->active()->revision, std::int64_t{2});
        QCOMPARE(book_->active()->rules.rules[0].settings.breaker.failureShare, 0.2);
    }
    void theSecondEditorGetsAConflictAndChangesNothing() {
        (void)load();
        QVERIFY(merge(rule("a", "20%"), 1)->isApplied);
        const auto late = merge(rule("a", "25%"), 1);
        QVERIFY(late.isOk() && !late->isApplied && late->isConflict);
        QVERIFY(hasErrors(late->check.diagnostics));
        QCOMPARE(book_->active()->rules.rules[0].settings.breaker.failureShare, 0.2);
    }
    void aBadEditNamesItsPlaceAndChangesNothing() {
        (void)load();
        const auto bad = merge(rule("a", "200%"), 1);
        QVERIFY(bad.isOk() && !bad->isApplied && !bad->isConflict);
        QVERIFY(format(bad->check.diagnostics).starts_with("edit.yaml:6:"));
        QCOMPARE(book_->active()->revision, std::int64_t{1});
    }
    void anEditThatMakesRetriesMultiplyIsWarnedOfOnce() {
        const auto retries = [](const std::string& client, const std::string& service) {
            return "---\napiVersion: levee/v1\nkind: Guard\nmetadata: {name: " + service +
                   "}\nspec:\n  match: {client: " + client + ", service: " + service +
                   "}\n  retries: {most: 2, on: failure}\n";
        };
        const auto chains = [](const Result<RuleEditResult>& edit) {
            return std::count_if(edit->check.diagnostics.begin(), edit->check.diagnostics.end(),
                                 [](const auto& each) { return each.code == "retry-chain"; });
        };
        const auto first = merge(retries("web", "checkout"), 0);
        QVERIFY2(first->isApplied, format(first->check.diagnostics).c_str());
        QCOMPARE(chains(first), 0);
        const auto second = merge(retries("checkout", "payment"), 1);
        QVERIFY(second->isApplied);
        QCOMPARE(chains(second), 1);
        QCOMPARE(chains(merge(rule("other", "30%"), 2)), 0);
    }
    void badFilesLeaveTheRulesInForce() {
        write("a.yaml", rule("a", "30%"));
        (void)load();
        write("a.yaml", "kind: [");
        QVERIFY(hasErrors(load()));
        QCOMPARE(book_->active()->rules.rules.size(), std::size_t{1});
        reopen();
        QVERIFY(hasErrors(load()));
        QCOMPARE(book_->active()->rules.rules.size(), std::size_t{1});
    }
    void rollingBackIsARevisionOfItsOwn() {
        (void)load();
        (void)merge(rule("a", "20%"), 1);
        (void)merge(rule("a", "10%"), 2);
        const auto back = book_->rollback(0, 0, "ana", "worse");
        QVERIFY(back.isOk() && back->isApplied);
        QCOMPARE(book_->active()->revision, std::int64_t{4});
        QCOMPARE(book_->active()->rules.rules[0].settings.breaker.failureShare, 0.2);
        QCOMPARE(announced_.back().reason, std::string("rollback to revision 2: worse"));
        QCOMPARE(book_->rollback(99, 0, "ana", "").error().kind, ErrorKind::NotFound);
    }
    void aReasonIsRequired() {
        (void)load();
        const auto result = book_->apply(rule("a", "20%"), "e.yaml", RuleEdit::Merge, 1, "ana", "");
        QCOMPARE(result.error().kind, ErrorKind::Invalid);
    }
    void checkingChangesNothing() {
        (void)load();
        const RuleCheck check = book_->check(rule("a", "20%"), "e.yaml", RuleEdit::Merge);
        QVERIFY(check.diagnostics.empty());
        QCOMPARE(check.changes, std::vector<std::string>{"+ rule a"});
        QCOMPARE(book_->active()->revision, std::int64_t{1});
    }
};

LEVEE_TEST(RuleBookTest)
#include "rule_book_test.moc"
