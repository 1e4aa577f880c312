// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/otlp_decoder.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <set>

#include "shared/base/random.h"
#include "tests/agent/ingest/otlp_builder.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;
using test::encodeRequest;
using test::SpanText;

namespace {

std::vector<std::string> captures() {
    std::vector<std::string> bodies;
    const QDir folder(LEVEE_TEST_DATA "/otlp");
    for (const QString& name : folder.entryList({"sdk_*.bin"}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            bodies.push_back(file.readAll().toStdString());
    }
    return bodies;
}

SpanBatch decoded(const std::string& body, const DecodeLimits& limits = {}) {
    SpanBatch batch;
    const Status status = decodeTraces(body, limits, batch);
    if (!status)
        qFatal("%s", status.error().message.c_str());
    return batch;
}

PeerAttributes peerOfOneSpan(std::vector<std::pair<std::string, test::AttributeValue>> attributes) {
    // The batch's views point into the body: it has to live on.
    static std::string body;
    body = encodeRequest("a", {{.attributes = std::move(attributes)}});
    const SpanBatch batch = decoded(body);
    return batch.peers.empty() ? PeerAttributes() : batch.peers[0];
}

}  // namespace

class OtlpDecoderTest : public QObject {
    Q_OBJECT
private slots:
    void bodiesOfTheOfficialSdkAreRead() {
        std::size_t spans = 0;
        std::size_t links = 0;
        std::size_t errors = 0;
        std::set<std::string> services;
        for (const std::string& body : captures()) {
            const SpanBatch batch = decoded(body);
            QCOMPARE(batch.rejected(), 0U);
            spans += batch.spans.size();
            links += batch.links.size();
            for (const SpanRecord& span : batch.spans) {
                errors += span.statusError ? 1 : 0;
                QVERIFY(span.endNanos > span.startNanos);
            }
            for (const ServiceSource& source : batch.services) {
                services.emplace(source.name);
                QCOMPARE(std::string(source.host), std::string("host-a"));
                QCOMPARE(std::string(source.instance), std::string(source.name) + "-1");
            }
        }
        QCOMPARE(spans, std::size_t{36});
        QCOMPARE(links, std::size_t{4});
        QCOMPARE(errors, std::size_t{2});
        QCOMPARE(services, (std::set<std::string>{"checkout", "frontend", "payment", "shipping"}));
    }
    void aSpanComesThroughWhole() {
        const std::string body =
            encodeRequest("checkout", {{.trace = "0123456789abcdef",
                                        .span = "spanspan",
                                        .parent = "parentid",
                                        .kind = 4,
                                        .start = 7,
                                        .end = 9,
                                        .attributes = {{"messaging.system", "kafka"}},
                                        .links = {{std::string(16, 'l'), std::string(8, 'k')}},
                                        .status = 2}});
        const SpanBatch batch = decoded(body);
        QCOMPARE(batch.spans.size(), std::size_t{1});
        const SpanRecord& span = batch.spans[0];
        QVERIFY(span.kind == SpanKind::Producer);
        QCOMPARE(span.startNanos, 7U);
        QCOMPARE(span.endNanos, 9U);
        QVERIFY(span.statusError);
        QCOMPARE(span.linkCount, 1);
        QVERIFY(span.parent != 0 && span.parent != span.span);
        QCOMPARE(std::string(batch.peers[span.peer].messagingSystem), std::string("kafka"));
        QCOMPARE(std::string(batch.services[span.service].name), std::string("checkout"));
    }
    void theResourceSaysToWhomTheServiceBelongs() {
        const std::string body =
            test::encodeRequest("a", {test::SpanText{}});  // what views look into
        const SpanBatch batch = decoded(body);
        QCOMPARE(std::string(batch.services[0].nameSpace), std::string("shop"));
        QCOMPARE(std::string(batch.services[0].team), std::string("a-team"));
    }
    void aResourceBehindItsSpansStillNamesThem() {
        const SpanBatch batch =
            decoded(encodeRequest({test::encodeResourceSpans("late", {SpanText{}}, true)}));
        QCOMPARE(batch.spans.size(), std::size_t{1});
    }
    void oldAttributeNamesFillTheSameFieldsAndNewOnesWin() {
        using std::string;
        const std::vector<std::tuple<string, string, std::string_view PeerAttributes::*>> renamed{
            {"db.system", "db.system.name", &PeerAttributes::dbSystem},
            {"db.name", "db.namespace", &PeerAttributes::dbName},
            {"peer.service", "service.peer.name", &PeerAttributes::peerService},
            {"net.peer.name", "server.address", &PeerAttributes::serverAddress},
            {"net.sock.peer.addr", "network.peer.address", &PeerAttributes::networkAddress},
            {"messaging.destination", "messaging.destination.name", &PeerAttributes::destination},
            {"rpc.system", "rpc.system.name", &PeerAttributes::rpcSystem}};
        for (const auto& [old, now, field] : renamed) {
            QCOMPARE(string(peerOfOneSpan({{old, "x"}}).*field), string("x"));
            QCOMPARE(string(peerOfOneSpan({{now, "y"}}).*field), string("y"));
            const bool bothCurrent = old == "rpc.system";
            if (!bothCurrent) {
                QCOMPARE(string(peerOfOneSpan({{old, "x"}, {now, "y"}}).*field), string("y"));
                QCOMPARE(string(peerOfOneSpan({{now, "y"}, {old, "x"}}).*field), string("y"));
            }
        }
        QCOMPARE(peerOfOneSpan({{"http.status_code", std::int64_t{404}}}).httpStatus, 404);
        QCOMPARE(peerOfOneSpan({{"http.response.status_code", std::int64_t{503}}}).httpStatus, 503);
        QCOMPARE(peerOfOneSpan({{"server.port", std::int64_t{70000}}}).serverPort, 0);
        QVERIFY(peerOfOneSpan({{"messaging.destination.temporary", true}}).destinationTemporary);
        QVERIFY(peerOfOneSpan({{"messaging.operation", "publish"}}).operation ==
                MessagingOperation::Send);
        QVERIFY(peerOfOneSpan({{"messaging.operation.type", "receive"}}).operation ==
                MessagingOperation::Receive);
    }
    void spansWithoutAServiceNameAreRejectedAndCounted() {
        const SpanBatch batch =
            decoded(encodeRequest({test::encodeResourceSpans("", {SpanText{}, SpanText{}}),
                                   test::encodeResourceSpans("named", {SpanText{}})}));
        QCOMPARE(batch.spans.size(), std::size_t{1});
        QCOMPARE(batch.withoutService, 2U);
        QCOMPARE(batch.rejected(), 2U);
    }
    void spansWithoutValidIdsAreRejectedAndCounted() {
        const SpanBatch batch = decoded(encodeRequest(
            "a", {SpanText{.trace = "short"}, SpanText{.trace = std::string(16, '\0')},
                  SpanText{.span = std::string(8, '\0')}, SpanText{.span = std::string(9, 's')},
                  SpanText{.parent = "odd"}, SpanText{.parent = std::string(8, '\0')}}));
        QCOMPARE(batch.invalidIds, 5U);
        QCOMPARE(batch.spans.size(), std::size_t{1});
        QCOMPARE(batch.spans[0].parent, 0U);
    }
    void attributesAreReadUpToTheirLimit() {
        for (const int extra : {0, 1}) {
            SpanText span;
            for (int i = 0; i < 127 + extra; ++i)
                span.attributes.emplace_back("k" + std::to_string(i), "v");
            span.attributes.emplace_back("peer.service", "last");
            const SpanBatch batch = decoded(encodeRequest("a", {span}));
            QCOMPARE(batch.attributesCut, static_cast<std::uint64_t>(extra));
            QCOMPARE(batch.peers.size(), std::size_t(extra == 0 ? 1 : 0));
        }
    }
    void linksAreReadUpToTheirLimit() {
        for (const int extra : {0, 1}) {
            SpanText span;
            for (int i = 0; i < 128 + extra; ++i)
                span.links.emplace_back(std::string(16, 'l'), std::string(8, 'k'));
            const SpanBatch batch = decoded(encodeRequest("a", {span}));
            QCOMPARE(batch.spans[0].linkCount, 128);
            QCOMPARE(batch.linksCut, static_cast<std::uint64_t>(extra));
        }
    }
    void stringsAreCutAtTheirLimit() {
        for (const int extra : {0, 1}) {
            const std::string body = encodeRequest(
                "a", {{.attributes = {{"peer.service", std::string(8192 + extra, 'x')}}}});
            const SpanBatch batch = decoded(body);
            QCOMPARE(batch.peers[0].peerService.size(), std::size_t{8192});
            QCOMPARE(batch.stringsCut, static_cast<std::uint64_t>(extra));
        }
    }
    void spansOfOneBodyHaveALimit() {
        const std::string body = encodeRequest("a", std::vector<SpanText>(4));
        DecodeLimits limits;
        limits.spans = 4;
        QCOMPARE(decoded(body, limits).overLimit, 0U);
        limits.spans = 3;
        QCOMPARE(decoded(body, limits).overLimit, 1U);
        QCOMPARE(decoded(body, limits).spans.size(), std::size_t{3});
    }
    void everyTruncationOfARealBodyIsRefusedAndNothingKept() {
        for (const std::string& body : captures()) {
            SpanBatch batch;
            for (std::size_t length = 1; length < body.size(); ++length) {
                const Status status = decodeTraces(body.substr(0, length), {}, batch);
                QVERIFY(!status);
                QVERIFY(status.error().kind == ErrorKind::Invalid);
                QVERIFY(batch.spans.empty() && batch.services.empty() && batch.peers.empty());
            }
        }
    }
    void flippedBitsNeverDoHarm() {
        Random random(4);
        SpanBatch batch;
        int refused = 0;
        for (const std::string& original : captures())
            for (int i = 0; i < 3000; ++i) {
                std::string body = original;
                const auto flips = 1 + random.next() % 4;
                for (std::uint64_t f = 0; f < flips; ++f)
                    body[random.next() % body.size()] ^= static_cast<char>(1U << random.next() % 8);
                if (!decodeTraces(body, {}, batch)) {
                    ++refused;
                    QVERIFY(batch.spans.empty());
                }
            }
        QVERIFY(refused > 100);
    }
    void deepNestingIsSteppedOver() {
        // An attribute value of arrays in arrays, 1,000 deep: stepped over by its length.
        std::string value;
        for (int depth = 0; depth < 1000; ++depth) {
            std::string outer;
            protozero::pbf_writer array(outer);
            std::string inner;
            protozero::pbf_writer list(inner);
            list.add_message(1, value);
            array.add_message(5, inner);
            value = std::move(outer);
        }
        std::string attribute;
        protozero::pbf_writer pair(attribute);
        pair.add_string(1, "peer.service");
        pair.add_message(2, value);
        std::string span = test::encodeSpan({});
        protozero::pbf_writer(span).add_message(9, attribute);
        std::string scope;
        protozero::pbf_writer(scope).add_message(2, span);
        std::string resource = test::encodeResourceSpans("a", {});
        protozero::pbf_writer(resource).add_message(2, scope);
        QCOMPARE(decoded(encodeRequest({resource})).spans.size(), std::size_t{1});
    }
    void anEmptyBodyIsAnEmptyRequest() { QVERIFY(decoded("").spans.empty()); }
};

LEVEE_TEST(OtlpDecoderTest)
#include "otlp_decoder_test.moc"
