// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/listener_limits.h"

#include <QTest>
#include <limits>
#include <numeric>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

GatewayConfig shop() {
    GatewayConfig config;
    ListenerConfig in;
    in.service = "payment";
    in.targets = {"127.0.0.1:1", "127.0.0.1:2", "[::1]:3"};
    ListenerConfig out;
    out.direction = Direction::Outbound;
    out.client = "checkout";
    out.service = "payment";
    out.targets = {"127.0.0.1:4"};
    config.listeners = {in, out};
    return config;
}

}  // namespace

class ListenerLimitsTest : public QObject {
    Q_OBJECT
private slots:
    void namesAreStableAndSafeForHaproxy() {
        const GatewayConfig config = shop();
        QCOMPARE(proxyName(config.listeners[0]), std::string("in.payment"));
        QCOMPARE(proxyName(config.listeners[1]), std::string("out.checkout.payment"));
        QCOMPARE(serverName("[::1]:80"), std::string("_::1_:80"));
    }
    void whatIsInShadowIsANegativeNumberAndComesBack() {
        const GatewayConfig config = shop();
        DesiredState wanted;
        DesiredState::Listener listener;
        listener.subject = "payment";
        listener.rate = 7;
        listener.leastMicros = 20'000;
        listener.turnMicros = 3'000;
        listener.isShadow = true;
        wanted.listeners = {listener};
        MapValues numbers;
        for (const auto& [key, value] : numberEntries(config, listenerLimits(config, wanted)))
            numbers[key] = value;
        QCOMPARE(numbers["rate/payment"], std::string("-7"));
        QCOMPARE(numbers["least/payment"], std::string("-20000"));
        QCOMPARE(numbers["turn/payment"], std::string("-3000"));
        const DesiredState::Listener read =
            desiredOf(config.listeners[0], limitsIn(config.listeners[0], numbers, {}));
        QVERIFY(read.isShadow);
        QCOMPARE(read.rate, 7U);
        QCOMPARE(read.leastMicros, 20'000U);
        QCOMPARE(read.turnMicros, 3'000U);
    }
    void aShareBecomesThousandthsAndNeverVanishes() {
        QCOMPARE(admitThousandths(1), 1000U);
        QCOMPARE(admitThousandths(0), 0U);
        QCOMPARE(admitThousandths(0.5), 500U);
        QCOMPARE(admitThousandths(0.00001), 1U);
        QCOMPARE(admitThousandths(-1), 0U);
        QCOMPARE(admitThousandths(7), 1000U);
    }
    void aShareThatIsNotANumberAdmitsAll() {
        QCOMPARE(admitThousandths(std::numeric_limits<double>::quiet_NaN()), 1000U);
    }
    void aLimitIsDividedWithoutLoss() {
        QCOMPARE(divideLimit(7, 3), (std::vector<std::uint32_t>{3, 2, 2}));
        for (std::uint32_t limit = 3; limit < 100; ++limit) {
            const auto parts = divideLimit(limit, 3);
            QCOMPARE(std::accumulate(parts.begin(), parts.end(), 0U), limit);
        }
    }
    void aLimitBelowTheTargetsIsOneAtEach() {
        QCOMPARE(divideLimit(1, 3), (std::vector<std::uint32_t>{1, 1, 1}));
    }
    void noLimitIsNeverZero() {
        QCOMPARE(divideLimit(0, 2),
                 (std::vector<std::uint32_t>{kUnlimitedInFlight, kUnlimitedInFlight}));
    }
    void aListenerThatIsNotNamedLetsEverythingPass() {
        const auto limits = listenerLimits(shop(), {});
        QCOMPARE(limits[0].servers, divideLimit(0, 3));
        QCOMPARE(limits[1].admit, kAdmitAll);
    }
    void eachDirectionTakesItsOwnPart() {
        const DesiredState desired{{{"payment", 6, 2, 0.1}, {"checkout->payment", 9, 9, 0.25}}};
        const auto limits = listenerLimits(shop(), desired);
        QCOMPARE(limits[0].servers, (std::vector<std::uint32_t>{2, 2, 2}));
        QCOMPARE(limits[0].queue, 2U);
        QCOMPARE(limits[0].admit, kAdmitAll);
        QCOMPARE(limits[1].admit, 250U);
        QVERIFY(limits[1].servers.empty());
        QCOMPARE(mapFileText(numberEntries(shop(), limits)),
                 std::string("rate/payment 0\nlog/payment 1\nqueue/payment 2\n"
                             "rate/checkout->payment 0\nlog/checkout->payment 1\n"
                             "admit/checkout->payment 250\nretry/checkout->payment 1000\n"));
        QCOMPARE(mapFileText(wordEntries(shop(), limits)),
                 std::string("rule/payment default\nrule/checkout->payment default\n"));
    }
    void theShareOfLinesIsBoundedAndOnlyAskedOfAHaproxyOfOurOwn() {
        GatewayConfig config = shop();
        config.listeners[1].backend = "payment";
        DesiredState desired{{{"payment"}, {"checkout->payment"}}};
        for (DesiredState::Listener& listener : desired.listeners)
            listener.logEvery = 1001;
        const auto limits = listenerLimits(config, desired);
        QCOMPARE(limits[0].every, 1000U);
        QCOMPARE(limits[1].every, 1U);
        const std::string numbers = mapFileText(numberEntries(config, limits));
        QVERIFY(numbers.find("log/payment 1000\n") != std::string::npos);
        QVERIFY(numbers.find("log/checkout") == std::string::npos);
        QVERIFY(
            describe(config.listeners[0], limits[0]).ends_with(", logs 1 of 1000 good answers"));
        QCOMPARE(desiredOf(config.listeners[0], limits[0]).logEvery, 1000U);
        const auto read = limitsIn(config.listeners[0], {{"log/payment", "20"}}, {});
        QCOMPARE(read.every, 20U);
        desired.listeners[0].logEvery = 0;
        QCOMPARE(listenerLimits(config, desired)[0].every, 1U);
    }
};

LEVEE_TEST(ListenerLimitsTest)
#include "listener_limits_test.moc"
