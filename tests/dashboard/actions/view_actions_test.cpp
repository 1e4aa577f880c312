// SPDX-License-Identifier: Apache-2.0
#include "dashboard/actions/view_actions.h"

#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include "tests/support/demo_snapshot.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;

class ViewActionsTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        actions_ = std::make_unique<ActionRegistry>();
        store_ = std::make_unique<TopologyStore>(time_);
        selection_ = std::make_unique<SelectionState>();
        views_ = std::make_unique<ViewActions>(*actions_, *store_, *selection_);
        const AgentSnapshot snapshot = test::demoSnapshot(700);
        FleetSource source;
        source.agent.hasSnapshot = true;
        source.snapshot = &snapshot;
        store_->setFleet(std::make_shared<const FleetView>(mergeFleet({source})));
    }
    void everyKeyIsGivenOnce() {
        QSet<QString> seen;
        for (int i = 0; i < static_cast<int>(ActionId::Count); ++i) {
            for (const QKeySequence& key : (*actions_)[static_cast<ActionId>(i)].shortcuts()) {
                QVERIFY2(!seen.contains(key.toString()), qPrintable(key.toString()));
                seen.insert(key.toString());
            }
        }
        QVERIFY(seen.contains("F1"));
    }
    void functionKeysShowPages() {
        QSignalSpy pages(views_.get(), &ViewActions::pageChanged);
        (*actions_)[ActionId::PageRules].trigger();
        QCOMPARE(views_->page(), Page::Rules);
        QVERIFY((*actions_)[ActionId::PageRules].isChecked());
        QVERIFY(!(*actions_)[ActionId::PageTopology].isChecked());
        QCOMPARE(pages.size(), 1);
    }
    void spacePausesAndLGoesLive() {
        (*actions_)[ActionId::Pause].trigger();
        QVERIFY(store_->isPaused());
        (*actions_)[ActionId::Live].trigger();
        QVERIFY(!store_->isPaused());
        QVERIFY(!(*actions_)[ActionId::Pause].isChecked());
    }
    void tabWalksFromTheWorstToTheEndAndThenLetsGo() {
        QSignalSpy ended(views_.get(), &ViewActions::walkEnded);
        std::vector<std::string> seen;
        for (int i = 0; i < 4; ++i) {
            (*actions_)[ActionId::NextUnhealthy].trigger();
            seen.push_back(selection_->current().node);
        }
        QCOMPARE(seen, store_->unhealthy());
        QCOMPARE(ended.size(), 0);
        (*actions_)[ActionId::NextUnhealthy].trigger();
        QCOMPARE(ended.size(), 1);
        (*actions_)[ActionId::PreviousUnhealthy].trigger();
        QCOMPARE(selection_->current().node, seen[2]);
    }
    void escapeGoesBackOneLevelAtATime() {
        selection_->select(Selection::ofNode("payment"));
        views_->showPage(Page::Service);
        (*actions_)[ActionId::Back].trigger();
        QCOMPARE(views_->page(), Page::Topology);
        QCOMPARE(selection_->current(), Selection::ofNode("payment"));
        (*actions_)[ActionId::Back].trigger();
        QCOMPARE(selection_->current().kind, Selection::Kind::None);
        (*actions_)[ActionId::Back].trigger();
        QCOMPARE(views_->page(), Page::Topology);
    }
    void pagesHaveNamesForTheCommandLine() {
        QCOMPARE(pageFromName("scaling"), std::optional(Page::Scaling));
        QVERIFY(!pageFromName("nothing"));
    }

private:
    test::ManualTimeSource time_;
    std::unique_ptr<ActionRegistry> actions_;
    std::unique_ptr<TopologyStore> store_;
    std::unique_ptr<SelectionState> selection_;
    std::unique_ptr<ViewActions> views_;
};

LEVEE_TEST(ViewActionsTest)
#include "view_actions_test.moc"
