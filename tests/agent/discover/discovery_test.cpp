// SPDX-License-Identifier: Apache-2.0
// Discovery and the collector together: what is found is scraped.
#include "agent/discover/discovery.h"

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <fstream>
#include <mutex>
#include <set>

#include "agent/collect/collector.h"
#include "tests/support/http_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::discover;
using namespace std::chrono_literals;
using test::HttpFixture;

namespace {

constexpr int kDeadlineMs = 20'000;

HttpFixture::Handler metrics() {
    return [](HttpFixture::Exchange& exchange) { exchange.send(HttpFixture::answer("a 1\n")); };
}

/// A collector fed by discovery, and a file of targets.
class Rig {
public:
    Rig() { collector.start(); }
    ~Rig() {
        discovery.stop();
        collector.stop();
    }
    ScrapeJob fileJob() const {
        ScrapeJob job;
        job.name = "files";
        job.interval = job.timeout = 200ms;
        job.discoveries = {FileDiscovery{{path()}, 1h}};
        return job;
    }
    void configure(const std::vector<ScrapeJob>& jobs) {
        QVERIFY(collector.setJobs(jobs).isOk());
        discovery.configure(jobs);
    }
    void write(const std::string& list) const { std::ofstream(path()) << list; }
    std::string path() const { return directory.filePath("t.json").toStdString(); }
    std::set<std::string> instances() const {
        std::set<std::string> all;
        for (const TargetStatus& target : collector.targets())
            all.insert(target.instance);
        return all;
    }
    bool isUp(const std::string& instance) const {
        for (const TargetStatus& target : collector.targets()) {
            if (target.instance == instance)
                return target.health == TargetHealth::Up;
        }
        return false;
    }

    QTemporaryDir directory;
    RealTimeSource time;
    Collector collector{time, {}};
    Discovery discovery{[this](const std::string& job, const TargetGroups& groups) {
        (void)collector.setDiscovered(job, groups);
    }};
};

std::string list(const std::vector<std::string>& addresses) {
    std::string text = "[{\"targets\":[";
    for (std::size_t i = 0; i < addresses.size(); ++i)
        text += (i == 0 ? "\"" : ",\"") + addresses[i] + '"';
    return text + "]}]";
}

}  // namespace

class DiscoveryTest : public QObject {
    Q_OBJECT
private slots:
    void targetsThatAppearAreScrapedAndThoseThatGoAreNot() {
        HttpFixture one(metrics());
        HttpFixture two(metrics());
        Rig rig;
        rig.write(list({one.address()}));
        rig.configure({rig.fileJob()});
        QTRY_VERIFY_WITH_TIMEOUT(rig.isUp(one.address()), kDeadlineMs);
        rig.write(list({one.address(), two.address()}));
        QTRY_VERIFY_WITH_TIMEOUT(rig.isUp(two.address()), kDeadlineMs);
        rig.write(list({two.address()}));
        QTRY_VERIFY_WITH_TIMEOUT(rig.instances() == std::set<std::string>{two.address()},
                                 kDeadlineMs);
    }
    void othersKeepTheirConnectionAndPlaceWhenTargetsCome() {
        HttpFixture steady(metrics());
        Rig rig;
        rig.write(list({steady.address()}));
        rig.configure({rig.fileJob()});
        QTRY_VERIFY_WITH_TIMEOUT(steady.requests() >= 2, kDeadlineMs);
        for (int i = 0; i < 5; ++i) {
            HttpFixture guest(metrics());
            rig.write(list({steady.address(), guest.address()}));
            QTRY_VERIFY_WITH_TIMEOUT(rig.isUp(guest.address()), kDeadlineMs);
        }
        QCOMPARE(steady.connections(), 1);
        std::uint64_t scrapes = 0;
        for (const TargetStatus& target : rig.collector.targets()) {
            if (target.instance == steady.address())
                scrapes = target.scrapes;
        }
        QVERIFY(scrapes >= 5);  // its count was not begun anew
    }
    void aBrokenFileKeepsTheTargets() {
        HttpFixture one(metrics());
        Rig rig;
        rig.write(list({one.address()}));
        rig.configure({rig.fileJob()});
        QTRY_VERIFY_WITH_TIMEOUT(rig.isUp(one.address()), kDeadlineMs);
        rig.write("[{");
        QTRY_VERIFY_WITH_TIMEOUT(rig.discovery.stats(0).failures >= 1, kDeadlineMs);
        QCOMPARE(rig.instances(), std::set<std::string>{one.address()});
        const auto states = rig.discovery.states();
        QCOMPARE(states.at(0).targets, std::size_t{1});
        QVERIFY(states.at(0).problem.find("no JSON") != std::string::npos);
    }
    void tooManyTargetsKeepTheFormerOnes() {
        HttpFixture one(metrics());
        Rig rig;
        rig.write(list({one.address()}));
        ScrapeJob job = rig.fileJob();
        StaticTargets statics;
        for (std::size_t i = 0; i < kMaxTargets - 1; ++i)
            statics.targets.push_back("127.0.0.2:" + std::to_string(i + 1));
        job.interval = job.timeout = 1h;
        job.statics = {statics};
        rig.configure({job});
        QTRY_COMPARE_WITH_TIMEOUT(rig.collector.targets().size(), kMaxTargets, kDeadlineMs);
        rig.write(list({one.address(), "127.0.0.3:1"}));
        QTRY_VERIFY_WITH_TIMEOUT(rig.collector.stats().updatesRefused >= 1, kDeadlineMs);
        QVERIFY(rig.instances().count(one.address()) == 1);
        QVERIFY(rig.instances().count("127.0.0.3:1") == 0);
    }
    void aSourceThatHangsDelaysNoOther() {
        HttpFixture hangs([](HttpFixture::Exchange& exchange) { exchange.waitForEnd(60s); });
        HttpFixture one(metrics());
        Rig rig;
        rig.write(list({one.address()}));
        ScrapeJob slow;
        slow.name = "slow";
        slow.discoveries = {HttpDiscovery{"http://" + hangs.address() + "/", {}, 60s}};
        rig.configure({slow, rig.fileJob()});
        QTRY_VERIFY_WITH_TIMEOUT(hangs.requests() == 1 && rig.isUp(one.address()), kDeadlineMs);
    }
    void aReloadKeepsWhatIsConfiguredAsBefore() {
        HttpFixture one(metrics());
        std::atomic<int> asked{0};
        HttpFixture lists([&](HttpFixture::Exchange& exchange) {
            ++asked;
            exchange.send(HttpFixture::answer(list({one.address()}), "application/json"));
        });
        Rig rig;
        ScrapeJob job;
        job.name = "web";
        job.interval = job.timeout = 200ms;
        job.discoveries = {HttpDiscovery{"http://" + lists.address() + "/", {}, 1h}};
        rig.configure({job});
        QTRY_VERIFY_WITH_TIMEOUT(rig.isUp(one.address()), kDeadlineMs);
        job.metricsPath = "/other";
        rig.configure({job, rig.fileJob()});
        QCOMPARE(rig.instances(), std::set<std::string>{one.address()});
        QCOMPARE(asked.load(), 1);
        rig.configure({rig.fileJob()});
        QVERIFY(rig.instances().empty());
    }
    void rulesChooseAmongTheTargetsThatWereFound() {
        HttpFixture one(metrics());
        Rig rig;
        rig.write("[{\"targets\":[\"" + one.address() +
                  "\"],\"labels\":{\"tier\":\"web\"}},"
                  "{\"targets\":[\"127.0.0.2:1\"],\"labels\":{\"tier\":\"db\"}}]");
        ScrapeJob job = rig.fileJob();
        RelabelRule keep;
        keep.action = RelabelRule::Action::Keep;
        keep.sourceLabels = {"tier"};
        keep.regex = "web";
        RelabelRule file;
        file.sourceLabels = {"__meta_filepath"};
        file.regex = ".*/(.*)\\.json";
        file.targetLabel = "list";
        job.relabel = {keep, file};
        rig.configure({job});
        QTRY_VERIFY_WITH_TIMEOUT(rig.isUp(one.address()), kDeadlineMs);
        const auto targets = rig.collector.targets();
        QCOMPARE(targets.size(), std::size_t{1});
        QCOMPARE(targets[0].labels.at("list"), std::string("t"));
        QVERIFY(targets[0].labels.count("__meta_filepath") == 0);
    }
};

LEVEE_TEST(DiscoveryTest)
#include "discovery_test.moc"
