// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/view_link.h"

#include <QTest>

#include "dashboard/app/options.h"
#include "tests/support/test_registry.h"

using namespace levee;

class ViewLinkTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsWrittenIsRead() {
        ViewLink link;
        link.page = Page::Timeline;
        link.select = "支付 & co->b#1+2%";
        link.minutes = 15;
        link.agents = {"shop-1:7400", "unix:/run/a b"};
        const auto read = readLink(writeLink(link));
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QCOMPARE(*read, link);
        QCOMPARE(*readLink(writeLink({})), ViewLink{});
    }
    void whatIsAskedOfTheMapIsPartOfIt() {
        ViewLink link;
        link.page = Page::Topology;
        link.find = "err > 1% and !idle";
        link.hide = "kind:user";
        link.focus = "支付";
        link.hops = 3;
        link.errorsOnly = true;
        link.group = MapGrouping::Host;
        const auto read = readLink(writeLink(link));
        QVERIFY2(read.isOk(), read.isOk() ? "" : read.error().message.c_str());
        QCOMPARE(*read, link);
        link.errorsOnly = false;
        link.showAll = true;
        QCOMPARE(*readLink(writeLink(link)), link);
    }
    void itCanBeReadByPeople() {
        ViewLink link;
        link.page = Page::Service;
        link.select = "payment";
        link.agents = {"shop-1:7400"};
        QCOMPARE(writeLink(link), QString("levee://view/service?select=payment&agent=shop-1:7400"));
    }
    void whatIsWrongIsSaid_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("scheme") << "https://view/rules";
        QTest::newRow("host") << "levee://run/rules";
        QTest::newRow("page") << "levee://view/nowhere";
        QTest::newRow("minutes zero") << "levee://view?minutes=0";
        QTest::newRow("minutes past") << "levee://view?minutes=1441";
        QTest::newRow("expression") << "levee://view?find=err%20%3E";
        QTest::newRow("long expression") << "levee://view?hide=" + QString(1'001, 'x');
        QTest::newRow("hops") << "levee://view?focus=a&hops=6";
        QTest::newRow("hops zero") << "levee://view?focus=a&hops=0";
        QTest::newRow("show") << "levee://view?show=some";
        QTest::newRow("group") << "levee://view?group=colour";
        QTest::newRow("agent") << "levee://view?agent=--help";
        QTest::newRow("too long") << "levee://view?select=" + QString(kLongestLink, 'x');
    }
    void whatIsWrongIsSaid() {
        QFETCH(QString, text);
        QVERIFY(!readLink(text).isOk());
        QVERIFY(!parseOptions({"levee-dashboard", text}).isOk());
    }
    void theBoundsThemselvesAreRight() {
        QVERIFY(readLink("levee://view?minutes=1440").isOk());
        QVERIFY(readLink("levee://view?minutes=1").isOk());
    }
    void aLinkOnTheCommandLineOpensTheView() {
        auto options =
            parseOptions({"levee-dashboard",
                          "levee://view/fleet?select=payment&minutes=60&agent=a:1&agent=b:2"});
        QVERIFY(options.isOk());
        QCOMPARE(options->page, std::optional(Page::Fleet));
        QCOMPARE(options->select, QString("payment"));
        QCOMPARE(options->minutes, std::optional(60));
        QCOMPARE(options->linkAgents, (QStringList{"a:1", "b:2"}));
        const auto own = parseOptions({"levee-dashboard", "--connect", "c:3", "--page", "rules",
                                       "levee://view/fleet?agent=a:1"});
        QCOMPARE(own->connect, QStringList{"c:3"});
        QCOMPARE(own->page, std::optional(Page::Rules));
        // A link chooses among the agents that contexts.yaml names, no others.
        QVERIFY(!applyContext("", "contexts.yaml", *options).isOk());
        QVERIFY(options->connect.isEmpty());
        const std::string known = "contexts: {x: {agents: [\"a:1\"]}, y: {agents: [\"b:2\"]}}";
        QVERIFY(applyContext(known, "contexts.yaml", *options).isOk());
        QCOMPARE(options->connect, (QStringList{"a:1", "b:2"}));
    }
};

LEVEE_TEST(ViewLinkTest)
#include "view_link_test.moc"
