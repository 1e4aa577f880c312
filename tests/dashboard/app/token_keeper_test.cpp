// SPDX-License-Identifier: Apache-2.0
#include "dashboard/app/token_keeper.h"

#include <QTest>

#include "dashboard/app/options.h"
#include "tests/support/test_registry.h"

using namespace levee;

/// Where no keychain answers: nothing is kept anywhere else, and the person learns what to do.
class TokenKeeperTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus"); }
    void withoutAKeychainTheWayOutIsSaid() {
        const auto token = readKeptToken("shop");
        QVERIFY(!token);
        QVERIFY2(token.error().message.find("token_file of the context shop") != std::string::npos,
                 token.error().message.c_str());
        const Status kept = keepToken("shop", "0123456789abcdef");
        QVERIFY(!kept);
        QVERIFY(kept.error().message.find("token_file") != std::string::npos);
    }
    void whatIsNoTokenIsNotKept() {
        const Status kept = keepToken("shop", "short");
        QVERIFY(!kept);
        QVERIFY(kept.error().message.find("16 to 1024") != std::string::npos);
    }
    void anAgentWithoutItsTokenIsNotConnectedTo() {
        Options options;
        options.keychain["unix:/a"] = "shop";
        fillInTokens(options);
        QVERIFY(wire::accessProblem(options.access["unix:/a"], "unix:/a").find("token_file") !=
                std::string::npos);
    }
};

LEVEE_TEST(TokenKeeperTest)
#include "token_keeper_test.moc"
