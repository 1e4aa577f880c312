// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/bind_check.h"

#include <QTest>

#include "tests/agent/enforce/backend_server.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;

class BindCheckTest : public QObject {
    Q_OBJECT
private slots:
    void aFreePortPasses() {
        QVERIFY(checkBind(loopback(freePort())));
        QVERIFY(checkBind("*:" + std::to_string(freePort())));
    }
    void aPortOfAnotherProgramIsAConflict() {
        const BackendServer other;
        const Status taken = checkBind(other.address());
        QVERIFY(!taken);
        QCOMPARE(taken.error().kind, ErrorKind::Conflict);
        QVERIFY(taken.error().message.find(other.address()) != std::string::npos);
    }
    void anAddressOfAnotherMachineIsInvalid() {
        QCOMPARE(checkBind("192.0.2.1:80").error().kind, ErrorKind::Invalid);
    }
    void whatIsNoAddressIsLeftToHaproxy() {
        for (const char* text : {"", "nonsense", "host.invalid:80", "127.0.0.1:port"})
            QVERIFY(checkBind(text));
    }
};

LEVEE_TEST(BindCheckTest)
#include "bind_check_test.moc"
