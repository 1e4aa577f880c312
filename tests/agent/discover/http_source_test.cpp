// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/http_source.h"

#include <QTest>
#include <mutex>
#include <thread>

#include "agent/discover/target_list.h"
#include "tests/agent/discover/stop_event.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::discover;
using namespace std::chrono_literals;
using test::HttpFixture;

namespace {

HttpDiscovery config(const HttpFixture& server) {
    HttpDiscovery made;
    made.url = "http://" + server.address() + "/targets?token=not-shown";
    made.refresh = 90s;
    return made;
}

/// What one look at a server that answers with `bytes` says.
std::string error(const std::string& bytes) {
    HttpFixture server([&](HttpFixture::Exchange& exchange) { exchange.send(bytes); });
    HttpSource source(config(server));
    const auto found = source.look(-1);
    if (found)
        return "no error";
    std::string text = found.error().message;
    const std::size_t at = text.find(server.address());
    return at == std::string::npos ? text : text.replace(at, server.address().size(), "SERVER");
}

constexpr const char* kJson = "application/json";

}  // namespace

class HttpSourceTest : public QObject {
    Q_OBJECT
private slots:
    void theListIsFetchedAsPrometheusFetchesIt() {
        std::mutex mutex;
        std::string head;
        HttpFixture server([&](HttpFixture::Exchange& exchange) {
            const std::lock_guard lock(mutex);
            head = exchange.head();
            exchange.send(HttpFixture::answer("[{\"targets\":[\"h:1\"],\"labels\":{\"a\":\"b\"}}]",
                                              "application/json; charset=utf-8"));
        });
        HttpDiscovery asked = config(server);
        asked.client.authorization = Authorization{"Bearer", Secret("t"), ""};
        HttpSource source(asked);
        const auto found = source.look(-1);
        QVERIFY(found.isOk());
        QCOMPARE(test::textOf(found->groups), "h:1 {__meta_url=" + asked.url + ",a=b}\n");
        const std::lock_guard lock(mutex);
        for (const char* line : {"Accept: application/json", "Authorization: Bearer t",
                                 "X-Prometheus-Refresh-Interval-Seconds: 90"})
            QVERIFY2(head.find(std::string("\r\n") + line + "\r\n") != std::string::npos, line);
    }
    void anyOtherAnswerIsAnErrorThatNamesTheServer() {
        QCOMPARE(error(HttpFixture::answer("[]", kJson)), std::string("no error"));
        QCOMPARE(error(HttpFixture::answer("[]", kJson, "", "500 No")),
                 std::string("http://SERVER/targets answered with status 500"));
        QCOMPARE(error(HttpFixture::answer("[]", "text/html")),
                 std::string("http://SERVER/targets sent the Content-Type 'text/html'; it must be "
                             "application/json"));
        QCOMPARE(error(HttpFixture::answer("[", kJson)),
                 std::string("http://SERVER/targets: the text is no JSON"));
        QCOMPARE(error(HttpFixture::answer("[]" + std::string(kMaxListBytes - 1, ' '), kJson)),
                 std::string("http://SERVER/targets: the answer has more than 4194304 bytes"));
        QVERIFY(
            error("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[]").starts_with("http://SERVER"));
    }
    void stoppingEndsALookThatHangs() {
        const test::StopEvent stop;
        HttpFixture server([&](HttpFixture::Exchange& exchange) {
            stop.raise();  // the request is there, its answer is not
            exchange.waitForEnd(60s);
        });
        HttpSource source(config(server));
        QVERIFY(source.look(stop.fd()).error().message.find("the agent stops") !=
                std::string::npos);
    }
};

LEVEE_TEST(HttpSourceTest)
#include "http_source_test.moc"
