// SPDX-License-Identifier: Apache-2.0
#include "shared/model/names.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class NamesTest : public QObject {
    Q_OBJECT
private slots:
    void everyEnumeratorHasItsOwnName() {
        QCOMPARE(name(BreakerState::HalfOpen), std::string_view("half-open"));
        QCOMPARE(name(BreakerState::ForcedClosed), std::string_view("forced-closed"));
        QCOMPARE(name(Outcome::ClientGone), std::string_view("client-gone"));
        QCOMPARE(name(NodeKind::User), std::string_view("user"));
        QCOMPARE(name(Health::Failing), std::string_view("failing"));
        QCOMPARE(name(EventKind::Topology), std::string_view("topology"));
        QCOMPARE(name(EventKind::Ejection), std::string_view("ejection"));
        QCOMPARE(name(InstanceStatus::Ramp), std::string_view("ramp"));
        QCOMPARE(name(Confidence::High), std::string_view("high"));
        QCOMPARE(name(LimiterKind::Off), std::string_view("off"));
        QCOMPARE(name(LimiterKind::EnvoyGradient), std::string_view("envoy-gradient"));
        QCOMPARE(name(LimiterKind::SentinelBbr), std::string_view("sentinel-bbr"));
    }
    void everyLimiterKindIsFoundByItsName() {
        const int last = static_cast<int>(LimiterKind::SentinelBbr);
        for (int i = 0; i <= last; ++i) {
            const auto kind = static_cast<LimiterKind>(i);
            QVERIFY(limiterKindNamed(name(kind)) == kind);
        }
        QCOMPARE(name(static_cast<LimiterKind>(last + 1)), std::string_view("invalid"));
        for (const std::string_view text : {"", "invalid", "Fixed", "fix", "fixed "}) {
            QVERIFY(!limiterKindNamed(text));
        }
    }
    void aValueOutsideIsSaidToBeInvalid() {
        QCOMPARE(name(static_cast<Health>(99)), std::string_view("invalid"));
    }
};

LEVEE_TEST(NamesTest)
#include "names_test.moc"
