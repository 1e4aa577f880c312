// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/alert_watch.h"

#include <QSignalSpy>
#include <QTest>

#include "dashboard/model/topology_store.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {
constexpr std::int64_t kNow = 1'000'000;

Event opened(const std::string& subject, std::int64_t millis = kNow) {
    Event event;
    event.kind = EventKind::Breaker;
    event.severity = EventSeverity::Warning;
    event.subject = subject;
    event.text = "opened: 10 of the last 10 calls failed";
    event.millis = millis;
    return event;
}
}  // namespace

class AlertWatchTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        store_.emplace(time_);
        watch_.emplace(*store_, time_);
        raised_.emplace(&*watch_, &AlertWatch::raised);
    }
    void aBreakerThatOpensIsToldAndWaitsForSomebody() {
        hear({opened("a->b")});
        QCOMPARE(raised_->size(), 1);
        QCOMPARE(watch_->current()->subject, std::string("a->b"));
        QCOMPARE(watch_->current()->host, std::string("shop-1"));
        watch_->dismiss();
        QVERIFY(!watch_->current());
    }
    void whatIsOldIsHistory() {
        hear({opened("a->b", kNow - AlertWatch::kOldMillis - 1)});
        QCOMPARE(raised_->size(), 0);
        hear({opened("a->b", kNow - AlertWatch::kOldMillis)});
        QCOMPARE(raised_->size(), 1);
    }
    void noticesAreNone() {
        Event closed = opened("a->b");
        closed.severity = EventSeverity::Notice;
        Event slow = opened("a");
        slow.kind = EventKind::Limit;
        hear({closed, slow});
        QCOMPARE(raised_->size(), 0);
        slow.severity = EventSeverity::Critical;
        hear({slow});
        QCOMPARE(raised_->size(), 1);
    }
    void oneThatFlapsIsToldOnce() {
        hear({opened("a->b")});
        time_.advance(AlertWatch::kQuiet - 1s);
        hear({opened("a->b")});  // which starts the quiet time again
        time_.advance(AlertWatch::kQuiet - 1s);
        hear({opened("a->b")});
        QCOMPARE(raised_->size(), 1);
        time_.advance(AlertWatch::kQuiet);
        hear({opened("a->b")});
        QCOMPARE(raised_->size(), 2);
    }
    void manyAtOnceAreCountedAndNotShown() {
        for (int i = 0; i < AlertWatch::kMostAMinute; ++i)
            hear({opened("a->" + std::to_string(i))});
        QCOMPARE(raised_->size(), AlertWatch::kMostAMinute);
        QCOMPARE(watch_->heldBack(), 0);
        hear({opened("a->x"), opened("a->y")});
        QCOMPARE(raised_->size(), AlertWatch::kMostAMinute);
        QCOMPARE(watch_->heldBack(), 2);
        QCOMPARE(watch_->current()->more, 2);
        time_.advance(1min);
        hear({opened("a->z")});
        QCOMPARE(raised_->size(), AlertWatch::kMostAMinute + 1);
    }
    void subjectsBeyondTheMostAreForgottenOnlyWhenTheyAreOld() {
        for (std::size_t i = 0; i < AlertWatch::kMostSubjects; ++i) {
            if (i % AlertWatch::kMostAMinute == 0)
                time_.advance(1ms);
            hear({opened(std::to_string(i))});
        }
        const int held = watch_->heldBack();
        hear({opened("one more")});
        QCOMPARE(watch_->heldBack(), held);  // quiet: there is no room to remember it
        time_.advance(AlertWatch::kQuiet);
        hear({opened("one more")});
        QCOMPARE(watch_->current()->subject, std::string("one more"));
    }
    void whatAPersonHoldsIsToldOnlyWhenItEnds() {
        AgentSnapshot snapshot = test::demoSnapshot(60);
        Override held;
        held.subject = "checkout->payment";
        held.remainingSeconds = 1'800;
        const auto show = [&] {
            for (GuardState& guard : snapshot.guards)
                if (guard.subject == held.subject)
                    guard.heldBy = held;
            FleetSource source;
            source.snapshot = &snapshot;
            store_->setFleet(std::make_shared<FleetView>(mergeFleet({source})));
        };
        show();
        Event ends = opened(held.subject);
        ends.kind = EventKind::Override;
        hear({opened(held.subject), ends});
        QCOMPARE(raised_->size(), 0);
        held.remainingSeconds = 299;
        show();
        hear({ends});
        QCOMPARE(raised_->size(), 1);
        held.remainingSeconds = 59;
        show();
        hear({ends});  // five minutes before and one minute before
        QCOMPARE(raised_->size(), 2);
    }

private:
    void hear(const std::vector<Event>& events) { watch_->hear("shop-1", events, kNow); }

    test::ManualTimeSource time_;
    std::optional<TopologyStore> store_;
    std::optional<AlertWatch> watch_;
    std::optional<QSignalSpy> raised_;
};

LEVEE_TEST(AlertWatchTest)
#include "alert_watch_test.moc"
