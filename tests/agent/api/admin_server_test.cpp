// SPDX-License-Identifier: Apache-2.0
#include "agent/api/admin_server.h"

#include <curl/curl.h>

#include <QTest>

#include "agent/control/bulletin.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

struct Answer {
    long status = 0;
    std::string body;
};

Answer fetch(int port, const std::string& path, const char* method = "GET") {
    Answer answer;
    CURL* curl = curl_easy_init();
    const std::string url = "http://127.0.0.1:" + std::to_string(port) + path;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(
        curl, CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, void* to) {
            static_cast<std::string*>(to)->append(data, size);
            return size;
        });
    curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_easy_cleanup(curl);
    return answer;
}

}  // namespace

class AdminServerTest : public QObject {
    Q_OBJECT
    RealTimeSource time_;
    Bulletin bulletin_{time_, 1, [](const Event&) {}};
    Status ready_ = Error{"no target was scraped yet"};

    std::unique_ptr<AdminServer> start(std::function<Status()> reload) {
        return *AdminServer::start("127.0.0.1:0",
                                   {bulletin_, [] { return std::vector<MetricValue>(); },
                                    [this] { return ready_; }, std::move(reload)});
    }
private slots:
    void healthIsAlwaysAndReadinessOnlyWhenReady() {
        const auto server = start(nullptr);
        QCOMPARE(fetch(server->port(), "/-/healthy").status, 200L);
        const Answer notYet = fetch(server->port(), "/-/ready");
        QCOMPARE(notYet.status, 503L);
        QCOMPARE(notYet.body, std::string("not ready: no target was scraped yet\n"));
        ready_ = Status::ok();
        QCOMPARE(fetch(server->port(), "/-/ready").status, 200L);
    }
    void reloadingIsOffUnlessAskedFor() {
        QCOMPARE(fetch(start(nullptr)->port(), "/-/reload", "POST").status, 403L);
    }
    void aReloadAnswersWithTheError() {
        const auto server =
            start([] { return Status(Error{"agent.yaml:3:1: error: unknown key"}); });
        QCOMPARE(fetch(server->port(), "/-/reload", "GET").status, 405L);
        const Answer refused = fetch(server->port(), "/-/reload", "POST");
        QCOMPARE(refused.status, 400L);
        QVERIFY(refused.body.find("agent.yaml:3:1") != std::string::npos);
    }
    void metricsAndStateAreServed() {
        const auto server = start(nullptr);
        QVERIFY(fetch(server->port(), "/metrics").body.find("levee_build_info") !=
                std::string::npos);
        QVERIFY(fetch(server->port(), "/api/v1/state").body.find("\"nodes\": []") !=
                std::string::npos);
        const Answer lost = fetch(server->port(), "/");
        QCOMPARE(lost.status, 404L);
        QVERIFY(lost.body.find("/metrics") != std::string::npos);
    }
};

LEVEE_TEST(AdminServerTest)
#include "admin_server_test.moc"
