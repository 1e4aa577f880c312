// SPDX-License-Identifier: Apache-2.0
#include "agent/forward/write_request.h"

#include <QTest>
#include <limits>

#include "tests/agent/forward/decoded_request.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::forward;

namespace {

TimedSample sample(const char* name, Labels labels, double value, std::int64_t millis) {
    return {Series::make(name, std::move(labels)), value, millis};
}

RelabelRule rule(RelabelRule::Action action, const char* source, const char* regex) {
    RelabelRule made;
    made.action = action;
    if (*source != '\0')
        made.sourceLabels = {source};
    made.regex = regex;
    return made;
}

}  // namespace

class WriteRequestTest : public QObject {
    Q_OBJECT
private slots:
    void samplesAreWrittenAsTheyAre() {
        const std::vector<TimedSample> samples{
            sample("a", {{"z", "1"}, {"B", "ä\"\n"}}, 1.5, 1700000000123),
            sample("b", {}, std::numeric_limits<double>::infinity(), -5),
            sample("c", {}, staleMarker(), 7)};
        const WriteRequest request = encodeRequest(samples, {});
        QCOMPARE(request.samples, std::size_t{3});
        QCOMPARE(request.dropped, std::size_t{0});
        QCOMPARE(test::decoded(request.body),
                 (std::vector<std::string>{"a{B=\"ä\"\n\",z=\"1\"} 1.5 @1700000000123",
                                           "b{} inf @-5", "c{} stale @7"}));
    }
    void labelsAreSortedWithTheNameAmongThem() {
        // Receivers refuse labels in any other order: capitals, then __name__, then the rest.
        std::string text;
        const std::string body =
            encodeRequest(std::vector{sample("n", {{"a", "1"}, {"Z", "2"}}, 0, 0)}, {}).body;
        QVERIFY(snappy::Uncompress(body.data(), body.size(), &text));
        QVERIFY(text.find("Z") < text.find("__name__"));
        QVERIFY(text.find("__name__") < text.find("a"
                                                  "\x12"));
    }
    void externalLabelsFillInWhatIsNotThere() {
        WriteTerms terms;
        terms.externalLabels = {{"region", "eu"}, {"job", "never"}, {"empty", ""}};
        QCOMPARE(test::decoded(
                     encodeRequest(std::vector{sample("a", {{"job", "j"}}, 1, 2)}, terms).body),
                 (std::vector<std::string>{"a{job=\"j\",region=\"eu\"} 1 @2"}));
    }
    void rulesDropAndRename() {
        WriteTerms terms;
        terms.externalLabels = {{"region", "eu"}};
        terms.relabel = *Relabeler::make({rule(RelabelRule::Action::Drop, "__name__", "go_.*"),
                                          rule(RelabelRule::Action::LabelDrop, "", "region")});
        const WriteRequest request = encodeRequest(
            std::vector{sample("go_gc", {}, 1, 2), sample("a", {{"x", "y"}}, 1, 2)}, terms);
        QCOMPARE(request.samples, std::size_t{1});
        QCOMPARE(request.dropped, std::size_t{1});
        QCOMPARE(test::decoded(request.body), (std::vector<std::string>{"a{x=\"y\"} 1 @2"}));
    }
};

LEVEE_TEST(WriteRequestTest)
#include "write_request_test.moc"
