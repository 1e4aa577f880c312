// SPDX-License-Identifier: Apache-2.0
// The shell around the pages, against a real gRPC server in this process: the past, read-only
// agents, saved views, more than one window.
#include <QApplication>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "dashboard/app/dashboard.h"
#include "dashboard/app/view_link.h"
#include "dashboard/model/decision_model.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/decisions_view.h"
#include "dashboard/views/find_box.h"
#include "dashboard/views/locator.h"
#include "dashboard/views/map_toolbar.h"
#include "dashboard/views/topology_page.h"
#include "dashboard/views/travel_frame.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/freshness_badge.h"
#include "tests/support/demo_snapshot.h"
#include "tests/support/fake_agent_server.h"
#include "tests/support/test_registry.h"

using namespace levee;

class WindowsTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        server_ = std::make_unique<test::FakeAgentServer>();
        server_->setRules(test::demoRules());
        server_->publish(test::demoSnapshot(test::kDemoFailsAt + 75));
    }
    void cleanup() {
        dashboard_.reset();
        server_.reset();
    }

    void thePastIsShownUntilEscapeAndChangesNothing() {
        open();
        auto* banner = dashboard_->window().findChild<TravelBanner*>();
        QVERIFY(!banner->isVisible());
        const std::int64_t now = dashboard_->store().newest().millis;
        FleetView later = dashboard_->store().newest();
        later.millis = now + 60'000;
        later.nodes.edit().pop_back();
        dashboard_->store().setFleet(std::make_shared<FleetView>(later));
        dashboard_->actions()[ActionId::CommandLine].trigger();
        auto* field = dashboard_->window().locator().findChild<QLineEdit*>();
        QTest::keyClicks(field, "at -30s");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(dashboard_->store().isTravelling());
        QCOMPARE(dashboard_->store().fleet().millis, now);
        // What came later is not told of.
        Event event;
        event.id = 1'000;
        event.millis = now + 1;
        dashboard_->decisions().add("shop-1", {event});
        const auto* list = dashboard_->window().findChild<DecisionsView*>();
        const QAbstractItemModel* rows = list->findChild<DataTable*>()->model();
        QCOMPARE(rows->rowCount(), dashboard_->decisions().rowCount() - 1);
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(dashboard_->window().findChild<TravelFrame*>()->isVisible());
        QVERIFY(!dashboard_->document().readOnlyReason().isEmpty());
        QTRY_COMPARE(dashboard_->window().topologyPage().canvas().scene().cards.size(),
                     std::size_t{8});
        const auto isShown = [this](Freshness freshness) {
            return std::ranges::any_of(dashboard_->window().findChildren<FreshnessBadge*>(),
                                       [freshness](const FreshnessBadge* badge) {
                                           return badge->isVisible() &&
                                                  badge->freshness() == freshness;
                                       });
        };
        QVERIFY(isShown(Freshness::TimeTravel));
        QVERIFY(!isShown(Freshness::Live));
        dashboard_->actions()[ActionId::Back].trigger();
        QVERIFY(!dashboard_->store().isTravelling());
        QTRY_VERIFY(!banner->isVisible());
        QVERIFY(!isShown(Freshness::TimeTravel));
        QVERIFY(dashboard_->document().readOnlyReason().isEmpty());
        QCOMPARE(rows->rowCount(), dashboard_->decisions().rowCount());
    }
    void anAgentThatLetsUsOnlyReadIsShownAsSuch() {
        server_->setReadOnly(true);
        open();
        QTRY_VERIFY(dashboard_->document().readOnlyReason().contains("token"));
        QVERIFY(!dashboard_->window().findChildren<FreshnessBadge*>().isEmpty());
        QVERIFY(std::ranges::any_of(
            dashboard_->window().findChildren<FreshnessBadge*>(), [](const FreshnessBadge* badge) {
                return badge->freshness() == Freshness::ReadOnly && badge->isVisible();
            }));
    }
    void aViewIsSavedOpenedAndDeleted() {
        open();
        MapViewState& map = dashboard_->window().topologyPage().mapView();
        dashboard_->selection().select(Selection::ofNode("payment"));
        map.focusOn("payment");
        map.changeHops(1);
        dashboard_->window().topologyPage().toolbar().find().setText("err > 1%");
        const auto type = [this](const QString& line) {
            dashboard_->actions()[ActionId::CommandLine].trigger();
            auto* field = dashboard_->window().locator().findChild<QLineEdit*>();
            QTest::keyClicks(field, line);
            QTest::keyClick(field, Qt::Key_Return);
            return !dashboard_->window().locator().isVisible();
        };
        QVERIFY(type("save-view pay"));
        map.focusOn("");
        dashboard_->window().topologyPage().toolbar().find().setText("");
        dashboard_->selection().clear();
        dashboard_->views().showPage(Page::Fleet);
        QVERIFY(type("view pay"));
        QCOMPARE(dashboard_->views().page(), Page::Topology);
        QCOMPARE(dashboard_->selection().current(), Selection::ofNode("payment"));
        QCOMPARE(map.wish().focus, std::string("payment"));
        QCOMPARE(map.wish().hops, 2);
        QVERIFY(!map.find().isEmpty());
        QVERIFY(!type("view nothing"));
        dashboard_->window().locator().hide();
        // Ctrl+K knows it as well.
        dashboard_->views().showPage(Page::Fleet);
        dashboard_->actions()[ActionId::Locate].trigger();
        auto* field = dashboard_->window().locator().findChild<QLineEdit*>();
        QTest::keyClicks(field, "v pay");
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(dashboard_->views().page(), Page::Topology);
        QVERIFY(type("delete-view pay"));
        QVERIFY(dashboard_->savedViews().all().empty());
    }
    void anotherWindowHasAPageAndASelectionOfItsOwn() {
        open();
        dashboard_->selection().select(Selection::ofNode("payment"));
        dashboard_->views().showPage(Page::Service);
        dashboard_->actions()[ActionId::NewWindow].trigger();
        QCOMPARE(dashboard_->sideWindows().size(), std::size_t{1});
        SideWindow& side = *dashboard_->sideWindows().front();
        QVERIFY(side.window().isVisible());
        QCOMPARE(side.views().page(), Page::Service);
        QCOMPARE(side.window().view().select, QString("payment"));
        dashboard_->views().showPage(Page::Topology);
        dashboard_->selection().select(Selection::ofNode("ledger"));
        QCOMPARE(side.views().page(), Page::Service);
        QCOMPARE(side.window().view().select, QString("payment"));
        // There is one text of the rules, in the first window.
        side.views().showPage(Page::Rules);
        QCOMPARE(dashboard_->views().page(), Page::Rules);
        QCOMPARE(side.views().page(), Page::Topology);
        for (std::size_t i = 1; i <= Dashboard::kMostSideWindows; ++i)
            dashboard_->actions()[ActionId::NewWindow].trigger();
        QCOMPARE(dashboard_->sideWindows().size(), Dashboard::kMostSideWindows);
        dashboard_->sideWindows().back()->window().close();
        QCOMPARE(dashboard_->sideWindows().size(), Dashboard::kMostSideWindows - 1);
    }
    void windowsComeBackWithTheNextSession() {
        QTemporaryDir folder;
        qputenv("XDG_STATE_HOME", folder.path().toUtf8());
        qputenv("XDG_CONFIG_HOME", folder.path().toUtf8());
        const QString file = folder.filePath("dashboard.ini");
        Options options;
        options.theme = ThemeChoice::Dark;
        options.screenshot = "";
        options.connect << QString::fromStdString(server_->address());
        {
            Dashboard first(options, Settings::inFile(file), *qApp, time_);
            QVERIFY(first.start().isOk());
            ViewLink link;
            link.page = Page::Fleet;
            first.openWindow(link);
            QCOMPARE(first.savedViews().save("night", first.window().link()), QString());
            first.window().close();
            QVERIFY(first.sideWindows().empty());
        }
        Dashboard second(options, Settings::inFile(file), *qApp, time_);
        QVERIFY(second.start().isOk());
        QCOMPARE(second.sideWindows().size(), std::size_t{1});
        QCOMPARE(second.sideWindows().front()->views().page(), Page::Fleet);
        QVERIFY(second.savedViews().find("night"));
    }
    void whileAllWindowsAreMinimisedLittleIsAskedFor() {
        open();
        QTRY_COMPARE(server_->stateMillis(), 0);
        dashboard_->window().showMinimized();
        QTRY_VERIFY(server_->stateMillis() >= 5'000);
        dashboard_->window().showNormal();
        QTRY_COMPARE(server_->stateMillis(), 0);
    }

private:
    void open() {
        Options options;
        options.theme = ThemeChoice::Dark;
        options.screenshot = "unused: no animations";
        options.connect << QString::fromStdString(server_->address());
        dashboard_ = std::make_unique<Dashboard>(options, Settings::transient(), *qApp, time_);
        QVERIFY(dashboard_->start().isOk());
        QTRY_COMPARE(dashboard_->store().fleet().nodes.size(), std::size_t{8});
    }

    RealTimeSource time_;
    std::unique_ptr<test::FakeAgentServer> server_;
    std::unique_ptr<Dashboard> dashboard_;
};

LEVEE_TEST(WindowsTest)
#include "windows_test.moc"
