// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/timeline_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

#include "dashboard/client/grpc_agent_session.h"
#include "dashboard/model/decision_model.h"
#include "dashboard/model/note_book.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/timeline_markdown.h"
#include "dashboard/model/timeline_state.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/test_registry.h"

using namespace levee;

class TimelineModelTest : public QObject {
    Q_OBJECT
private slots:
    void everythingStandsInOneOrderNewestFirst() {
        DecisionModel decisions;
        RuleDocument document("ana");
        NoteBook notes;
        TimelineModel model(decisions, document, notes);
        const QAbstractItemModelTester tester(&model);
        decisions.add("shop-1",
                      {event(1, 1'000, EventKind::Breaker), event(2, 3'000, EventKind::Target)});
        QVERIFY(notes.add({2'000, "ana", "payment", "pool exhausted"}).isOk());
        QTRY_COMPARE(model.rowCount(), 3);
        QCOMPARE(model.row(0).lane, TimelineLane::Changes);
        QCOMPARE(model.row(1).lane, TimelineLane::Notes);
        QCOMPARE(model.row(1).who, std::string("ana"));
        QCOMPARE(model.row(2).lane, TimelineLane::Guards);
        const std::string id = model.row(2).id;
        decisions.add("shop-1", {event(3, 4'000, EventKind::Limit)});
        QTRY_COMPARE(model.rowCount(), 4);
        QCOMPARE(model.entry(id)->millis, std::int64_t{1'000});
        QVERIFY(!model.entry("nothing"));
    }
    void aRevisionThatAnEventTellsOfIsShownOnce() {
        test::FakeAgentServer server;
        server.setRules("# one\n");
        server.setRules("# two\n");
        server.publish(test::demoSnapshot(1));
        const RealTimeSource time;
        LinkOptions options;
        options.address = server.address();
        GrpcAgentSession session(options, time);
        DecisionModel decisions;
        RuleDocument document("ana");
        NoteBook notes;
        TimelineModel model(decisions, document, notes);
        document.setSession(&session);
        session.connectToAgent();
        QTRY_VERIFY(document.revisions().size() >= 2);
        const auto all = static_cast<int>(document.revisions().size());
        QTRY_COMPARE(model.rowCount(), all);
        QCOMPARE(model.row(0).lane, TimelineLane::Rules);
        Event told = event(9, 9'000, EventKind::Rule);
        told.revision = document.revisions().front().revision;
        decisions.add("shop-1", {told});
        QTRY_VERIFY(model.entry("shop-1#9000#9"));
        QCOMPARE(model.rowCount(), all);
        document.setSession(nullptr);
    }
    void theFilterLooksAtWordsLanesAndTheSubject() {
        TimelineState state;
        TimelineEntry entry;
        entry.lane = TimelineLane::Guards;
        entry.subject = "checkout->payment";
        entry.text = "breaker opened";
        entry.who = "shop-1";
        QVERIFY(state.accepts(entry));
        state.setFilter("SHOP opened");
        QVERIFY(state.accepts(entry));
        state.setFilter("shop closed");
        QVERIFY(!state.accepts(entry));
        state.setFilter({});
        state.setOnlyAbout("payment");
        QVERIFY(state.accepts(entry));
        state.setOnlyAbout("pay");
        QVERIFY(!state.accepts(entry));
        state.setOnlyAbout({});
        state.setShown(TimelineLane::Guards, false);
        QVERIFY(!state.accepts(entry));
    }
    void markdownCannotBeBrokenOutOf() {
        TimelineEntry entry;
        entry.millis = 1'760'000'000'000;
        entry.subject = "pay|ment";
        entry.text = "<b>[x](y)</b>\nnext";
        const QString text = timelineMarkdown({entry});
        QVERIFY(text.contains("2025-10-09 08:53:20"));
        QVERIFY(text.contains("pay\\|ment"));
        QVERIFY(text.contains("\\<b\\>\\[x\\](y)\\</b\\> next"));
        QCOMPARE(text.count('\n'), 3);
    }

private:
    static Event event(std::int64_t id, std::int64_t millis, EventKind kind) {
        Event event;
        event.id = id;
        event.millis = millis;
        event.kind = kind;
        event.text = "something";
        return event;
    }
};

LEVEE_TEST(TimelineModelTest)
#include "timeline_model_test.moc"
