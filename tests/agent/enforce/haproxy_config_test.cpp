// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/haproxy_config.h"

#include <QTest>
#include <cstdlib>

#include "agent/runtime/file_replace.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

const GatewayPaths kPaths("/run/levee/gateway");

GatewayConfig shop() {
    GatewayConfig config;
    config.statsListen = "127.0.0.1:8404";
    ListenerConfig in;
    in.service = "payment";
    in.bind = "127.0.0.1:8103";
    in.targets = {"127.0.0.1:9001", "127.0.0.1:9002"};
    ListenerConfig out;
    out.direction = Direction::Outbound;
    out.client = "checkout";
    out.service = "payment";
    out.bind = "127.0.0.1:8203";
    out.targets = {"127.0.0.1:8103"};
    config.listeners = {in, out};
    return config;
}

std::string text(const GatewayConfig& config, const ListenerRules& rules,
                 const DesiredState& desired) {
    return haproxyConfig(config, kPaths, rules, listenerLimits(config, desired));
}

}  // namespace

class HaproxyConfigTest : public QObject {
    Q_OBJECT
private slots:
    void theWholeTextIsAsExpected() {
        const std::string got =
            text(shop(), {}, {{{"payment", 9, 4, 1}, {"checkout->payment", 0, 0, 0.5}}});
        const std::string file = LEVEE_TEST_DATA "/haproxy/shop.cfg";
        if (std::getenv("UPDATE_EXPECT") != nullptr)
            QVERIFY(replaceFile(file, got));
        const auto expected = readFile(file, 1 << 20);
        QVERIFY(expected);
        QCOMPARE(QString::fromStdString(got), QString::fromStdString(*expected));
    }
    void theHashLooksAwayFromTheLimitsOnly() {
        GatewayConfig config = shop();
        const std::string hash = configHash(config, kPaths, {});
        QCOMPARE(hash.size(), std::size_t{8});
        QVERIFY(text(config, {}, {}).find("levee-" + hash) != std::string::npos);
        QVERIFY(text(config, {}, {{{"payment", 3, 3, 1}}}).find("levee-" + hash) !=
                std::string::npos);
        ListenerRules rules;
        rules["checkout->payment"].fallback.body = "other";
        QVERIFY(configHash(config, kPaths, rules) != hash);
        config.listeners[0].queueTimeout += std::chrono::milliseconds(1);
        QVERIFY(configHash(config, kPaths, {}) != hash);
    }
    void threadsStayOnTheCoresThatTheyMayHave() {
        GatewayConfig config = shop();
        QVERIFY(text(config, {}, {}).find("cpu-map") == std::string::npos);
        config.cores = {3};
        QVERIFY(text(config, {}, {}).find("cpu-map") == std::string::npos);
        config.cores = {2, 5, 6};
        QVERIFY(text(config, {}, {}).find("    nbthread 3\n    cpu-map auto:1/1-3 2 5 6\n") !=
                std::string::npos);
    }
    void onlyCountsOfLongWindowsAreHandedOn() {
        ListenerRules rules;
        rules["payment"].rate = {.perSecond = 10, .window = std::chrono::seconds(10)};
        QVERIFY(text(shop(), rules, {}).find("gpc_rate(1,10000ms)\n") != std::string::npos);
        QVERIFY(text(shop(), rules, {}).find("peers levee\n") == std::string::npos);
        rules["payment"].rate.window = std::chrono::seconds(11);
        QVERIFY(text(shop(), rules, {}).find("gpc_rate(1,11000ms) peers levee\n") !=
                std::string::npos);
        QVERIFY(text(shop(), rules, {}).find("    peer levee unix@") != std::string::npos);
    }
    void aFallbackCannotBreakOutOfItsPlace() {
        ListenerRules rules;
        rules["checkout->payment"].fallback.contentType = "text/plain'\nglobal\n  daemon #";
        const std::string got = text(shop(), rules, {});
        QVERIFY(got.find("\nglobal\n  daemon") == std::string::npos);
        QVERIFY(got.find("content-type 'text/plain'\\'' global   daemon #'") != std::string::npos);
    }
    void bodiesAreFilesNamedAfterTheirContent() {
        ListenerRules rules;
        rules["checkout->payment"].fallback.body = "one\ntwo";
        const auto files = fallbackFiles(shop(), kPaths, rules);
        QCOMPARE(files.size(), std::size_t{1});
        QCOMPARE(files[0].content, std::string("one\ntwo"));
        QVERIFY(text(shop(), rules, {}).find(files[0].path) != std::string::npos);
        rules["checkout->payment"].fallback.body.clear();
        QVERIFY(fallbackFiles(shop(), kPaths, rules).empty());
    }
};

LEVEE_TEST(HaproxyConfigTest)
#include "haproxy_config_test.moc"
