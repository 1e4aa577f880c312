// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/waterfall.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using levee::cli::waterfall;

namespace {

constexpr std::uint64_t kMilli = 1'000'000;

TraceSpan span(std::uint64_t id, std::uint64_t parent, const char* service, SpanKind kind,
               std::uint64_t startMillis, std::uint64_t endMillis) {
    TraceSpan made;
    made.id = id;
    made.parent = parent;
    made.service = service;
    made.name = "work";
    made.kind = kind;
    made.startNanos = startMillis * kMilli;
    made.endNanos = endMillis * kMilli;
    return made;
}

/// The lines without the spaces at their ends.
std::string shown(const Trace& trace) {
    std::string text;
    std::string line;
    for (const char c : waterfall(trace, 10)) {
        if (c != '\n') {
            line += c;
            continue;
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        line.clear();
    }
    return text;
}

}  // namespace

class WaterfallTest : public QObject {
    Q_OBJECT
private slots:
    void childrenStandBelowTheirParentsWithABarOfTheirTime() {
        Trace trace;
        trace.spans = {span(1, 0, "a", SpanKind::Server, 100, 200),
                       span(2, 1, "a", SpanKind::Client, 120, 180),
                       span(4, 1, "a", SpanKind::Client, 130, 140),
                       span(3, 2, "b", SpanKind::Server, 130, 170)};
        trace.spans[2].peer = "redis";
        trace.spans[3].failed = true;
        QCOMPARE(QString::fromStdString(shown(trace)),
                 QString("SPAN                KIND        AT    TOOK          WHEN\n"
                         "a: work             server     0us   100ms          ##########\n"
                         "  a: work           client  20.0ms  60.0ms          ..######..\n"
                         "    b: work         server  30.0ms  40.0ms  FAILED  ...####...\n"
                         "  a: work -> redis  client  30.0ms  10.0ms          ...#......\n"));
    }
    void aServerWhoseClockDisagreesStandsInTheMiddleOfItsCaller() {
        Trace trace;
        trace.spans = {span(1, 0, "a", SpanKind::Client, 100, 200),
                       span(3, 2, "b", SpanKind::Internal, 9'030, 9'050),
                       span(2, 1, "b", SpanKind::Server, 9'000, 9'060)};
        const std::string text = shown(trace);
        QVERIFY2(text.find("~  ..######..") != std::string::npos, text.c_str());
        QVERIFY2(text.find(".....##...") != std::string::npos, text.c_str());
    }
    void zipkinsSharedIdsAndLostParentsHaveAPlace() {
        Trace trace;
        trace.spans = {span(1, 9, "a", SpanKind::Client, 100, 200),
                       span(1, 9, "b", SpanKind::Server, 120, 180),
                       span(2, 1, "b", SpanKind::Client, 130, 170)};
        const std::string text = shown(trace);
        QVERIFY2(text.find("\n  b: work") != std::string::npos, text.c_str());
        QVERIFY2(text.find("\n    b: work") != std::string::npos, text.c_str());
    }
    void spansThatNameEachOtherAsParentsAreShownOnce() {
        Trace trace;
        trace.spans = {span(1, 2, "a", SpanKind::Internal, 1, 2),
                       span(2, 1, "b", SpanKind::Internal, 1, 2),
                       span(3, 3, "c", SpanKind::Internal, 1, 1)};
        const std::string text = shown(trace);
        QCOMPARE(std::count(text.begin(), text.end(), '\n'), std::ptrdiff_t{4});
    }
    void anEmptyTraceSaysSo() { QCOMPARE(waterfall({}, 10), std::string("no spans\n")); }
};

LEVEE_TEST(WaterfallTest)
#include "waterfall_test.moc"
