// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/rule_document.h"

#include <QSignalSpy>
#include <QTest>

#include "dashboard/client/grpc_agent_session.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/model_builders.h"
#include "tests/support/test_registry.h"

using namespace levee;
using State = RuleDocument::State;
using Check = RuleDocument::CheckState;

class RuleDocumentTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        server_ = std::make_unique<test::FakeAgentServer>();
        server_->publish(test::makeSnapshot());
        server_->setRules("one");
        server_->setChecker([](const std::string& text) {
            return text.find("bad") == std::string::npos
                       ? Diagnostics{}
                       : Diagnostics{
                             {Severity::Error, "unknown-key", "bad is unknown", {"", 1, 1}}};
        });
        LinkOptions options;
        options.address = server_->address();
        session_ = std::make_unique<GrpcAgentSession>(options, time_);
        session_->connectToAgent();
        document_ = std::make_unique<RuleDocument>("ana@desk");
        document_->setSession(session_.get());
    }
    void cleanup() {
        document_.reset();
        session_.reset();
        server_.reset();
    }

    void itLoadsTheRulesInForce() {
        QTRY_COMPARE(document_->state(), State::Clean);
        QCOMPARE(document_->text(), QString("one"));
        QCOMPARE(document_->baseRevision(), std::int64_t{1});
        QTRY_COMPARE(document_->checkState(), Check::Passed);
        QTRY_COMPARE(document_->revisions().size(), std::size_t{1});
    }
    void whatTheRulesSetForAGuardIsKnown() {
        QTRY_COMPARE(document_->state(), State::Clean);
        GuardState guard;
        guard.revision = 1;
        const std::string host = session_->snapshot()->agent.host;
        QVERIFY(!document_->settingsOf(host, guard));  // "one" is no rule set
        server_->setRules(
            "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: pay}\nspec:\n  match: {service: "
            "payment}\n  agentLoss: {then: open, after: 30s}\n");
        AgentSnapshot snapshot = test::makeSnapshot();
        snapshot.agent.rulesRevision = 2;
        server_->publish(snapshot);
        QTRY_COMPARE(document_->activeRevision(), std::int64_t{2});
        guard.rule = "pay";
        QVERIFY(!document_->settingsOf(host, guard));  // its guard has not taken it yet
        guard.revision = 2;
        QCOMPARE(document_->settingsOf(host, guard)->agentLoss.then, AgentLoss::Open);
        guard.rule = "default";
        QCOMPARE(document_->settingsOf(host, guard)->agentLoss.then, AgentLoss::Auto);
        QVERIFY(!document_->settingsOf("another", guard));
    }
    void typingIsCheckedOnceItStops() {
        QTRY_COMPARE(document_->checkState(), Check::Passed);
        const int before = server_->checks();
        document_->setText("ba");
        document_->setText("bad");
        QCOMPARE(document_->checkState(), Check::Unchecked);
        QTRY_COMPARE(document_->checkState(), Check::Failed);
        QCOMPARE(server_->checks(), before + 1);
        QCOMPARE(document_->diagnostics().size(), std::size_t{1});
        QVERIFY(document_->whyNotApply("reason").contains("errors"));
    }
    void applyingNeedsAReason() {
        QTRY_COMPARE(document_->state(), State::Clean);
        document_->setText("two");
        QVERIFY(!document_->whyNotApply("  ").isEmpty());
        QSignalSpy failures(document_.get(), &RuleDocument::failed);
        document_->apply("");
        QCOMPARE(failures.size(), 1);
        QCOMPARE(server_->activeRevision(), std::int64_t{1});
    }
    void onlyACheckedTextCanBeApplied() {
        QTRY_COMPARE(document_->checkState(), Check::Passed);
        document_->setText("two");
        QVERIFY(!document_->whyNotApply("because").isEmpty());
        document_->checkNow();
        QCOMPARE(document_->checkState(), Check::Checking);
        QVERIFY(!document_->whyNotApply("because").isEmpty());
        QTRY_COMPARE(document_->checkState(), Check::Passed);
        QCOMPARE(document_->whyNotApply("because"), QString());
    }
    void anAppliedEditIsInForce() {
        QTRY_COMPARE(document_->state(), State::Clean);
        edit("two");
        QCOMPARE(document_->state(), State::Dirty);
        QSignalSpy successes(document_.get(), &RuleDocument::succeeded);
        document_->apply("ledger is slow");
        QTRY_COMPARE(successes.size(), 1);
        QTRY_COMPARE(document_->state(), State::Clean);
        QCOMPARE(server_->activeText(), std::string("two"));
        QCOMPARE(document_->baseRevision(), std::int64_t{2});
        QTRY_COMPARE(document_->revisions().size(), std::size_t{2});
        QCOMPARE(document_->revisions().front().author, std::string("ana@desk"));
    }
    void anEditOfSomebodyElseReplacesAnUntouchedText() {
        QTRY_COMPARE(document_->state(), State::Clean);
        server_->setRules("theirs");
        QTRY_COMPARE(document_->text(), QString("theirs"));
        QCOMPARE(document_->state(), State::Clean);
    }
    void anEditOfSomebodyElseUnderAnEditIsAConflict() {
        makeConflict();
        QCOMPARE(document_->text(), QString("mine"));
        QVERIFY(document_->conflictText().contains("somebody"));
        QSignalSpy failures(document_.get(), &RuleDocument::failed);
        document_->apply("I insist");
        QCOMPARE(failures.size(), 1);
        QCOMPARE(server_->activeText(), std::string("theirs"));
    }
    void takingTheirsGivesUpTheEdit() {
        makeConflict();
        document_->takeTheirs();
        QCOMPARE(document_->text(), QString("theirs"));
        QCOMPARE(document_->state(), State::Clean);
        QCOMPARE(document_->baseRevision(), std::int64_t{2});
    }
    void keepingMineMakesItAnEditOfTheirs() {
        makeConflict();
        document_->keepMine();
        QCOMPARE(document_->state(), State::Dirty);
        QTRY_COMPARE(document_->checkState(), Check::Passed);
        document_->apply("seen and meant");
        QTRY_COMPARE(server_->activeText(), std::string("mine"));
        QTRY_COMPARE(document_->state(), State::Clean);
    }
    void aRaceThatNoSnapshotToldOfIsLostWithoutHarm() {
        QTRY_COMPARE(document_->state(), State::Clean);
        edit("mine");
        server_->setRules("theirs");
        // At once: the snapshot that tells of revision 2 has not arrived.
        QSignalSpy failures(document_.get(), &RuleDocument::failed);
        document_->apply("first come");
        QTRY_COMPARE(failures.size(), 1);
        QTRY_COMPARE(document_->state(), State::Conflict);
        QCOMPARE(server_->activeText(), std::string("theirs"));
    }
    void aRollbackBringsTheOlderTextInForce() {
        QTRY_COMPARE(document_->state(), State::Clean);
        edit("two");
        document_->apply("try");
        QTRY_COMPARE(document_->baseRevision(), std::int64_t{2});
        QTRY_COMPARE(document_->state(), State::Clean);
        document_->rollback(1, "did not help");
        QTRY_COMPARE(document_->text(), QString("one"));
        QTRY_COMPARE(document_->state(), State::Clean);
        QCOMPARE(server_->activeRevision(), std::int64_t{3});
    }
    void aRollbackUnderAnEditKeepsTheEdit() {
        QTRY_COMPARE(document_->state(), State::Clean);
        edit("two");
        document_->apply("try");
        QTRY_COMPARE(document_->baseRevision(), std::int64_t{2});
        document_->setText("half done");
        document_->rollback(1, "did not help");
        QTRY_COMPARE(document_->state(), State::Conflict);
        QCOMPARE(document_->text(), QString("half done"));
    }
    void anOlderRevisionComesBackAsAnEdit() {
        QTRY_COMPARE(document_->state(), State::Clean);
        edit("two");
        document_->apply("try");
        QTRY_COMPARE(document_->revisions().size(), std::size_t{2});
        document_->restore(1);
        QCOMPARE(document_->text(), QString("one"));
        QCOMPARE(document_->state(), State::Dirty);
    }
    void anAgentWithoutRulesStartsFromAnEmptyText() {
        test::FakeAgentServer bare;
        bare.publish(test::makeSnapshot());
        LinkOptions options;
        options.address = bare.address();
        GrpcAgentSession session(options, time_);
        session.connectToAgent();
        RuleDocument document("ana");
        document.setSession(&session);
        QTRY_COMPARE(document.state(), State::Clean);
        document.setText("first");
        QTRY_COMPARE(document.checkState(), Check::Passed);
        document.apply("begin");
        QTRY_COMPARE(bare.activeText(), std::string("first"));
    }
    void withoutAnAgentNothingCanBeApplied() {
        RuleDocument document("ana");
        QCOMPARE(document.state(), State::NoAgent);
        QVERIFY(!document.whyNotApply("because").isEmpty());
    }

private:
    void edit(const QString& text) {
        document_->setText(text);
        document_->checkNow();
        QTRY_COMPARE(document_->checkState(), Check::Passed);
    }
    void makeConflict() {
        QTRY_COMPARE(document_->state(), State::Clean);
        document_->setText("mine");
        server_->setRules("theirs");
        QTRY_COMPARE(document_->state(), State::Conflict);
    }
    RealTimeSource time_;
    std::unique_ptr<test::FakeAgentServer> server_;
    std::unique_ptr<GrpcAgentSession> session_;
    std::unique_ptr<RuleDocument> document_;
};

LEVEE_TEST(RuleDocumentTest)
#include "rule_document_test.moc"
