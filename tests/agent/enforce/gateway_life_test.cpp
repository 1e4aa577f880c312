// SPDX-License-Identifier: Apache-2.0
// The life of the managed process: reloads, deaths, take-overs, refused configurations.
#include <QTest>
#include <atomic>
#include <csignal>

#include "agent/runtime/file_replace.h"
#include "tests/agent/enforce/gateway_fixture.h"
#include "tests/support/run_child.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;

namespace {

/// Keep-alive callers and callers with a new connection for each request, until it is destroyed.
class Load {
public:
    explicit Load(int port) {
        for (int i = 0; i < 3; ++i)
            threads_.emplace_back([this, port] {
                HttpClient client(port);
                while (!stopping_)
                    note(client.get("/").status);
            });
        for (int i = 0; i < 2; ++i)
            threads_.emplace_back([this, port] {
                while (!stopping_)
                    note(HttpClient(port).get("/").status);
            });
    }
    ~Load() { stop(); }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    void stop() {
        stopping_ = true;
        for (std::thread& thread : threads_)
            thread.join();
        threads_.clear();
    }
    int answered() const { return answered_; }
    int failed() const { return failed_; }

private:
    void note(int status) { ++(status == 200 ? answered_ : failed_); }

    std::atomic<bool> stopping_ = false;
    std::atomic<int> answered_ = 0;
    std::atomic<int> failed_ = 0;
    std::vector<std::thread> threads_;
};

/// Those that stand by to follow process `pid`.
std::vector<int> standingBy(const GatewayFixture& f, int pid) {
    return f.haproxies(std::string("-sf") + '\0' + std::to_string(pid) + '\0');
}

DesiredState limited() {
    return {{{"payment", 7, 3, 1}, {"checkout->payment", 0, 0, 0.25}}};
}

}  // namespace

class GatewayLifeTest : public QObject {
    Q_OBJECT
private slots:
    void reloadsUnderLoadDropNoRequest() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        Load load(f.outPort);
        QTRY_VERIFY(load.answered() > 200);
        int pid = f.gateway->takeStatus().pid;
        for (int i = 1; i <= 5; ++i) {
            const int before = load.answered();
            f.config.listeners[0].connectTimeout = std::chrono::milliseconds(500 + i);
            const Status done = f.gateway->reconfigure(f.config, f.rules);
            QVERIFY2(done, done ? "" : done.error().message.c_str());
            const int now = f.gateway->takeStatus().pid;
            QVERIFY(now != pid);
            pid = now;
            QTRY_VERIFY(load.answered() > before + 200);
        }
        load.stop();
        QCOMPARE(load.failed(), 0);
        qInfo("%d requests over 5 reloads, %d failed", load.answered(), load.failed());
        // Each was logged twice, but for those that an old process ended after it was told to
        // finish: it has closed its ring by then. Per reload: one in flight and the last one on
        // each of five connections, at both listeners.
        const auto expected = static_cast<std::size_t>(2 * load.answered());
        QTRY_VERIFY(f.records().size() + std::size_t{5 * 5 * 2 * 2} >= expected);
        QVERIFY(f.records().size() <= expected);
        QCOMPARE(f.gateway->takeStatus().log.malformed, std::uint64_t{0});
        QCOMPARE(f.gateway->takeStatus().log.unknown, std::uint64_t{0});
    }
    void theStateInForceSurvivesAReload() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(limited()).up);
        f.rules["checkout->payment"].fallback.body = "changed\n";
        QVERIFY(f.gateway->reconfigure(f.config, f.rules));
        HaproxyEnforcer reader(f.socket(), GatewayPaths(f.config.directory));
        reader.setConfig(f.config);
        const auto state = reader.readBack();
        QVERIFY(state);
        QCOMPARE(state->listeners[0].maxInFlight, 7U);
        QCOMPARE(state->listeners[0].queueLimit, 3U);
        QCOMPARE(state->listeners[1].admitShare, 0.25);
    }
    void anUnchangedConfigurationIsNoReload() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        const int pid = f.gateway->takeStatus().pid;
        QVERIFY(f.prove(limited()).up);
        QVERIFY(f.gateway->reconfigure(f.config, f.rules));
        QCOMPARE(f.gateway->takeStatus().pid, pid);
    }
    void listenersMayComeAndGoAtAReload() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        std::swap(f.config.listeners[0], f.config.listeners[1]);
        ListenerConfig more = f.config.listeners[1];
        const int port = freePort();
        more.service = "billing";
        more.bind = loopback(port);
        f.config.listeners.push_back(more);
        QVERIFY(f.gateway->reconfigure(f.config, f.rules));
        QVERIFY(f.prove({{{"billing", 5, 5, 1}, {"payment", 3, 2, 1}}}).up);
        QCOMPARE(HttpClient(port).get("/").status, 200);
        QTRY_COMPARE(f.count(Outcome::Success, 2), std::size_t{1});
        QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
        QTRY_COMPARE(f.count(Outcome::Success, 1), std::size_t{1});
    }
    void aConfigurationThatHaproxyRefusesChangesNothing() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(limited()).up);
        const int pid = f.gateway->takeStatus().pid;
        GatewayConfig bad = f.config;
        bad.listeners[0].targets = {"not an address"};
        const Status refused = f.gateway->reconfigure(bad, f.rules);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("in.payment") != std::string::npos,
                 refused.error().message.c_str());
        // It is kept, to be looked at, and the message says where in it.
        const std::string file = GatewayPaths(f.config.directory).refused();
        QVERIFY2(refused.error().message.find(file + ":") != std::string::npos,
                 refused.error().message.c_str());
        QVERIFY(readFile(file, 1 << 20)->find("not an address") != std::string::npos);
        QVERIFY(f.sawEvent("configuration refused"));
        QCOMPARE(f.gateway->takeStatus().pid, pid);
        QVERIFY(f.prove(limited()).up);
        QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
    }
    void eachThreadStaysOnACoreOfItsOwn() {
        LEVEE_NEED_HAPROXY();
        if (std::thread::hardware_concurrency() < 2)
            QSKIP("SKIP: a single core");
        GatewayFixture f;
        f.config.cores = {0, 1};
        QVERIFY(f.gateway->start(f.config, f.rules));
        std::vector<std::string> cores;
        const std::string tasks = "/proc/" + std::to_string(f.gateway->takeStatus().pid) + "/task";
        for (const auto& task : std::filesystem::directory_iterator(tasks)) {
            const auto status = readFile(task.path().string() + "/status", 64 * 1024);
            const std::string key = "Cpus_allowed_list:\t";
            const std::size_t at = status->find(key) + key.size();
            cores.push_back(status->substr(at, status->find('\n', at) - at));
        }
        std::sort(cores.begin(), cores.end());
        QCOMPARE(cores, (std::vector<std::string>{"0", "1"}));
        QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
    }
    void theNextStandsByAndFollowsAtAReload() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        for (int i = 1; i <= 3; ++i) {
            const int pid = f.gateway->takeStatus().pid;
            QTRY_COMPARE(standingBy(f, pid).size(), std::size_t{1});
            const int next = standingBy(f, pid)[0];
            f.config.listeners[0].connectTimeout = std::chrono::milliseconds(500 + i);
            QVERIFY(f.gateway->reconfigure(f.config, f.rules));
            // It daemonised, so the one that serves is its child; no other was started.
            const int now = f.gateway->takeStatus().pid;
            QVERIFY(now != pid && now != next);
            QTRY_VERIFY(::kill(next, 0) != 0);
            QVERIFY(f.prove(limited()).up);
            QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
        }
        const int last = f.gateway->takeStatus().pid;
        QTRY_COMPARE(standingBy(f, last).size(), std::size_t{1});
        QVERIFY(f.gateway->stop(true));
        QVERIFY(standingBy(f, last).empty());
        QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
    }
    void aReloadDoesNotNeedTheOneThatStandsBy() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        const int pid = f.gateway->takeStatus().pid;
        QTRY_COMPARE(standingBy(f, pid).size(), std::size_t{1});
        QCOMPARE(::kill(standingBy(f, pid)[0], SIGKILL), 0);
        QTRY_VERIFY(standingBy(f, pid).empty());
        f.config.listeners[0].connectTimeout = std::chrono::milliseconds(501);
        QVERIFY(f.gateway->reconfigure(f.config, f.rules));
        QVERIFY(f.gateway->takeStatus().pid != pid);
        QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
    }
    void anotherProgramIsNotStartedWithTheOldOneThatStandsBy() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        const int pid = f.gateway->takeStatus().pid;
        const std::string program = f.scratch.path() + "/haproxy";
        std::filesystem::copy_file(kHaproxy, program);
        HaproxyProcess process(GatewayPaths(f.config.directory));
        const auto standing = [&] {
            std::vector<int> all = standingBy(f, pid);
            std::erase_if(all, [&](int each) {
                std::error_code error;
                const auto path =
                    std::filesystem::read_symlink("/proc/" + std::to_string(each) + "/exe", error);
                return path.string().find(f.scratch.path()) == std::string::npos;
            });
            return all;
        };
        process.prepare(program, pid);
        QTRY_COMPARE(standing().size(), std::size_t{1});
        const std::vector<int> first = standing();
        process.prepare(program, pid);
        QCOMPARE(standing(), first);
        // As an update of the package does it.
        std::filesystem::copy_file(kHaproxy, program + ".new");
        std::filesystem::rename(program + ".new", program);
        process.prepare(program, pid);
        QTRY_COMPARE(standing().size(), std::size_t{1});
        QVERIFY(standing() != first);
    }
    void oneWhoseAgentDiesEndsAndHarmsNothing() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(limited()).up);
        const GatewayPaths paths(f.config.directory);
        QTRY_VERIFY(std::filesystem::exists(paths.config()));
        const auto text = readFile(paths.config(), 1 << 20);
        QVERIFY(text);
        const int pid = f.gateway->takeStatus().pid;
        Load load(f.inPort);
        // Nothing was written, or a part, to the end of a line or not.
        std::vector<std::size_t> ends{0, 1, text->size() - 1};
        for (std::size_t at = text->find('\n'); at + 1 < text->size();
             at = text->find('\n', at + 1))
            ends.push_back(at + 1);
        QVERIFY(ends.size() > 50);
        for (const std::size_t end : ends) {
            auto next = ChildProcess::start({kHaproxy, "-D", "-p", paths.pidFile() + ".next", "-f",
                                             "/dev/stdin", "-x", paths.statsSocket(), "-sf",
                                             std::to_string(pid)});
            QVERIFY(next);
            const auto result =
                finish(*std::move(next), text->substr(0, end), std::chrono::seconds(10));
            QVERIFY(result);
            QVERIFY2(result->exitCode != 0, text->substr(0, end).c_str());
        }
        load.stop();
        QCOMPARE(load.failed(), 0);
        const GatewayStatus status = f.prove(limited());
        QVERIFY(status.up);
        QCOMPARE(status.pid, pid);
    }
    void aPortThatIsTakenIsRefusedAndTheOldProcessServesOn() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        const int pid = f.gateway->takeStatus().pid;
        GatewayConfig bad = f.config;
        bad.listeners[0].bind = f.backend.address();
        Load load(f.inPort);
        const Status refused = f.gateway->reconfigure(bad, f.rules);
        load.stop();
        QCOMPARE(load.failed(), 0);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find(bad.listeners[0].bind) != std::string::npos,
                 refused.error().message.c_str());
        QCOMPARE(f.gateway->takeStatus().pid, pid);
        QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
        QVERIFY(f.prove(limited()).up);
    }
    void aBadConfigurationAtTheStartIsAnError() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        f.config.listeners[0].targets = {"not an address"};
        const Status refused = f.gateway->start(f.config, f.rules);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Invalid);
    }
    void aMissingProgramIsAnError() {
        GatewayFixture f;
        f.config.haproxy = "/nowhere/haproxy";
        const Status refused = f.gateway->start(f.config, f.rules);
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("/nowhere/haproxy") != std::string::npos);
    }
    void aKilledHaproxyComesBackWithTheLastState() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(limited()).up);
        for (int i = 0; i < 3; ++i) {
            const int pid = f.gateway->takeStatus().pid;
            QCOMPARE(::kill(pid, SIGKILL), 0);
            QTRY_VERIFY(f.status().pid != pid && f.status().up);
            QVERIFY(f.prove(limited()).up);
            QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
            QTRY_COMPARE(f.count(Outcome::Success, 0), static_cast<std::size_t>(i + 1));
        }
        QVERIFY(f.sawEvent("died"));
        QVERIFY(f.sawEvent("HAProxy restarted"));
    }
    void theNextAgentTakesTheSameProcessOverWithoutDroppingARequest() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"payment", 50, 50, 1}}}).up);
        const int pid = f.gateway->takeStatus().pid;
        Load load(f.inPort);
        QTRY_VERIFY(load.answered() > 100);
        f.renew();
        const int without = load.answered();
        QTRY_VERIFY(load.answered() > without + 100);
        QVERIFY(f.gateway->start(f.config, f.rules));
        QCOMPARE(f.gateway->takeStatus().pid, pid);
        // What the last agent had put in force stays so until the new one knows better.
        const GatewayStatus status = f.gateway->takeStatus();
        QVERIFY2(status.proofs[0].detail.find("limit 50, queue 50") != std::string::npos,
                 status.proofs[0].detail.c_str());
        load.stop();
        QCOMPARE(load.failed(), 0);
        // The ring kept the lines of the time without an agent; those that were on their way to
        // the old one when it went are lost.
        const auto answered = static_cast<std::size_t>(load.answered());
        QTRY_VERIFY(f.records().size() + 100 >= answered);
        QVERIFY(f.records().size() <= answered);
    }
    void aTakeOverWithAnotherConfigurationReloads() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(limited()).up);
        const int pid = f.gateway->takeStatus().pid;
        Load load(f.inPort);
        f.renew();
        f.config.listeners[0].connectTimeout = std::chrono::milliseconds(321);
        QVERIFY(f.gateway->start(f.config, f.rules));
        const GatewayStatus status = f.gateway->takeStatus();
        QVERIFY(status.pid != pid);
        QVERIFY(status.proofs[0].detail.find("limit 7, queue 3") != std::string::npos);
        load.stop();
        QCOMPARE(load.failed(), 0);
    }
    void aProcessThatLostItsSocketIsReplaced() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(limited()).up);
        const int pid = f.gateway->takeStatus().pid;
        std::filesystem::remove(GatewayPaths(f.config.directory).statsSocket());
        QTRY_VERIFY_WITH_TIMEOUT(f.gateway->takeStatus().pid != pid && f.gateway->takeStatus().up,
                                 10'000);
        QVERIFY(f.prove(limited()).up);
        QTRY_VERIFY(::kill(pid, 0) != 0);
    }
    void whatSomebodyElseChangedIsPutRight() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove(limited()).up);
        const std::string map = GatewayPaths(f.config.directory).numbersMap();
        QVERIFY(f.socket().askAll({command::setServerLimit("in.payment", f.backend.address(), 999),
                                   command::setMapEntry(map, "admit/checkout->payment", "999")}));
        HaproxyEnforcer reader(f.socket(), GatewayPaths(f.config.directory));
        reader.setConfig(f.config);
        QTRY_COMPARE(reader.readBack()->listeners[0].maxInFlight, 7U);
        QCOMPARE(reader.readBack()->listeners[1].admitShare, 0.25);
    }
    void aReloadBySomebodyElseIsNoticedAndAssertedAgain() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        const std::string file = GatewayPaths(f.config.directory).config();
        QTRY_VERIFY(std::filesystem::exists(file));
        const auto text = readFile(file, 1 << 20);
        QVERIFY(text);
        QVERIFY(f.prove(limited()).up);
        const int pid = f.gateway->takeStatus().pid;
        // The text is from before the limits.
        const auto other = HaproxyProcess(GatewayPaths(f.config.directory)).launch(kHaproxy, *text);
        QVERIFY(other);
        QTRY_COMPARE(f.status().pid, other->pid);
        QVERIFY(other->pid != pid);
        QVERIFY(f.prove(limited()).up);
        QVERIFY(f.sawEvent("was replaced"));
    }
    void twoAgentsCannotShareOneDirectory() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        Gateway second({[](std::vector<RequestRecord>&&) {}, {}});
        const Status refused = second.start(f.config, f.rules);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
        QTRY_COMPARE(f.count(Outcome::Success, 0), std::size_t{1});
    }
    void whatWasWantedLastHoldsAfterTheEnd() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.prove({{{"checkout->payment", 0, 0, 0}}}).up);
        QCOMPARE(HttpClient(f.outPort).get("/").status, 503);
        // As a stopping agent does it, in one go.
        f.gateway->setDesired({{{"checkout->payment", 0, 0, 1}}});
        QVERIFY(f.gateway->stop(true));
        QCOMPARE(HttpClient(f.outPort).get("/").status, 200);
    }
    void aGatewayWithoutAnAgentLooksForItOnceASecond() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.gateway->stop(true));
        const auto connections = [&f] {
            const auto text = f.socket().ask("show stat levee.sink 1 -1 typed");
            const std::string mark = ".stot.1:MCP:u64:";
            const std::size_t at = text ? text->find(mark) : std::string::npos;
            return at == std::string::npos ? -1 : std::stoi(text->substr(at + mark.size()));
        };
        QTRY_VERIFY(connections() >= 1);
        const int first = connections();
        const Deadline twoSeconds = Deadline::after(std::chrono::seconds(2));
        QTRY_VERIFY(connections() >= first + 3);
        QVERIFY2(twoSeconds.hasPassed(), "it comes back sooner than it should");
        QCOMPARE(HttpClient(f.inPort).get("/").status, 200);

        f.renew();
        QVERIFY(f.gateway->start(f.config, f.rules));
        QTRY_VERIFY(f.gateway->takeStatus().log.connections >= 1);
        QCOMPARE(HttpClient(f.inPort).get("/").status, 200);
        QTRY_VERIFY(f.count(Outcome::Success, 0) >= 1);
    }
    void stoppingEndsHaproxy() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        const int pid = f.gateway->takeStatus().pid;
        QVERIFY(f.gateway->stop(false));
        QTRY_VERIFY(::kill(pid, 0) != 0);
        QCOMPARE(HttpClient(f.inPort).get("/").status, 0);
        QVERIFY(!f.gateway->reconfigure(f.config, f.rules));
    }
};

LEVEE_TEST(GatewayLifeTest)
#include "gateway_life_test.moc"
