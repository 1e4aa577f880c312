// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/zipkin_decoder.h"

#include <QTest>

#include "agent/ingest/hex_id.h"
#include "agent/ingest/span_pairing.h"
#include "tests/agent/ingest/json_builder.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;
using test::zipkinSpan;

namespace {

SpanBatch decoded(const std::string& body, const DecodeLimits& limits = {}) {
    SpanBatch batch;
    const Status status = decodeZipkin(body, limits, batch);
    if (!status)
        qWarning("%s", status.error().message.c_str());
    return batch;
}

bool isRefused(const std::string& body) {
    SpanBatch batch;
    return !decodeZipkin(body, {}, batch) && batch.spans.empty() && batch.services.empty();
}

}  // namespace

class ZipkinDecoderTest : public QObject {
    Q_OBJECT
private slots:
    void allThatThePairingNeedsIsRead() {
        const SpanBatch batch =
            decoded("[" +
                    zipkinSpan(test::json(
                        "'parentId':'eee19b7ec3c1b173','name':'get /','kind':'CLIENT',"
                        "'timestamp':1472470996199000,'duration':207000,'debug':true,"
                        "'annotations':[{'timestamp':1,'value':'ws'}],"
                        "'remoteEndpoint':{'serviceName':'backend','ipv4':'10.0.0.9','port':9},"
                        "'tags':{'http.status_code':'503','server.port':8080,'error':''}")) +
                    "]");
        QCOMPARE(batch.spans.size(), std::size_t{1});
        const SpanRecord& span = batch.spans[0];
        QCOMPARE(hexOf(span.trace), test::kTraceHex);
        QVERIFY(span.kind == SpanKind::Client);
        QCOMPARE(span.startNanos, 1472470996199000000U);
        QCOMPARE(span.endNanos - span.startNanos, 207'000'000U);
        QCOMPARE(std::string(span.name), std::string("get /"));
        QVERIFY(span.statusError);
        const PeerAttributes& peer = batch.peers[span.peer];
        QCOMPARE(peer.httpStatus, 503);
        QCOMPARE(peer.serverPort, 8080);
        QCOMPARE(std::string(peer.peerService), std::string("backend"));
        QCOMPARE(std::string(peer.networkAddress), std::string("10.0.0.9"));
    }
    void kindsAreThoseOfZipkin() {
        const auto kindOf = [](const char* kind) {
            return decoded("[" + zipkinSpan(std::string("\"kind\":\"") + kind + "\"") + "]")
                .spans[0]
                .kind;
        };
        QVERIFY(kindOf("SERVER") == SpanKind::Server);
        QVERIFY(kindOf("PRODUCER") == SpanKind::Producer);
        QVERIFY(kindOf("CONSUMER") == SpanKind::Consumer);
        QVERIFY(kindOf("server") == SpanKind::Unspecified);
        QVERIFY(decoded("[" + zipkinSpan() + "]").spans[0].kind == SpanKind::Internal);
    }
    void onlyAServerSharesItsCallersId() {
        const auto isShared = [](const std::string& kind) {
            return decoded("[" + zipkinSpan(test::json("'shared':true,'kind':'") + kind + "\"") +
                           "]")
                .spans[0]
                .shared;
        };
        QVERIFY(isShared("SERVER"));
        for (const char* kind : {"CLIENT", "CONSUMER", "PRODUCER"})
            QVERIFY(!isShared(kind));
    }
    void sharedSpansAndShortTraceIdsArePaired() {
        for (const bool isShort : {false, true}) {
            const std::string trace = isShort ? test::kTraceHex.substr(16) : test::kTraceHex;
            const std::string answer =
                test::json("{'traceId':'") + trace + test::json("','id':'") + test::kSpanHex +
                test::json("','kind':'SERVER','shared':true,'localEndpoint':{'serviceName':'b'}}");
            const MonotonicTime now{std::chrono::hours(1)};
            SpanPairing pairing({}, now);
            pairing.add(
                decoded("[" + zipkinSpan(test::json("'kind':'CLIENT'")) + "," + answer + "]"), now);
            const TraceWindow window = pairing.takeWindow(now);
            QCOMPARE(window.edges.size(), std::size_t{1});
            QCOMPARE(window.edges[0].client + window.edges[0].server, std::string("ab"));
        }
    }
    void spansOfSeveralServicesStandInOneList() {
        const SpanBatch batch = decoded("[" + zipkinSpan() + "," + zipkinSpan("", "b") + "," +
                                        zipkinSpan("", "b") + "," + zipkinSpan() + "]");
        QCOMPARE(batch.spans.size(), std::size_t{4});
        for (const auto& [span, service] : {std::pair{0, "a"}, {1, "b"}, {2, "b"}, {3, "a"}})
            QCOMPARE(std::string(batch.services[batch.spans[std::size_t(span)].service].name),
                     std::string(service));
    }
    void whatASpanMustHaveIsAskedOfEach() {
        const SpanBatch batch =
            decoded("[{}," + zipkinSpan() + "," + zipkinSpan("\"id\":\"12\"") + "," +
                    zipkinSpan("", "") + "," + zipkinSpan(test::json("'traceId':'b633813fc60c'")) +
                    "," + zipkinSpan(test::json("'traceId':'8d269b633813fc60c'")) + "]");
        QCOMPARE(batch.spans.size(), std::size_t{2});
        QCOMPARE(batch.withoutService, 2U);
        QCOMPARE(batch.invalidIds, 2U);
    }
    void timesThatMakeNoSenseBecomeZeroLength() {
        const SpanBatch batch =
            decoded("[" + zipkinSpan(test::json("'timestamp':9223372036854775807,'duration':-5")) +
                    "," + zipkinSpan(test::json("'duration':9223372036854775807")) + "]");
        QCOMPARE(batch.spans[0].endNanos - batch.spans[0].startNanos, 0U);
        QVERIFY(batch.spans[1].endNanos > batch.spans[1].startNanos);
    }
    void whatIsNotAListOfSpansIsRefused() {
        const std::string good = "[" + zipkinSpan() + "]";
        for (std::size_t cut = 0; cut < good.size(); ++cut)
            QVERIFY(isRefused(good.substr(0, cut)));
        QVERIFY(isRefused("{}"));
        QVERIFY(isRefused("[[]]"));
        const std::string soon = zipkinSpan(test::json("'timestamp':'soon'"));
        QVERIFY(isRefused("[" + soon + "]"));
        QVERIFY(!isRefused("[]"));
    }
    void tagsBeyondTheLimitAreLeftOut() {
        DecodeLimits limits;
        limits.attributesPerSpan = 2;
        const std::string two = zipkinSpan(test::json("'tags':{'a':'','b':''}"));
        QCOMPARE(decoded("[" + two + "]", limits).attributesCut, 0U);
        const SpanBatch batch = decoded(
            "[" + zipkinSpan(test::json("'tags':{'a':'','b':'','db.system':'redis'}")) + "]",
            limits);
        QCOMPARE(batch.attributesCut, 1U);
        QVERIFY(batch.peers.empty());
    }
};

LEVEE_TEST(ZipkinDecoderTest)
#include "zipkin_decoder_test.moc"
