// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/map_query.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class MapQueryTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        node_ = {};
        node_.name = "shop/payment";
        node_.health = Health::Failing;
        node_.kind = NodeKind::Service;
        node_.traffic = {200, 30, 2, 0.02, 0.4, 0.8};
        node_.hosts = {"shop-1", "shop-2"};
        node_.instances = 3;
        node_.owner.team = "payments";
    }
    void expressions_data() {
        QTest::addColumn<bool>("expected");
        const std::pair<const char*, bool> rows[] = {{"", true},
                                                     {"err > 1%", true},
                                                     {"err>15%", false},
                                                     {"err >= 15%", true},
                                                     {"err>1% and !idle", true},
                                                     {"rps > 100", true},
                                                     {"rps > 0.1k/s", true},
                                                     {"rate<=200/s", true},
                                                     {"p99 > 500ms", true},
                                                     {"p99 > 1s", false},
                                                     {"shed = 1%", true},
                                                     {"instances = 3", true},
                                                     {"inflight > 1", false},
                                                     {"inflight != 1", false},
                                                     {"!(inflight > 1)", true},
                                                     {"name ~ pay", true},
                                                     {"name ~ PAY", true},
                                                     {"name = payment", false},
                                                     {"name = *payment", true},
                                                     {"name !~ cart", true},
                                                     {"pay", true},
                                                     {"cart", false},
                                                     {"\"shop/payment\"", true},
                                                     {"state:failing", true},
                                                     {"state != failing", false},
                                                     {"failing", true},
                                                     {"unhealthy and not stale", true},
                                                     {"kind:queue", false},
                                                     {"kind != queue", true},
                                                     {"host:shop-2", true},
                                                     {"host:shop-*", true},
                                                     {"host:shop", false},
                                                     {"host != shop-1", false},
                                                     {"ns:shop", true},
                                                     {"team:payments", true},
                                                     {"team != payments", false},
                                                     {"open", true},
                                                     {"half-open", false},
                                                     {"rule = pay-*", true},
                                                     {"limited or shadow", false},
                                                     {"cart or pay and failing", true},
                                                     {"pay or cart and idle", true},
                                                     {"(pay or cart) and idle", false},
                                                     {"not pay or pay", true},
                                                     {"not (pay or cart)", false},
                                                     {"failing && pay || idle", true},
                                                     {"failing & pay | idle", true},
                                                     {"!!failing", true}};
        for (const auto& [text, expected] : rows)
            QTest::newRow(text) << expected;
    }
    void expressions() {
        QFETCH(bool, expected);
        const auto parsed = MapQuery::parse(QString::fromUtf8(QTest::currentDataTag()));
        QVERIFY2(!parsed.error, parsed.error ? qPrintable(parsed.error->text) : "");
        GuardState open;
        open.rule = "pay-breaker";
        open.hasBreaker = true;
        open.breaker = BreakerState::Open;
        const FleetGuard guard{"shop-1", open, {}};
        const std::vector<const FleetGuard*> guards{&guard};
        QCOMPARE(parsed.query.matches({node_, false, &guards}), expected);
    }
    void mistakesAreShownWhereTheyAre_data() {
        QTest::addColumn<int>("position");
        QTest::addColumn<int>("length");
        QTest::addColumn<QString>("part");
        QTest::newRow("err > 1") << 6 << 1 << "1%";
        QTest::newRow("p99 > 500") << 6 << 3 << "500ms";
        QTest::newRow("rps > fast") << 6 << 4 << "100/s";
        QTest::newRow("hosts:x") << 0 << 5 << "no field";
        QTest::newRow("redis:6379") << 0 << 5 << "quotes";
        QTest::newRow("failing and") << 11 << 0 << "missing";
        QTest::newRow("and failing") << 0 << 3 << "expected";
        QTest::newRow("(pay or cart") << 0 << 1 << "not closed";
        QTest::newRow("pay)") << 3 << 1 << "not expected";
        QTest::newRow("pay cart") << 4 << 4 << "not expected";
        QTest::newRow("state:sad") << 6 << 3 << "failing";
        QTest::newRow("kind:thing") << 5 << 5 << "database";
        QTest::newRow("err ~ 1%") << 4 << 1 << "does not go";
        QTest::newRow("name > a") << 5 << 1 << "does not go";
        QTest::newRow("err >") << 5 << 0 << "missing";
        QTest::newRow("\"pay") << 0 << 4 << "quotation";
        QTest::newRow("err > 1e9%") << 6 << 4 << "1%";
    }
    void mistakesAreShownWhereTheyAre() {
        QFETCH(int, position);
        QFETCH(int, length);
        QFETCH(QString, part);
        const auto parsed = MapQuery::parse(QString::fromUtf8(QTest::currentDataTag()));
        QVERIFY(parsed.error);
        QVERIFY2(parsed.error->text.contains(part), qPrintable(parsed.error->text));
        QCOMPARE(parsed.error->position, position);
        QCOMPARE(parsed.error->length, length);
        QVERIFY(parsed.query.isEmpty());
    }
    void limitsHoldExactly() {
        const auto fails = [](const QString& text) {
            return MapQuery::parse(text).error.has_value();
        };
        QVERIFY(!fails(QString(MapQuery::kMostCharacters, 'x')));
        QVERIFY(fails(QString(MapQuery::kMostCharacters + 1, 'x')));
        // n words joined by n - 1 signs are 2 n - 1 terms.
        const auto words = [](int count) { return QStringList(count, "a").join('|'); };
        QVERIFY(!fails(words(MapQuery::kMostTerms / 2)));
        QVERIFY(fails(words(MapQuery::kMostTerms / 2 + 1)));
        const auto nested = [](int levels) {
            return QString(levels, '(') + 'a' + QString(levels, ')');
        };
        QVERIFY(!fails(nested(MapQuery::kMostLevels)));
        QVERIFY(fails(nested(MapQuery::kMostLevels + 1)));
    }
    void anythingAtAllParsesOrFailsWithAPlaceInside() {
        const QString signs = QStringLiteral("()!&|<>=~:\" aep9%ms\n");
        quint32 state = 7;
        for (int round = 0; round < 20'000; ++round) {
            QString text;
            for (int i = 0; i < 14; ++i) {
                state = state * 1'664'525U + 1'013'904'223U;
                text += signs[int(state >> 16) % int(signs.size())];
            }
            const auto parsed = MapQuery::parse(text);
            if (parsed.error)
                QVERIFY(parsed.error->position >= 0 &&
                        parsed.error->position + parsed.error->length <= text.size());
        }
    }
    void completionsFitWhereTheCursorIs() {
        const QueryVocabulary vocabulary{
            {"payment", "pay-proxy"}, {"shop-1", "shop-2"}, {"shop"}, {"payments"}};
        const auto words = [&](const QString& text) {
            return completeQuery(text, int(text.size()), vocabulary).words;
        };
        QVERIFY(words("").contains("err"));
        QVERIFY(words("").contains("failing"));
        QVERIFY(!words("").contains("payment"));
        QCOMPARE(words("pa"), QStringList({"payment", "pay-proxy"}));
        QCOMPARE(words("failing and host:"), QStringList({"shop-1", "shop-2"}));
        QCOMPARE(words("host: shop-2"), QStringList());
        QCOMPARE(words("kind:q"), QStringList({"queue"}));
        QCOMPARE(words("team:"), QStringList({"payments"}));
        QCOMPARE(words("p99 > "), QStringList({"500ms"}));
        QCOMPARE(completeQuery("failing and ho", 14, vocabulary).from, 12);
    }
    void namespacesAreTheFirstPartOfAName() {
        QCOMPARE(namespaceOf(named("pay/ledger")), std::string("pay"));
        QCOMPARE(namespaceOf(named("pay.ledger.v2")), std::string("pay"));
        QCOMPARE(namespaceOf(named("ledger")), std::string());
        QCOMPARE(namespaceOf(named("/ledger")), std::string());
        QCOMPARE(namespaceOf(named("10.0.0.7:80")), std::string());
        node_.owner.nameSpace = "eu";
        QCOMPARE(namespaceOf(node_), std::string("eu"));
    }

private:
    static Node named(const char* name) {
        Node node;
        node.name = name;
        return node;
    }

    Node node_;
};

LEVEE_TEST(MapQueryTest)
#include "map_query_test.moc"
