// SPDX-License-Identifier: Apache-2.0
// docker_sd over a Unix socket, against recorded answers of the Docker Engine API.
#include "agent/discover/docker_source.h"

#include <QTest>
#include <mutex>

#include "tests/agent/discover/stop_event.h"
#include "tests/agent/discover/unix_server.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::discover;
using test::HttpFixture;

namespace {

const char* const kNetwork =
    "__meta_docker_network_id=f2b1,__meta_docker_network_ingress=false,"
    "__meta_docker_network_internal=false,__meta_docker_network_ip=";

std::string answer(const std::string& body, const char* status = "200 OK") {
    return HttpFixture::answer(body, "application/json", "Connection: close\r\n", status);
}

}  // namespace

class DockerSourceTest : public QObject {
    Q_OBJECT
private slots:
    void containersBecomeTargetsWithPrometheusLabels() {
        std::mutex mutex;
        std::vector<std::string> asked;
        test::UnixServer server([&](const std::string& target) {
            const std::lock_guard lock(mutex);
            asked.push_back(target);
            return answer(test::readData(target == "/networks"
                                             ? "discover/docker_networks.json"
                                             : "discover/docker_containers.json"));
        });
        DockerDiscovery config;
        config.host = "unix://" + server.path();
        config.filters = {{"status", {"running"}}};
        DockerSource source(config);
        const auto found = source.look(-1);
        QVERIFY2(found.isOk(), found ? "" : found.error().message.c_str());
        const std::string cart =
            "{__meta_docker_container_id=90c8b7c0f7c9,"
            "__meta_docker_container_label_com_docker_compose_project=shop,"
            "__meta_docker_container_label_levee_service=cart,"
            "__meta_docker_container_name=/shop_cart_1,"
            "__meta_docker_container_network_mode=shop_default," +
            std::string(kNetwork) +
            "172.20.0.3,__meta_docker_network_label_com_docker_compose_network=default,"
            "__meta_docker_network_name=shop_default,__meta_docker_network_scope=local,"
            "__meta_docker_port_private=9101,__meta_docker_port_public=32768,"
            "__meta_docker_port_public_ip=";
        QCOMPARE(found->groups.size(), std::size_t{4});
        QCOMPARE(test::textOf({found->groups[0]}), "172.20.0.3:9101 " + cart + "0.0.0.0}\n");
        QCOMPARE(test::textOf({found->groups[1]}), "172.20.0.3:9101 " + cart + "::}\n");
        // Without a TCP port of its own it gets the configured one.
        QCOMPARE(found->groups[2].targets.at(0), std::string("172.20.0.4:80"));
        QCOMPARE(found->groups[3].targets.at(0), std::string("localhost"));
        QCOMPARE(found->groups[3].labels.at("__meta_docker_container_network_mode"),
                 std::string("host"));
        const std::lock_guard lock(mutex);
        QCOMPARE(asked, (std::vector<std::string>{
                            "/containers/json?filters=%7B%22status%22%3A%5B%22running%22%5D%7D",
                            "/networks"}));
    }
    void aDaemonThatFailsIsAnErrorWithItsName() {
        test::UnixServer server([](const std::string& target) {
            return target == "/networks" ? answer("{}", "500 No") : answer("[]");
        });
        DockerDiscovery config;
        config.host = "unix://" + server.path();
        QCOMPARE(DockerSource(config).look(-1).error().message,
                 config.host + " answered with status 500");
        config.host = "unix:///nonexistent/docker.sock";
        QVERIFY(DockerSource(config).look(-1).error().message.starts_with(config.host + ": "));
    }
    void aDaemonOnTcpIsAskedToo() {
        HttpFixture server([](HttpFixture::Exchange& exchange) { exchange.send(answer("[]")); });
        DockerDiscovery config;
        config.host = "tcp://" + server.address();
        QVERIFY(DockerSource(config).look(-1)->groups.empty());
    }
    void strangeAnswersHarmNobody() {
        const DockerDiscovery config;
        for (const char* text : {"", "{}", "7", "[", "null"})
            QVERIFY2(!dockerTargets(text, "[]", config).isOk(), text);
        for (const char* text : {"[1,null,\"x\",[]]", "[{\"Names\":1}]", "[{\"Names\":[1]}]",
                                 "[{\"Names\":[\"a\"],\"NetworkSettings\":{\"Networks\":[1]}}]",
                                 "[{\"Names\":[\"a\"],\"NetworkSettings\":7,\"HostConfig\":[]}]"}) {
            const auto groups = dockerTargets(text, "[1,{\"Id\":2,\"Labels\":3}]", config);
            QVERIFY2(groups && groups->empty(), text);
        }
        const auto odd = dockerTargets(
            "[{\"Names\":[\"a\"],\"Ports\":[{\"Type\":\"tcp\",\"PrivatePort\":-1},"
            "{\"Type\":\"tcp\",\"PrivatePort\":65536}],\"Labels\":{\"a\":1},"
            "\"NetworkSettings\":{\"Networks\":{\"n\":{\"IPAddress\":\"::1\"}}}}]",
            "[]", config);
        QCOMPARE(odd->size(), std::size_t{2});
        QCOMPARE(odd->at(0).targets.at(0), std::string("[::1]:0"));
    }
};

LEVEE_TEST(DockerSourceTest)
#include "docker_source_test.moc"
