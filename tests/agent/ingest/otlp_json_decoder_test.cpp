// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/otlp_json_decoder.h"

#include <QTest>

#include "agent/ingest/hex_id.h"
#include "agent/ingest/otlp_decoder.h"
#include "tests/agent/ingest/json_builder.h"
#include "tests/agent/ingest/otlp_builder.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;
using test::otlpJson;
using test::otlpSpan;

namespace {

SpanBatch decoded(const std::string& body, const DecodeLimits& limits = {}) {
    SpanBatch batch;
    const Status status = decodeOtlpJson(body, limits, batch);
    if (!status)
        qWarning("%s", status.error().message.c_str());
    return batch;
}

std::string refusal(const std::string& body) {
    SpanBatch batch;
    const Status status = decodeOtlpJson(body, {}, batch);
    return status || !batch.spans.empty() || !batch.services.empty() ? "" : status.error().message;
}

std::string attribute(const std::string& key, const std::string& value) {
    return test::json("{'key':'") + key + test::json("','value':") + value + "}";
}

std::string nested(int containers) {
    // The document, resourceSpans, its element, then lists.
    const int lists = containers - 3;
    return test::json("{'resourceSpans':[{'unknown':") +
           std::string(static_cast<std::size_t>(lists), '[') +
           std::string(static_cast<std::size_t>(lists), ']') + "}]}";
}

}  // namespace

class OtlpJsonDecoderTest : public QObject {
    Q_OBJECT
private slots:
    void allThatThePairingNeedsIsRead() {
        const SpanBatch batch = decoded(otlpJson(otlpSpan(
            test::json(
                "'parentSpanId':'EEE19B7EC3C1B173','name':'GET \\u00e9','traceState':'ot=th:c',"
                "'startTimeUnixNano':'1544712660000000000','endTimeUnixNano':1544712661000000000,"
                "'attributes':[") +
            attribute("http.response.status_code", test::json("{'intValue':'503'}")) + "," +
            attribute("db.system.name", test::json("{'stringValue':'redis'}")) + "," +
            attribute("messaging.destination.temporary", test::json("{'boolValue':true}")) + "," +
            attribute("nobody.reads", test::json("{'arrayValue':{'values':[{'intValue':1}]}}")) +
            test::json("],'links':[{'traceId':'5b8efff798038103d269b633813fc60d','spanId':"
                       "'eee19b7ec3c1b175','attributes':[]}],'status':{'message':'no','code':2},"
                       "'unknownField':{'a':[1,2,{'b':null}]}"))));
        QCOMPARE(batch.spans.size(), std::size_t{1});
        const SpanRecord& span = batch.spans[0];
        QCOMPARE(hexOf(span.trace), test::kTraceHex);
        QCOMPARE(hexOfSpan(span.span), test::kSpanHex);
        QCOMPARE(hexOfSpan(span.parent), std::string("eee19b7ec3c1b173"));
        QCOMPARE(std::string(span.name), std::string("GET \xc3\xa9"));
        QVERIFY(span.kind == SpanKind::Server);
        QCOMPARE(span.startNanos, 1544712660000000000U);
        QCOMPARE(span.endNanos, 1544712661000000000U);
        QCOMPARE(span.weight, 4U);
        QVERIFY(span.statusError);
        QCOMPARE(batch.peers[span.peer].httpStatus, 503);
        QCOMPARE(std::string(batch.peers[span.peer].dbSystem), std::string("redis"));
        QVERIFY(batch.peers[span.peer].destinationTemporary);
        QCOMPARE(span.linkCount, 1);
        QCOMPARE(hexOf(batch.links[0].trace), std::string("5b8efff798038103d269b633813fc60d"));
        QCOMPARE(std::string(batch.services[0].name), std::string("a"));
    }
    void idsLieInMemoryAsThoseOfProtobufDo() {
        const SpanBatch json = decoded(otlpJson(otlpSpan()));
        test::SpanText text;
        text.trace = "\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6\x0c";
        text.span = "\xee\xe1\x9b\x7e\xc3\xc1\xb1\x74";
        SpanBatch protobuf;
        QVERIFY(decodeTraces(test::encodeRequest("a", {text}), {}, protobuf));
        QVERIFY(json.spans[0].trace == protobuf.spans[0].trace);
        QCOMPARE(json.spans[0].span, protobuf.spans[0].span);
    }
    void theResourceMayStandBehindItsSpans() {
        const SpanBatch batch =
            decoded(test::json("{'resourceSpans':[{'scopeSpans':[{'spans':[") + otlpSpan() +
                    test::json("]}],'resource':{'attributes':[") +
                    attribute("service.name", test::json("{'stringValue':'late'}")) + "]}}]}");
        QCOMPARE(batch.spans.size(), std::size_t{1});
        QCOMPARE(std::string(batch.services[batch.spans[0].service].name), std::string("late"));
    }
    void theResourceSaysToWhomTheServiceBelongs() {
        const auto text = [](const char* name, const char* value) {
            return attribute(name, test::json("{'stringValue':'") + value + "\"}");
        };
        const SpanBatch batch =
            decoded(test::json("{'resourceSpans':[{'scopeSpans':[{'spans':[") + otlpSpan() +
                    test::json("]}],'resource':{'attributes':[") + text("service.name", "a") + "," +
                    text("service.namespace", "shop") + "," + text("team", "payments") + "]}}]}");
        QCOMPARE(std::string(batch.services[0].nameSpace), std::string("shop"));
        QCOMPARE(std::string(batch.services[0].team), std::string("payments"));
    }
    void spansWithoutAServiceAreRefusedAndTheOthersKept() {
        const SpanBatch batch =
            decoded(test::json("{'resourceSpans':[{'scopeSpans':[{'spans':[") + otlpSpan() + "," +
                    otlpSpan() + "]}]}," + otlpJson(otlpSpan()).substr(18));
        QCOMPARE(batch.withoutService, 2U);
        QCOMPARE(batch.spans.size(), std::size_t{1});
        QCOMPARE(batch.services.size(), std::size_t{1});
    }
    void idsThatAreNotIdsAreRefusedOneByOne_data() {
        QTest::addColumn<QString>("span");
        QTest::addColumn<int>("accepted");
        const auto row = [](const char* name, const std::string& span, int accepted) {
            QTest::newRow(name) << QString::fromStdString(span) << accepted;
        };
        row("no ids", "{}", 0);
        row("short trace", test::json("{'traceId':'d269b633813fc60c','spanId':'eee19b7ec3c1b174'}"),
            0);
        row("zero trace",
            test::json(
                "{'traceId':'00000000000000000000000000000000','spanId':'eee19b7ec3c1b174'}"),
            0);
        row("zero span",
            test::json(
                "{'traceId':'5b8efff798038103d269b633813fc60c','spanId':'0000000000000000'}"),
            0);
        row("not hex",
            test::json(
                "{'traceId':'5b8efff798038103d269b633813fc60c','spanId':'eee19b7ec3c1b17g'}"),
            0);
        row("17 digits",
            test::json(
                "{'traceId':'5b8efff798038103d269b633813fc60c','spanId':'eee19b7ec3c1b1745'}"),
            0);
        row("base64", test::json("{'traceId':'W47/95gDgQPSabYzgT/GDA==','spanId':'7uGbfsPBsXQ='}"),
            0);
        row("upper case",
            test::json(
                "{'traceId':'5B8EFFF798038103D269B633813FC60C','spanId':'EEE19B7EC3C1B174'}"),
            1);
        row("zero parent is a root",
            test::json("{'traceId':'5b8efff798038103d269b633813fc60c','spanId':'eee19b7ec3c1b174',"
                       "'parentSpanId':'0000000000000000'}"),
            1);
        row("empty parent is a root",
            test::json("{'traceId':'5b8efff798038103d269b633813fc60c','spanId':'eee19b7ec3c1b174',"
                       "'parentSpanId':''}"),
            1);
        row("damaged parent",
            test::json("{'traceId':'5b8efff798038103d269b633813fc60c','spanId':'eee19b7ec3c1b174',"
                       "'parentSpanId':'xyz'}"),
            0);
    }
    void idsThatAreNotIdsAreRefusedOneByOne() {
        QFETCH(QString, span);
        QFETCH(int, accepted);
        const SpanBatch batch = decoded(otlpJson(span.toStdString()));
        QCOMPARE(static_cast<int>(batch.spans.size()), accepted);
        QCOMPARE(batch.invalidIds, static_cast<std::uint64_t>(1 - accepted));
    }
    void aKnownFieldOfAnotherTypeRefusesTheBody_data() {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const std::string& body, const char* message) {
            QTest::newRow(name) << QString::fromStdString(body)
                                << QString("not an ExportTraceServiceRequest in JSON: ") + message;
        };
        row("kind by name", otlpJson(otlpSpan(test::json("'kind':'SPAN_KIND_SERVER'"))),
            "'kind' must be a whole number, not a name");
        row("time in words", otlpJson(otlpSpan(test::json("'startTimeUnixNano':'now'"))),
            "'startTimeUnixNano' must be a whole number of 64 bits, or one in a string");
        row("time too large",
            otlpJson(otlpSpan(test::json("'endTimeUnixNano':18446744073709551615"))),
            "'endTimeUnixNano' must be a whole number of 64 bits, or one in a string");
        row("fraction", otlpJson(otlpSpan(test::json("'endTimeUnixNano':1.5"))),
            "'endTimeUnixNano' must be a whole number of 64 bits, or one in a string");
        row("trace as a number", otlpJson(otlpSpan(test::json("'traceId':17"))),
            "'traceId' must be a string");
        row("links as an object", otlpJson(otlpSpan(test::json("'links':{}"))),
            "'links' must be an array");
        row("status as text", otlpJson(otlpSpan(test::json("'status':'ERROR'"))),
            "'status' must be an object");
        row("flag as text",
            otlpJson(otlpSpan(test::json("'attributes':[") +
                              attribute("x", test::json("{'boolValue':'true'}")) + "]")),
            "'boolValue' must be true or false");
        row("a list", "[]", "the document must be an object");
        row("a span that is text", otlpJson("\"span\""), "'spans' must be an object");
    }
    void aKnownFieldOfAnotherTypeRefusesTheBody() {
        QFETCH(QString, body);
        QFETCH(QString, message);
        QCOMPARE(QString::fromStdString(refusal(body.toStdString())), message);
    }
    void nullStandsForAnAbsentField() {
        const SpanBatch batch = decoded(otlpJson(otlpSpan(test::json(
            "'parentSpanId':null,'kind':null,'attributes':null,'links':[null],'status':null"))));
        QCOMPARE(batch.spans.size(), std::size_t{1});
        QVERIFY(batch.spans[0].kind == SpanKind::Server);
    }
    void whatIsNotJsonIsRefusedWhole() {
        const std::string good = otlpJson(otlpSpan());
        for (std::size_t cut = 0; cut < good.size(); ++cut)
            QVERIFY2(!refusal(good.substr(0, cut)).empty(), good.substr(0, cut).c_str());
        QVERIFY(!refusal(good + "}").empty());
        QVERIFY(!refusal(good + good).empty());
        QVERIFY(!refusal(otlpJson(otlpSpan("\"name\":\"\xff\""))).empty());
        QVERIFY(!refusal("").empty());
    }
    void documentsAreFollowedToTheirDepthAndNoFurther() {
        SpanBatch batch;
        QVERIFY(decodeOtlpJson(nested(32), {}, batch));
        QVERIFY(refusal(nested(33)).ends_with("nested deeper than 32"));
        QVERIFY(!refusal(std::string(1'000'000, '[')).empty());
    }
    void limitsHoldAtTheirNumberAndOnePast() {
        DecodeLimits limits;
        limits.spans = 3;
        limits.attributesPerSpan = 2;
        limits.linksPerSpan = 2;
        limits.stringBytes = 5;
        const auto spans = [](int n) {
            std::string all = otlpSpan();
            for (int i = 1; i < n; ++i)
                all += "," + otlpSpan();
            return all;
        };
        QCOMPARE(decoded(otlpJson(spans(3)), limits).overLimit, 0U);
        QCOMPARE(decoded(otlpJson(spans(4)), limits).overLimit, 1U);
        const auto attributes = [](int n) {
            std::string all = attribute("a", "{}");
            for (int i = 1; i < n; ++i)
                all += "," + attribute("a", "{}");
            return otlpSpan(test::json("'attributes':[") + all + "]");
        };
        QCOMPARE(decoded(otlpJson(attributes(2)), limits).attributesCut, 0U);
        QCOMPARE(decoded(otlpJson(attributes(3)), limits).attributesCut, 1U);
        const std::string link = test::json("{'traceId':'") + test::kTraceHex +
                                 test::json("','spanId':'") + test::kSpanHex + "\"}";
        QCOMPARE(
            decoded(otlpJson(otlpSpan("\"links\":[" + link + "," + link + "]")), limits).linksCut,
            0U);
        QCOMPARE(decoded(otlpJson(otlpSpan("\"links\":[" + link + "," + link + "," + link + "]")),
                         limits)
                     .linksCut,
                 1U);
        QCOMPARE(decoded(otlpJson(otlpSpan(), "12345"), limits).stringsCut, 0U);
        const SpanBatch longer = decoded(otlpJson(otlpSpan(), "123456"), limits);
        QCOMPARE(longer.stringsCut, 1U);
        QCOMPARE(std::string(longer.services[0].name), std::string("12345"));
    }
};

LEVEE_TEST(OtlpJsonDecoderTest)
#include "otlp_json_decoder_test.moc"
