// SPDX-License-Identifier: Apache-2.0
#include "agent/config/address.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

Address parse(const char* text) {
    const Result<Address> address = parseAddress(text);
    return address ? *address : Address{address.error().message, 0, false};
}

}  // namespace

class AddressTest : public QObject {
    Q_OBJECT
private slots:
    void hostAndPortAreTakenApart() {
        QVERIFY((parse("127.0.0.1:7401") == Address{"127.0.0.1", 7401, false}));
        QVERIFY((parse("db-1.local:0") == Address{"db-1.local", 0, false}));
        QVERIFY((parse("[::1]:65535") == Address{"::1", 65535, true}));
        QVERIFY((parse("[0:0::0:1]:1") == Address{"::1", 1, true}));
    }
    void whatIsNoAddressIsRefused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"",           ":",          "a",       "a:",          ":1",
              "a:-1",       "a:+1",       "a:65536", "a:1x",        "a b:1",
              "a..b:1",     "-a:1",       "1.2.3:1", "1.2.3.4.5:1", "256.0.0.1:1",
              "::1:1",      "[::1]",      "[::1]:",  "[]:1",        "[::1]1",
              "[::1%lo]:1", "http://a:1", "*:1",     "a:1/x",       "a.:1"})
            QTest::newRow(text) << text;
        QTest::newRow("long label") << QString(64, 'a') + ":1";
        QTest::newRow("long name") << QString("a.").repeated(126) + "ab:1";
    }
    void whatIsNoAddressIsRefused() {
        QFETCH(QString, text);
        QVERIFY(!parseAddress(text.toStdString()));
    }
    void theLongestNamesAreTaken() {
        QVERIFY(parseAddress(std::string(63, 'a') + ":1").isOk());
        QVERIFY(parseAddress((QString("a.").repeated(126) + "a:1").toStdString()).isOk());
    }
    void socketsCollideOnTheSamePortOfTheSameHostOrAWildcard() {
        QVERIFY(collide(parse("127.0.0.1:1"), parse("localhost:1")));
        QVERIFY(collide(parse("0.0.0.0:1"), parse("127.0.0.2:1")));
        QVERIFY(collide(parse("[::]:1"), parse("127.0.0.1:1")));
        QVERIFY(!collide(parse("127.0.0.1:1"), parse("127.0.0.1:2")));
        QVERIFY(!collide(parse("127.0.0.1:1"), parse("127.0.0.2:1")));
        QVERIFY(!collide(parse("127.0.0.1:0"), parse("127.0.0.1:0")));
    }
    void aWildcardIsReachedOverTheLoopback() {
        QVERIFY(reaches(parse("127.0.0.1:1"), parse("0.0.0.0:1")));
        QVERIFY(reaches(parse("[::1]:1"), parse("[::]:1")));
        QVERIFY(reaches(parse("10.0.0.1:1"), parse("10.0.0.1:1")));
        QVERIFY(!reaches(parse("10.0.0.1:1"), parse("0.0.0.0:1")));  // may be another host
        QVERIFY(!reaches(parse("127.0.0.1:2"), parse("0.0.0.0:1")));
    }
};

LEVEE_TEST(AddressTest)
#include "address_test.moc"
