// SPDX-License-Identifier: Apache-2.0
// kubernetes_sd against recorded answers of an API server.
#include "agent/discover/kubernetes_source.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <mutex>

#include "tests/agent/discover/stop_event.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::discover;
using test::HttpFixture;

namespace {

std::string page(const char* name) {
    return test::readData(std::string("discover/") + name);
}

/// Gives the first page, then the one that its token asks for; remembers what was asked.
class ApiServer {
public:
    std::vector<std::string> heads() const {
        const std::lock_guard lock(mutex_);
        return heads_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> heads_;

public:
    bool breaksOff = false;
    HttpFixture fixture{[this](HttpFixture::Exchange& exchange) {
        {
            const std::lock_guard lock(mutex_);
            heads_.push_back(exchange.head());
        }
        const bool isSecond = exchange.path().find("continue=") != std::string::npos;
        exchange.send(isSecond && breaksOff
                          ? HttpFixture::answer("{}", "application/json", "", "410 Gone")
                          : HttpFixture::answer(page(isSecond ? "pods_2.json" : "pods_1.json"),
                                                "application/json"));
    }};
};

const std::string kCart =
    "__meta_kubernetes_namespace=shop,__meta_kubernetes_pod_annotation_prometheus_io_port=9101,"
    "__meta_kubernetes_pod_annotation_prometheus_io_scrape=true,"
    "__meta_kubernetes_pod_annotationpresent_note=true,"
    "__meta_kubernetes_pod_annotationpresent_prometheus_io_port=true,"
    "__meta_kubernetes_pod_annotationpresent_prometheus_io_scrape=true,"
    "__meta_kubernetes_pod_container_id=containerd://c1,"
    "__meta_kubernetes_pod_container_image=shop/cart:1.4,"
    "__meta_kubernetes_pod_container_init=false,__meta_kubernetes_pod_container_name=cart,";
const std::string kPod =
    "__meta_kubernetes_pod_controller_kind=ReplicaSet,"
    "__meta_kubernetes_pod_controller_name=cart-6d4cf56db6,"
    "__meta_kubernetes_pod_host_ip=192.168.0.11,__meta_kubernetes_pod_ip=10.244.1.7,"
    "__meta_kubernetes_pod_label_app_kubernetes_io_name=cart,"
    "__meta_kubernetes_pod_label_pod_template_hash=6d4cf56db6,"
    "__meta_kubernetes_pod_labelpresent_app_kubernetes_io_name=true,"
    "__meta_kubernetes_pod_labelpresent_pod_template_hash=true,"
    "__meta_kubernetes_pod_name=cart-6d4cf56db6-x9k2p,__meta_kubernetes_pod_node_name=node-1,"
    "__meta_kubernetes_pod_phase=Running,__meta_kubernetes_pod_ready=true,"
    "__meta_kubernetes_pod_uid=abc-1";

}  // namespace

class KubernetesSourceTest : public QObject {
    Q_OBJECT
private slots:
    void podsBecomeTargetsWithPrometheusLabels() {
        TargetGroups groups;
        QCOMPARE(*addPods(page("pods_1.json"), groups), std::string("page two"));
        QCOMPARE(groups.size(), std::size_t{4});
        QCOMPARE(test::textOf({groups[0]}),
                 "10.244.1.7:8080 {" + kCart +
                     "__meta_kubernetes_pod_container_port_name=http,"
                     "__meta_kubernetes_pod_container_port_number=8080,"
                     "__meta_kubernetes_pod_container_port_protocol=TCP," +
                     kPod + "}\n");
        QCOMPARE(groups[1].targets.at(0), std::string("10.244.1.7:9101"));
        // A container without ports is the pod's address alone.
        QCOMPARE(groups[2].targets.at(0), std::string("10.244.1.7"));
        QCOMPARE(groups[3].labels.at("__meta_kubernetes_pod_container_init"), std::string("true"));
        QCOMPARE(groups[3].labels.at("__meta_kubernetes_pod_container_id"),
                 std::string("containerd://i1"));
    }
    void allPagesAreReadWithTheSelectors() {
        ApiServer api;
        KubernetesDiscovery config;
        config.apiServer = "http://" + api.fixture.address();
        config.namespaces = {"shop"};
        config.labelSelector = "app in (a,b)";
        config.client.authorization = Authorization{"Bearer", Secret("t"), ""};
        KubernetesSource source(config);
        const auto found = source.look(-1);
        QVERIFY2(found.isOk(), found ? "" : found.error().message.c_str());
        QCOMPARE(found->groups.size(), std::size_t{5});
        QCOMPARE(found->groups[4].targets.at(0), std::string("[fd00::7]:80"));
        QCOMPARE(found->groups[4].labels.at("__meta_kubernetes_pod_ready"), std::string("unknown"));
        const auto heads = api.heads();
        QCOMPARE(heads.size(), std::size_t{2});
        QVERIFY2(heads[0].starts_with("GET /api/v1/namespaces/shop/pods?limit=250&resourceVersion=0"
                                      "&labelSelector=app%20in%20%28a%2Cb%29 HTTP/1.1\r\n"),
                 heads[0].c_str());
        QVERIFY(heads[1].find("&continue=page%20two&") != std::string::npos);
        QVERIFY(heads[1].find("\r\nAuthorization: Bearer t\r\n") != std::string::npos);
    }
    void aListThatBreaksOffIsNone() {
        ApiServer api;
        api.breaksOff = true;
        KubernetesDiscovery config;
        config.apiServer = "http://" + api.fixture.address();
        QCOMPARE(KubernetesSource(config).look(-1).error().message,
                 config.apiServer + "/api/v1/pods answered with status 410");
    }
    void inAPodItsOwnAccountIsUsed() {
        ApiServer api;
        QTemporaryDir account;
        std::ofstream(account.filePath("token").toStdString()) << "mine\n";
        std::ofstream(account.filePath("namespace").toStdString()) << "own";
        KubernetesDiscovery config;
        config.apiServer = "http://" + api.fixture.address();
        config.ownNamespace = true;
        KubernetesSource source(config, account.path().toStdString());
        QVERIFY(source.look(-1).isOk());
        QVERIFY(api.heads().at(0).starts_with("GET /api/v1/namespaces/own/pods?"));
        qunsetenv("KUBERNETES_SERVICE_HOST");
        config.apiServer.clear();
        QVERIFY(KubernetesSource(config).look(-1).error().message.find("no api_server") !=
                std::string::npos);
    }
    void strangeAnswersHarmNobody() {
        TargetGroups groups;
        for (const char* text : {"", "[", "[]", "7", "{}", "{\"kind\":\"Status\"}"})
            QVERIFY2(!addPods(text, groups).isOk(), text);
        for (const char* items :
             {"7", "[7]", "[{}]", "[{\"status\":7}]", "[{\"status\":{\"podIP\":\"h\"},\"spec\":7}]",
              "[{\"status\":{\"podIP\":\"h\",\"conditions\":7},\"spec\":{\"containers\":[7]}}]",
              "[{\"metadata\":{\"labels\":[],\"ownerReferences\":7},\"status\":{\"podIP\":\"h\"}}]",
              "[{\"status\":{\"podIP\":\"h\"},\"spec\":{\"containers\":[{\"ports\":[{"
              "\"containerPort\":-1}]}]}}]"}) {
            const std::string text = std::string("{\"kind\":\"PodList\",\"items\":") + items + "}";
            QVERIFY2(addPods(text, groups).isOk(), items);
            QVERIFY2(groups.empty(), items);
        }
    }
};

LEVEE_TEST(KubernetesSourceTest)
#include "kubernetes_source_test.moc"
