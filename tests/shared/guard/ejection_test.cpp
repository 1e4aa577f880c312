// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/ejection.h"

#include <fmt/format.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

const MonotonicTime kStart{1h};

EjectionSettings on() {
    EjectionSettings s;
    s.enabled = true;
    return s;
}

/// How the calls of one instance end.
struct Behaviour {
    double failing = 0;  ///< share of the calls
    Duration latency = 5ms;
};

/// A group that gets 100 calls a second for each instance, less where its share is lower.
struct Scene {
    Ejection ejection;
    MonotonicTime now = kStart;
    Random random{7};
    std::map<std::string, Behaviour> group;
    std::map<std::string, double> due;
    std::vector<GuardEvent> events;
    double perTick = 10;

    explicit Scene(int instances, const EjectionSettings& settings = on())
        : ejection(settings, 1, kStart) {
        for (int i = 0; i < instances; ++i) {
            add(nameOf(i));
        }
    }
    static std::string nameOf(int i) { return fmt::format("i{:03}", i); }
    void add(const std::string& name) {
        QVERIFY(ejection.add(name, now));
        group[name] = {};
    }
    Behaviour& of(int i) { return group[nameOf(i)]; }
    void everyOneFails(double share) {
        for (auto& [name, behaviour] : group) {
            behaviour.failing = share;
        }
    }
    void call(const std::string& name, bool failed, Duration latency = 5ms) {
        ejection.onResult(name,
                          {failed ? CallResult::Kind::Failure : CallResult::Kind::Success, latency},
                          now, now);
        collect();
    }
    void calls(int i, int n, bool failed) {
        for (int k = 0; k < n; ++k) {
            call(nameOf(i), failed);
        }
    }
    void traffic(Duration span) {
        for (const MonotonicTime end = now + span; now < end;) {
            now += 100ms;
            ejection.onTick(now);
            for (const auto& [name, behaviour] : group) {
                for (due[name] += perTick * shareOf(name); due[name] >= 1; due[name] -= 1) {
                    call(name, random.uniform() < behaviour.failing, behaviour.latency);
                }
            }
            collect();
            QVERIFY(countEjected() <= static_cast<int>(group.size()) / 2);
        }
    }
    void quiet(Duration span) {
        for (const MonotonicTime end = now + span; now < end;) {
            now += 100ms;
            ejection.onTick(now);
        }
        collect();
    }
    InstanceState state(const std::string& name) const {
        for (const InstanceState& each : ejection.instances(now)) {
            if (each.instance == name) {
                return each;
            }
        }
        return {};
    }
    InstanceState state(int i) const { return state(nameOf(i)); }
    double shareOf(const std::string& name) const {
        for (const InstanceShare& each : ejection.shares()) {
            if (each.instance == name) {
                return each.share;
            }
        }
        return 1;
    }
    int countEjected() const {
        const auto states = ejection.instances(now);
        return static_cast<int>(std::count_if(states.begin(), states.end(), [](const auto& each) {
            return each.status == InstanceStatus::Ejected;
        }));
    }
    void collect() {
        for (GuardEvent& event : ejection.takeEvents()) {
            events.push_back(std::move(event));
        }
    }
    int told(const std::string& part) const {
        return static_cast<int>(std::count_if(
            events.begin(), events.end(),
            [&](const GuardEvent& event) { return event.text.find(part) != std::string::npos; }));
    }
};

}  // namespace

class EjectionTest : public QObject {
    Q_OBJECT
private slots:
    void fiveFailuresInARowEject() {
        Scene s(4);
        s.calls(1, 4, true);
        QCOMPARE(s.state(1).status, InstanceStatus::In);
        s.calls(1, 1, false);
        s.calls(1, 4, true);
        QCOMPARE(s.state(1).status, InstanceStatus::In);
        s.calls(1, 1, true);
        QCOMPARE(s.state(1).status, InstanceStatus::Ejected);
        QCOMPARE(s.state(1).share, 0.0);
        QCOMPARE(s.state(1).reason, std::string("5 failures in a row (limit 5)"));
        QVERIFY(std::abs(s.state(1).backInSeconds - 10) <= 1);
        QCOMPARE(s.ejection.shares(), (std::vector<InstanceShare>{{"i001", 0}}));
        const GuardEvent& event = s.events.back();
        QCOMPARE(event.kind, EventKind::Ejection);
        QVERIFY(event.text.starts_with("i001 ejected for "));
        QCOMPARE(event.why.counterfactual.text(),
                 std::string("would have stayed in at consecutiveFailures >= 6"));
        QVERIFY(event.why.inputs.starts_with("instance=i001 consecutive=5 instances=4 out=0"));
    }
    void switchedOffAsByDefaultNothingHappens() {
        Scene s(4, EjectionSettings());
        s.everyOneFails(0.5);
        s.of(1) = {1.0, 5ms};
        s.traffic(30s);
        QVERIFY(s.ejection.shares().empty());
        QVERIFY(s.events.empty());
    }
    void whoFailsNowAndThenIsFoundAtTheEndOfTheWindow() {
        EjectionSettings settings = on();
        settings.consecutiveFailures = 0;
        Scene s(6, settings);
        s.of(2).failing = 0.3;
        s.traffic(4900ms);
        QCOMPARE(s.countEjected(), 0);
        s.traffic(200ms);
        QCOMPARE(s.state(2).status, InstanceStatus::Ejected);
        QCOMPARE(s.countEjected(), 1);
        QVERIFY(std::abs(s.state(2).goodShare - 0.7) < 0.1);
    }
    void whoIsSlowIsFoundAtTheEndOfTheWindow() {
        Scene s(6);
        s.of(2).latency = 100ms;
        s.traffic(5100ms);
        QCOMPARE(s.state(2).status, InstanceStatus::Ejected);
        QCOMPARE(s.countEjected(), 1);
    }
    void aHealthyGroupStaysIn() {
        Scene s(10);
        s.everyOneFails(0.02);
        s.traffic(10min);
        QVERIFY2(s.events.empty(), s.events.empty() ? "" : s.events[0].text.c_str());
    }
    void atMostTheShareGoes_data() {
        QTest::addColumn<int>("instances");
        QTest::addColumn<double>("share");
        QTest::addColumn<int>("most");
        QTest::newRow("one is no group") << 1 << 0.3 << 0;
        QTest::newRow("one of two") << 2 << 0.3 << 1;
        QTest::newRow("one of three") << 3 << 0.3 << 1;
        QTest::newRow("one of nine at 10 %") << 9 << 0.1 << 1;
        QTest::newRow("three of ten") << 10 << 0.3 << 3;
        QTest::newRow("never the last half") << 7 << 0.5 << 3;
        QTest::newRow("nor beyond the legal share") << 9 << 1.0 << 4;
    }
    void atMostTheShareGoes() {
        QFETCH(int, instances);
        QFETCH(double, share);
        QFETCH(int, most);
        EjectionSettings settings = on();
        settings.maxEjectedShare = share;
        Scene s(instances, settings);
        for (int i = 0; i + 1 < instances; ++i) {  // all but one fail
            s.calls(i, 5, true);
        }
        if (instances == 1) {
            s.calls(0, 5, true);
        }
        QCOMPARE(s.countEjected(), most);
        QCOMPARE(s.told("stays in, although"), instances - 1 > most ? 1 : 0);
    }
    void whoStaysInAlthoughBadIsToldOnceAndWhatWouldLetItGo() {
        Scene s(10);
        for (int i = 0; i < 3; ++i) {
            s.calls(i, 5, true);
        }
        s.calls(3, 4, true);
        QCOMPARE(s.told("stays in, although"), 0);
        s.calls(3, 6, true);
        s.calls(4, 10, true);
        QCOMPARE(s.told("stays in, although"), 1);
        QCOMPARE(s.events.back().text,
                 std::string("i003 stays in, although 5 failures in a row (limit 5): 3 of 10 are "
                             "out already"));
        QCOMPARE(s.events.back().why.counterfactual.text(),
                 std::string("would have been ejected at maxEjectedShare >= 0.4"));
        Scene two(3);
        two.calls(0, 5, true);
        two.calls(1, 5, true);
        QCOMPARE(two.events.back().why.counterfactual.text(),
                 std::string("would have been ejected at instances >= 4"));
    }
    void whoHadToStayGoesWhenThereIsRoom() {
        Scene s(3);
        s.calls(0, 5, true);
        s.calls(1, 5, true);
        QCOMPARE(s.state(1).status, InstanceStatus::In);
        s.add("j");
        s.calls(1, 4, true);
        QCOMPARE(s.state(1).status, InstanceStatus::In);  // 1 of 4 may go at 30 %
        EjectionSettings half = on();
        half.maxEjectedShare = 0.5;
        s.ejection.reconfigure(half, s.now);
        s.calls(1, 1, true);
        QCOMPARE(s.state(1).status, InstanceStatus::Ejected);
    }
    void whereEveryOneIsBadAllStayIn() {
        Scene s(10);
        s.traffic(3s);
        s.everyOneFails(1);
        s.traffic(2s);
        QVERIFY(s.ejection.isGroupBad());
        QCOMPARE(s.countEjected(), 0);
        QVERIFY(s.ejection.shares().empty());
        QCOMPARE(s.told("all 10 instances are bad: none is ejected"), 1);
        s.traffic(60s);
        QCOMPARE(s.told("all 10 instances are bad: none is ejected"), 1);
        QCOMPARE(s.countEjected(), 0);
    }
    void whatWasGoodBeforeSaysNothingAboutWhoIsWellNow() {
        Scene s(10);
        s.traffic(4s);
        s.everyOneFails(1);  // at the end of the window four of five calls were good
        s.traffic(30s);
        QVERIFY(s.ejection.isGroupBad());
        QCOMPARE(s.told("all 10 instances are bad: none is ejected"), 1);
        QCOMPARE(s.told("is well"), 0);
        s.of(3).failing = 0;
        s.traffic(15s);
        QVERIFY(!s.ejection.isGroupBad());
    }
    void aGroupThatFailsHalfOfTheTimeIsBadToo() {
        EjectionSettings settings = on();
        settings.consecutiveFailures = 0;
        Scene s(4, settings);
        s.everyOneFails(0.7);
        s.traffic(20s);
        QVERIFY(s.ejection.isGroupBad());
        QCOMPARE(s.told("all 4 instances are bad"), 1);
    }
    void whenOneOfThemIsWellTheOthersAreEjectedAgain() {
        Scene s(4);
        s.everyOneFails(1);
        s.traffic(6s);
        QVERIFY(s.ejection.isGroupBad());
        s.of(3).failing = 0;
        s.traffic(12s);
        QVERIFY(!s.ejection.isGroupBad());
        QCOMPARE(s.told("i003 is well: bad instances are ejected again"), 1);
        QCOMPARE(s.countEjected(), 1);
        s.everyOneFails(0);
        s.traffic(2min);
        QVERIFY(s.ejection.shares().empty());
    }
    void ofTwoTheLastOneComesWithTheOther() {
        Scene s(2);
        s.calls(0, 5, true);
        QCOMPARE(s.state(0).status, InstanceStatus::Ejected);
        s.calls(1, 5, true);
        QCOMPARE(s.state(0).status, InstanceStatus::In);
        QCOMPARE(s.state(1).status, InstanceStatus::In);
        QVERIFY(s.ejection.isGroupBad());
    }
    void itComesBackByARamp() {
        Scene s(4);
        s.calls(1, 5, true);
        s.quiet(11100ms);
        QCOMPARE(s.state(1).status, InstanceStatus::Ramp);
        double before = 0;
        QVERIFY(s.state(1).share >= 0.1);
        while (s.state(1).status == InstanceStatus::Ramp) {
            QVERIFY(s.state(1).share > before && s.state(1).share <= 1);
            before = s.state(1).share;
            s.traffic(100ms);
        }
        QVERIFY(before > 0.9);
        QCOMPARE(s.state(1).status, InstanceStatus::In);
        QCOMPARE(s.state(1).share, 1.0);
        QCOMPARE(s.told("i001 is let in again, within 10s"), 1);
        QCOMPARE(s.told("i001 gets its full share again"), 1);
    }
    void withoutARampItIsBackAtOnce() {
        EjectionSettings settings = on();
        settings.ramp = 0s;
        Scene s(4, settings);
        s.calls(1, 5, true);
        s.quiet(11100ms);
        QCOMPARE(s.state(1).status, InstanceStatus::In);
    }
    void inItsRampThreeFailuresAreEnough() {
        Scene s(4);
        s.calls(1, 5, true);
        s.quiet(11100ms);
        s.calls(1, 2, true);
        QCOMPARE(s.state(1).status, InstanceStatus::Ramp);
        s.calls(1, 1, true);
        QCOMPARE(s.state(1).status, InstanceStatus::Ejected);
        QCOMPARE(s.state(1).ejections, 2);
        QVERIFY(std::abs(s.state(1).backInSeconds - 20) <= 2);
    }
    void eachEjectionLastsLongerUpToTheMost() {
        EjectionSettings settings = on();
        settings.maxEjectFor = 35s;
        Scene s(4, settings);
        for (const double expected : {10.0, 20.0, 30.0, 35.0, 35.0}) {
            s.calls(1, 5, true);
            QVERIFY(std::abs(s.state(1).backInSeconds / expected - 1) <= 0.1);
            while (s.state(1).status == InstanceStatus::Ejected) {
                s.quiet(100ms);
            }
        }
    }
    void theEjectionsAreForgottenWhileItIsWell() {
        Scene s(4);
        s.calls(1, 5, true);
        s.quiet(12s);
        s.calls(1, 3, true);
        QCOMPARE(s.state(1).ejections, 2);
        s.traffic(22s + 10s);  // ejected, then its ramp
        QCOMPARE(s.state(1).status, InstanceStatus::In);
        QCOMPARE(s.state(1).ejections, 2);
        s.traffic(10s);
        QCOMPARE(s.state(1).ejections, 1);
        s.traffic(10s);
        QCOMPARE(s.state(1).ejections, 0);
        s.traffic(20s);
        QCOMPARE(s.state(1).ejections, 0);
    }
    void theTimeHasChanceInIt() {
        std::vector<double> times;
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            Ejection e(on(), seed, kStart);
            e.add("a", kStart);
            e.add("b", kStart);
            for (int i = 0; i < 5; ++i) {
                e.onResult("a", {CallResult::Kind::Failure, 1ms}, kStart, kStart);
            }
            times.push_back(e.instances(kStart)[0].backInSeconds);
        }
        const auto [least, most] = std::minmax_element(times.begin(), times.end());
        QVERIFY(*least >= 9 && *most <= 11 && *most - *least > 1);
    }
    void stragglersFromBeforeAreIgnored() {
        Scene s(4);
        s.calls(1, 5, true);
        const MonotonicTime before = s.now;
        s.quiet(11100ms);
        for (int i = 0; i < 20; ++i) {
            s.ejection.onResult("i001", {CallResult::Kind::Failure, 5s}, before, s.now);
        }
        QCOMPARE(s.state(1).status, InstanceStatus::Ramp);
        for (int i = 0; i < 20; ++i) {
            s.ejection.onResult("i001", {CallResult::Kind::Ignored, 5s}, s.now, s.now);
        }
        QCOMPARE(s.state(1).status, InstanceStatus::Ramp);
    }
    void whoComesAndGoesLeavesTheOthersAsTheyAre() {
        Scene s(6);
        s.calls(1, 5, true);
        s.calls(2, 4, true);
        const double back = s.state(1).backInSeconds;
        s.add("new");
        QVERIFY(s.ejection.add("i001", s.now));
        s.ejection.remove("i000", s.now);
        s.ejection.remove("nobody", s.now);
        QCOMPARE(s.state(1).backInSeconds, back);
        QCOMPARE(s.ejection.instances(s.now).size(), std::size_t{6});
        s.calls(2, 1, true);  // the fifth, but one of six may go
        QCOMPARE(s.state(2).status, InstanceStatus::In);
        s.call("nobody", true);
        s.ejection.remove("i001", s.now);
        s.calls(2, 5, true);
        QCOMPARE(s.state(2).status, InstanceStatus::Ejected);
    }
    void whenTheGroupShrinksWhoIsTooManyComesBack() {
        Scene s(10);
        for (int i = 0; i < 3; ++i) {
            s.calls(i, 5, true);
            s.quiet(1s);
        }
        QCOMPARE(s.countEjected(), 3);
        for (int i = 9; i >= 3; --i) {
            s.ejection.remove(Scene::nameOf(i), s.now);
            s.group.erase(Scene::nameOf(i));
        }
        QCOMPARE(s.countEjected(), 1);
        QCOMPARE(s.state(2).status, InstanceStatus::Ejected);  // it would have been the last
        s.ejection.remove("i001", s.now);
        s.ejection.remove("i000", s.now);
        QCOMPARE(s.countEjected(), 0);
        s.collect();
        QCOMPARE(s.told("is let in: too many"), 3);
    }
    void thereAreAtMostAThousand() {
        Scene s(1'000);
        QVERIFY(!s.ejection.add("one more", s.now));
        QCOMPARE(s.ejection.refused(), std::uint64_t{1});
        QVERIFY(s.ejection.add("i999", s.now));
        QCOMPARE(s.ejection.refused(), std::uint64_t{1});
        s.ejection.remove("i000", s.now);
        QVERIFY(s.ejection.add("one more", s.now));
        for (int i = 1; i <= 400; ++i) {
            s.calls(i, 5, true);
        }
        QCOMPARE(s.countEjected(), 300);
    }
    void whateverComesAndGoesHalfOfThemStaysIn() {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            Random random(seed);
            EjectionSettings settings = on();
            settings.maxEjectedShare = 0.05 + 0.45 * random.uniform();
            settings.ejectFor = 2s;
            settings.ramp = 2s;
            Scene s(1 + static_cast<int>(random.next() % 12), settings);
            int most = 0;
            for (int i = 0; i < 300; ++i) {
                const std::string name = Scene::nameOf(static_cast<int>(random.next() % 15));
                switch (random.next() % 8) {
                    case 0:
                        s.ejection.remove(name, s.now);
                        s.group.erase(name);
                        break;
                    case 1:
                        s.add(name);
                        break;
                    default:
                        if (s.group.contains(name)) {
                            s.group[name].failing = random.next() % 3 == 0 ? 1 : 0;
                        }
                }
                s.traffic(200ms);
                const auto n = static_cast<double>(s.group.size());
                const int allowed = static_cast<int>(std::min(
                    std::max(1.0, std::floor(settings.maxEjectedShare * n)), std::floor(n / 2)));
                QVERIFY(s.countEjected() <= allowed);
                const auto shares = s.ejection.shares();
                const auto isOut = [](const InstanceShare& each) { return each.share < 0.5; };
                QVERIFY(std::count_if(shares.begin(), shares.end(), isOut) <= allowed);
                most = std::max(most, s.countEjected());
            }
            QVERIFY(most > 0);
        }
    }
    void reconfiguringKeepsStateAndCounts() {
        Scene s(4);
        s.calls(1, 5, true);
        s.calls(2, 4, true);
        EjectionSettings settings = on();
        settings.maxEjectedShare = 0.5;
        settings.maxEjectFor = 5s;
        settings.ejectFor = 5s;
        s.ejection.reconfigure(settings, s.now);
        QCOMPARE(s.state(1).status, InstanceStatus::Ejected);
        QCOMPARE(s.state(1).backInSeconds, 5.0);
        s.calls(2, 1, true);
        QCOMPARE(s.state(2).status, InstanceStatus::Ejected);
        s.ejection.reconfigure(on(), s.now);  // one of four again
        QCOMPARE(s.countEjected(), 1);
        s.ejection.reconfigure(EjectionSettings(), s.now);
        QVERIFY(s.ejection.shares().empty());
        s.collect();
        QCOMPARE(s.told("switched off: all instances are in"), 1);
    }
    void oneBadInstanceOfSixCostsFewFailuresInTenMinutes() {
        Scene s(6);
        s.of(4).failing = 1;
        int failed = 0;
        int all = 0;
        for (int i = 0; i < 600; ++i) {
            const double share = s.shareOf("i004");
            s.traffic(1s);
            failed += static_cast<int>(100 * share);
            all += 500 + static_cast<int>(100 * share);
        }
        QVERIFY2(failed < all / 100, qPrintable(QString::number(failed)));
        QVERIFY(s.state(4).ejections >= 9);
        QCOMPARE(s.told("is well"), 0);
    }
};

LEVEE_TEST(EjectionTest)
#include "ejection_test.moc"
