// SPDX-License-Identifier: Apache-2.0
// An HAProxy that somebody else wrote the configuration of: found by its socket, told what it
// needs, steered.
#include <QTest>

#include "agent/enforce/attach_plan.h"
#include "agent/runtime/child_process.h"
#include "tests/agent/enforce/gateway_fixture.h"
#include "tests/support/run_child.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

namespace {

/// Somebody's HAProxy: one frontend, one backend with one server.
class Foreign {
public:
    Foreign() {
        config.enabled = true;
        config.mode = GatewayMode::Attached;
        config.socket = scratch.path() + "/admin.sock";
        config.directory = scratch.path() + "/levee";
        ListenerConfig listener;
        listener.service = "shop";
        listener.backend = "be_shop";
        listener.targets = {backend.address()};
        config.listeners = {listener};
        gateway = std::make_unique<Gateway>(Gateway::Hooks{
            [this](std::vector<RequestRecord>&& batch) { records += batch.size(); }, {}});
    }
    ~Foreign() {
        gateway.reset();
        for (const int pid : pids_)
            ::kill(pid, SIGKILL);
    }
    Foreign(const Foreign&) = delete;
    Foreign& operator=(const Foreign&) = delete;

    /// Starts it, or reloads it as its owner would. `head`, `table`, `rules`, `log`: lines of a
    /// plan.
    bool start(const std::string& head = {}, const std::string& rules = {},
               const std::string& log = {}) {
        const std::string file = scratch.path() + "/haproxy.cfg";
        const std::string pidFile = scratch.path() + "/pid";
        const std::string text =
            "global\n    stats socket " + config.socket + " level admin expose-fd listeners\n" +
            "defaults\n    mode http\n    timeout client 20s\n    timeout server 20s\n"
            "    timeout connect 1s\n" +
            head + "frontend fe\n    bind " + loopback(port) + "\n" + log +
            "    default_backend be_shop\nbackend be_shop\n" + rules + "    server one " +
            backend.address() + "\n";
        if (!replaceFile(file, text))
            return false;
        std::vector<std::string> arguments{kHaproxy, "-D", "-f", file, "-p", pidFile};
        if (!pids_.empty())
            arguments.insert(arguments.end(), {"-sf", std::to_string(pids_.back())});
        const auto result = runChild(arguments, 10s);
        if (!result || result->exitCode != 0) {
            qWarning("%s", result ? result->output.c_str() : result.error().message.c_str());
            return false;
        }
        pids_.push_back(std::stoi(*readFile(pidFile, 64)));
        return true;
    }
    int pid() const { return pids_.back(); }
    Result<std::string> plan(const ListenerRules& rules = {}) const {
        const auto found = findHaproxy(RuntimeSocket(config.socket), config.directory);
        if (!found)
            return found.error();
        return attachPlan(*found, {config.socket, config.directory, "", {}, rules});
    }
    std::string proof(Enforcement& state) {
        const GatewayStatus status = gateway->takeStatus();
        if (status.proofs.empty())
            return {};
        state = status.proofs[0].state;
        return status.proofs[0].detail;
    }
    std::string proof() {
        Enforcement state{};
        return proof(state);
    }

    ScratchDirectory scratch;
    BackendServer backend;
    int port = freePort();
    GatewayConfig config;
    std::atomic<std::size_t> records = 0;
    std::unique_ptr<Gateway> gateway;

private:
    std::vector<int> pids_;
};

/// The indented lines below `title` in a plan.
std::string below(const std::string& plan, const std::string& title) {
    const std::size_t at = plan.find(title + "\n");
    if (at == std::string::npos)
        return {};
    std::size_t end = at + title.size() + 1;
    while (plan.compare(end, 4, "    ") == 0)
        end = plan.find('\n', end) + 1;
    return plan.substr(at + title.size() + 1, end - at - title.size() - 1);
}

DesiredState wanted(std::uint32_t limit, std::uint32_t rate) {
    DesiredState::Listener listener;
    listener.subject = "shop";
    listener.maxInFlight = limit;
    listener.rate = rate;
    return {{listener}};
}

}  // namespace

class GatewayAttachedTest : public QObject {
    Q_OBJECT
private slots:
    void asItIsItsLimitIsEnforcedAndTheRestIsSaidToBeMissing() {
        LEVEE_NEED_HAPROXY();
        Foreign f;
        QVERIFY(f.start());
        const auto plan = f.plan();
        QVERIFY2(plan, plan ? "" : plan.error().message.c_str());
        QVERIFY(plan->find("# be_shop: 1 servers") != std::string::npos);
        QVERIFY(plan->find("service: be_shop, backend: be_shop, targets: [\"" +
                           f.backend.address()) != std::string::npos);
        QVERIFY(f.gateway->start(f.config, {}));
        f.gateway->setDesired(wanted(3, 0));
        QTRY_VERIFY(QString::fromStdString(f.proof()).startsWith("limit 3, queue 100000"));
        const auto servers =
            reply::servers(*RuntimeSocket(f.config.socket).ask(command::kShowServers));
        QCOMPARE(servers->at(0).limit, 3U);
        f.gateway->setDesired(wanted(3, 10));
        Enforcement state{};
        QTRY_VERIFY(f.proof(state).find("levee enforce plan") != std::string::npos);
        QCOMPARE(state, Enforcement::Refused);
    }
    void withTheLinesOfThePlanEverythingIsEnforced() {
        LEVEE_NEED_HAPROXY();
        Foreign f;
        QVERIFY(f.start());
        ListenerRules rules;
        rules["be_shop"].rate = {1, "all", 10min, 10};
        const auto plan = f.plan(rules);
        QVERIFY(plan);
        QVERIFY(f.gateway->start(f.config, {}));
        f.gateway->setDesired(wanted(0, 5));
        const std::string head = "ring levee\n" + below(*plan, "ring levee") +
                                 "backend rate.be_shop\n" + below(*plan, "backend rate.be_shop");
        // The plan names the service like the backend; the listener calls it shop.
        QString lines = QString::fromStdString(below(*plan, "backend be_shop"));
        lines.replace("/be_shop)", "/shop)").replace("guard=be_shop", "guard=shop");
        const int before = f.pid();
        QVERIFY(f.start(head, lines.toStdString(),
                        below(*plan, "# in each frontend that leads to them")));
        QVERIFY(f.pid() != before);
        Enforcement state{};
        QTRY_VERIFY(f.proof(state).find("rate 5 in a window (process " + std::to_string(f.pid())) !=
                    std::string::npos);
        QCOMPARE(state, Enforcement::Enforcing);
        HttpClient client(f.port);
        int served = 0;
        for (int i = 0; i < 12; ++i)
            served += client.get("/").status == 200 ? 1 : 0;
        QCOMPARE(served, 5);
        QCOMPARE(HttpClient(f.port).get("/").header("x-levee-reason"),
                 std::string("rate; guard=shop; rule=default; key=all"));
        QTRY_COMPARE(f.records.load(), std::size_t{13});
    }
    void itIsNeitherStartedNorEndedAndLetGoWhenAsked() {
        LEVEE_NEED_HAPROXY();
        Foreign f;
        // Not there yet: the agent waits for it.
        QVERIFY(f.gateway->start(f.config, {}));
        f.gateway->setDesired(wanted(4, 0));
        QTRY_VERIFY(f.gateway->takeStatus().detail.find("no HAProxy answers at") !=
                    std::string::npos);
        QVERIFY(f.start());
        QTRY_VERIFY(QString::fromStdString(f.proof()).startsWith("limit 4"));
        QVERIFY(f.gateway->stop(false));
        QCOMPARE(::kill(f.pid(), 0), 0);
        const auto servers =
            reply::servers(*RuntimeSocket(f.config.socket).ask(command::kShowServers));
        QCOMPARE(servers->at(0).limit, kUnlimitedInFlight);
    }
    void aBackendThatIsNotThereIsNotPlanned() {
        const FoundHaproxy found{"2.6", 1, true, false, {{"a", {}}}};
        const auto plan = attachPlan(found, {"/s", "/d", "", {"b"}, {}});
        QVERIFY(!plan);
        QCOMPARE(plan.error().kind, ErrorKind::NotFound);
    }
};

LEVEE_TEST(GatewayAttachedTest)
#include "gateway_attached_test.moc"
