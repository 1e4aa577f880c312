// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/target.h"

#include <QTest>

#include "agent/collect/scrape_loop.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

ScrapeJob job(std::vector<std::string> addresses) {
    ScrapeJob made;
    made.name = "j";
    made.statics.push_back({std::move(addresses), {{"zone", "a"}}});
    return made;
}

}  // namespace

class TargetTest : public QObject {
    Q_OBJECT
private slots:
    void aTargetHasJobInstanceAndStaticLabels() {
        const auto targets = makeTargets({job({"h:1", "h:2"})});
        QCOMPARE(targets->size(), std::size_t{2});
        QCOMPARE(targets->at(1).url, std::string("http://h:2/metrics"));
        QCOMPARE(Series::make("x", targets->at(1).labels)->text(),
                 std::string("x{instance=\"h:2\",job=\"j\",zone=\"a\"}"));
    }
    void badJobsAreRefusedWithAReason() {
        const auto refusal = [](auto change) {
            ScrapeJob changed = job({"h:1"});
            change(changed);
            const auto targets = makeTargets({changed});
            return targets ? std::string() : targets.error().message;
        };
        QCOMPARE(refusal([](ScrapeJob&) {}), std::string());
        QCOMPARE(refusal([](ScrapeJob& j) { j.scheme = "file"; }),
                 std::string("scrape job 'j': scheme must be http or https, not 'file'"));
        QVERIFY(!refusal([](ScrapeJob& j) { j.interval = 1ms; }).empty());
        QVERIFY(!refusal([](ScrapeJob& j) { j.timeout = 0s; }).empty());
        QVERIFY(!refusal([](ScrapeJob& j) { j.metricsPath = "metrics"; }).empty());
        for (const char* address : {"", "h/x", "u@h:1", "h:1?x", "h 1", "h\n1"})
            QVERIFY(!refusal([&](ScrapeJob& j) { j.statics[0].targets = {address}; }).empty());
        QVERIFY(!refusal([](ScrapeJob& j) { j.statics[0].targets = {"h:1", "h:1"}; }).empty());
    }
    void thereAreAtMostTwoThousandTargets() {
        std::vector<std::string> addresses;
        for (int i = 0; i < 2000; ++i)
            addresses.push_back("h:" + std::to_string(i + 1));
        QVERIFY(makeTargets({job(addresses)}).isOk());
        addresses.push_back("one:1");
        const auto refused = makeTargets({job(addresses)});
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
    }
    void theTimeoutIsAtMostTheIntervalAndTenSeconds() {
        ScrapeJob changed = job({"h:1"});
        changed.interval = 2s;
        changed.timeout = 5s;
        QCOMPARE(makeTargets({changed})->at(0).timeout, Duration(2s));
        changed.interval = changed.timeout = 60s;
        QCOMPARE(makeTargets({changed})->at(0).timeout, Duration(10s));
    }
    void targetsSpreadOverTheIntervalAndKeepTheirPlace() {
        std::vector<std::string> addresses;
        for (int i = 0; i < 400; ++i)
            addresses.push_back("h:" + std::to_string(9000 + i));
        const auto targets = makeTargets({job(addresses)});
        std::array<int, 4> quarters{};
        for (const Target& target : *targets) {
            const ScrapeLoop loop(target);
            const MonotonicTime now{Duration(1234567s)};
            const MonotonicTime due = loop.firstDue(now);
            QVERIFY(due > now && due <= now + target.interval);
            QCOMPARE((loop.firstDue(now + 17s) - due) % target.interval, Duration::zero());
            ++quarters[static_cast<std::size_t>((due - now) / 251ms)];
        }
        for (const int n : quarters)
            QVERIFY(n > 60 && n < 140);
    }
    void lateScrapesAreSkippedNotCaughtUp() {
        const ScrapeLoop loop(makeTargets({job({"h:1"})})->at(0));
        const MonotonicTime due = loop.firstDue(MonotonicTime{Duration(100s)});
        std::uint64_t skipped = 0;
        QCOMPARE(loop.nextDue(due, due + 1ms, skipped) - due, Duration(1s));
        QCOMPARE(skipped, std::uint64_t{0});
        QCOMPARE(loop.nextDue(due, due + 3500ms, skipped) - due, Duration(4s));
        QCOMPARE(skipped, std::uint64_t{3});
    }
};

LEVEE_TEST(TargetTest)
#include "target_test.moc"
