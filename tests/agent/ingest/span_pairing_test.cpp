// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/span_pairing.h"

#include <QTest>
#include <algorithm>
#include <map>

#include "shared/base/random.h"
#include "tests/agent/ingest/span_maker.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;
using namespace std::chrono_literals;
using test::MadeSpan;
using test::traceId;

namespace {

const MonotonicTime kStart{1h};

struct Counts {
    std::uint64_t requests = 0;
    std::uint64_t failures = 0;
    std::uint64_t attempts = 0;
    double matched = 0;
    bool operator==(const Counts&) const = default;
};
using Edges = std::map<std::string, Counts>;  ///< "a->b"

void addTo(Edges& edges, const std::vector<EdgeWindow>& windows) {
    for (const EdgeWindow& edge : windows) {
        Counts& counts = edges[edge.client + "->" + edge.server];
        counts.requests += edge.requests;
        counts.failures += edge.failures;
        counts.attempts += edge.attempts;
        counts.matched += edge.matched;
    }
}

/// "a->b requests/failures/attempts", a line an edge.
std::string text(const Edges& edges) {
    std::string all;
    for (const auto& [name, counts] : edges)
        all += name + " " + std::to_string(counts.requests) + "/" +
               std::to_string(counts.failures) + "/" + std::to_string(counts.attempts) + "\n";
    return all;
}
std::string textWithMatched(const Edges& edges) {
    std::string all = text(edges);
    for (const auto& [name, counts] : edges)
        all += name + " matched " + std::to_string(counts.matched) + "\n";
    return all;
}

/// A pairing and its clock.
struct Fixture {
    explicit Fixture(PairingOptions limits = {}) : pairing(limits, kStart) {}

    void send(const std::vector<MadeSpan>& spans) { pairing.add(test::batchOf(spans), now); }
    void pass(Duration time) {
        const MonotonicTime until = now + time;
        while (now < until) {
            now = std::min(until, now + 1s);
            pairing.sweep(now);
        }
    }
    std::string edges() {
        Edges all;
        addTo(all, pairing.takeWindow(now).edges);
        return text(all);
    }

    MonotonicTime now = kStart;
    SpanPairing pairing;
};

MadeSpan client(std::uint64_t id, std::uint64_t parent = 0, const char* service = "a") {
    return {.service = service,
            .kind = SpanKind::Client,
            .id = id,
            .parent = parent,
            .start = 10,
            .end = 90};
}
MadeSpan server(std::uint64_t id, std::uint64_t parent, const char* service = "b") {
    return {.service = service,
            .kind = SpanKind::Server,
            .id = id,
            .parent = parent,
            .start = 20,
            .end = 80};
}
MadeSpan producer(std::uint64_t id, const char* queue = "jobs") {
    MadeSpan span = client(id);
    span.kind = SpanKind::Producer;
    if (*queue != '\0') {
        span.peer.messagingSystem = "kafka";
        span.peer.destination = queue;
    }
    return span;
}
MadeSpan consumer(std::uint64_t id, std::vector<std::uint64_t> links, const char* queue = "jobs") {
    MadeSpan span = producer(id, queue);
    span.service = "c";
    span.kind = SpanKind::Consumer;
    span.trace = 77;  // a link joins different traces
    for (const std::uint64_t link : links)
        span.links.push_back({traceId(1), link});
    return span;
}
MadeSpan redisCall(std::uint64_t id) {
    MadeSpan span = client(id);
    span.peer.dbSystem = "redis";
    span.peer.serverAddress = "127.0.0.1";
    span.peer.dbName = "0";
    return span;
}

// --- a second, naive implementation of the rules, for complete traces ---

std::string bruteQueue(const MadeSpan& span) {
    return span.peer.messagingSystem.empty()
               ? ""
               : std::string(span.peer.messagingSystem) + ":" + std::string(span.peer.destination);
}

void bruteCaller(const std::vector<MadeSpan>& spans, const MadeSpan& caller, Edges& edges) {
    const auto addTo = [&](const std::string& peer, std::uint64_t attempts) {
        Counts& counts = edges[caller.service + "->" + peer];
        counts.requests += caller.weight;
        counts.failures += caller.failed ? caller.weight : 0;
        counts.attempts += attempts * caller.weight;
    };
    if (caller.kind == SpanKind::Producer)
        return addTo(bruteQueue(caller), 1);
    if (!caller.peer.dbSystem.empty())
        return addTo(std::string(caller.peer.dbSystem), 1);
    std::map<std::string, Counts> answers;  // by service
    bool transport = false;
    for (const MadeSpan& other : spans) {
        if (other.trace != caller.trace)
            continue;
        if (other.kind == SpanKind::Server && other.parent == caller.id) {
            Counts& answer = answers[other.service];
            answer.attempts += other.weight;
            answer.requests = std::max<std::uint64_t>(answer.requests, other.weight);
            answer.failures |= other.failed ? 1 : 0;
        }
        transport |= other.id == caller.parent && other.kind == SpanKind::Client &&
                     !other.peer.dbSystem.empty();
    }
    for (const auto& [service, answer] : answers) {
        Counts& counts = edges[caller.service + "->" + service];
        const auto weight = std::max<std::uint64_t>(caller.weight, answer.requests);
        counts.requests += weight;
        counts.matched += static_cast<double>(weight);
        counts.failures += caller.failed || answer.failures > 0 ? weight : 0;
        counts.attempts += answer.attempts;
    }
    if (answers.empty() && !transport && !caller.peer.peerService.empty())
        addTo(std::string(caller.peer.peerService), 0);
}

Edges brute(const std::vector<MadeSpan>& spans) {
    Edges edges;
    // message (its producer's id) and consuming service -> what its deliveries came to
    std::map<std::pair<std::uint64_t, std::string>, std::pair<std::string, Counts>> messages;
    for (const MadeSpan& span : spans) {
        if (span.kind == SpanKind::Client || span.kind == SpanKind::Producer)
            bruteCaller(spans, span, edges);
        if (span.kind == SpanKind::Server && span.parent == 0) {
            Counts& counts = edges["user->" + span.service];
            counts.requests += span.weight;
            counts.attempts += span.weight;
            counts.failures += span.failed ? span.weight : 0;
        }
        if (span.kind != SpanKind::Consumer)
            continue;
        std::vector<std::uint64_t> made;
        for (const SpanLink& link : span.links)
            made.push_back(link.span);
        if (made.empty() && span.parent != 0)
            made.push_back(span.parent);
        for (const std::uint64_t message : made) {
            auto& [queue, counts] = messages[{message, span.service}];
            queue = bruteQueue(span);
            counts.requests = std::max<std::uint64_t>(counts.requests, span.weight);
            counts.attempts += span.weight;
            counts.failures |= span.failed ? 1 : 0;
        }
    }
    for (const auto& [key, message] : messages) {
        Counts& counts = edges[message.first + "->" + key.second];
        counts.requests += message.second.requests;
        counts.attempts += message.second.attempts;
        counts.failures += message.second.failures > 0 ? message.second.requests : 0;
    }
    return edges;
}

/// Random complete traces over six services: calls with retries and hedges, unanswered calls,
/// databases with a transport below them, queues read by links (in batches) and by parents; spans
/// that stand for several, and services whose trace ids have 64 bits.
class TraceMaker {
public:
    explicit TraceMaker(std::uint64_t seed) : random_(seed) {}

    std::vector<MadeSpan> make(int traces) {
        for (int i = 0; i < traces; ++i) {
            ++trace_;
            serve(random_.next() % 5 == 0 ? ++id_ : 0, 0);
        }
        flushMessages();
        return std::move(spans_);
    }

private:
    const char* service() {
        static constexpr std::array<const char*, 6> kServices{"s0", "s1", "s2", "s3", "s4", "s5"};
        return kServices[random_.next() % kServices.size()];
    }
    MadeSpan& add(const char* service, SpanKind kind, std::uint64_t parent) {
        spans_.push_back({.service = service,
                          .kind = kind,
                          .trace = trace_,
                          .id = ++id_,
                          .parent = parent,
                          .start = 1,
                          .end = 2,
                          .failed = random_.next() % 6 == 0,
                          .weight = 1 + static_cast<std::uint32_t>(random_.next() % 3),
                          .shortTrace = service[1] < '2'});
        return spans_.back();
    }
    void serve(std::uint64_t parent, int depth) {
        const char* name = service();
        const std::uint64_t own = add(name, SpanKind::Server, parent).id;
        for (std::uint64_t calls = random_.next() % (depth > 2 ? 1 : 4); calls > 0; --calls)
            call(name, own, depth);
    }
    void call(const char* name, std::uint64_t parent, int depth) {
        switch (random_.next() % 5) {
            case 0: {
                MadeSpan& database = add(name, SpanKind::Client, parent);
                database.peer.dbSystem = "redis";
                if (random_.next() % 2 == 0)
                    add(name, SpanKind::Client, database.id).peer.peerService = "transport";
                break;
            }
            case 1: {
                MadeSpan& span = add(name, SpanKind::Producer, parent);
                span.peer.messagingSystem = "kafka";
                span.peer.destination = "jobs";
                consumeByParentOrLater(span.id);
                break;
            }
            default: {
                MadeSpan& span = add(name, SpanKind::Client, parent);
                if (random_.next() % 2 == 0)
                    span.peer.peerService = "elsewhere";
                const std::uint64_t id = span.id;
                for (std::uint64_t n = random_.next() % 4; n > 0; --n)
                    serve(id, depth + 1);
            }
        }
    }
    void consumeByParentOrLater(std::uint64_t message) {
        if (random_.next() % 3 == 0) {
            MadeSpan& span = add(service(), SpanKind::Consumer, message);
            span.peer.messagingSystem = "kafka";
            span.peer.destination = "jobs";
        } else {
            messages_.push_back({traceId(trace_), message});
        }
        if (messages_.size() >= 5)
            flushMessages();
    }
    void flushMessages() {
        if (messages_.empty())
            return;
        for (std::uint64_t readers = 1 + random_.next() % 2; readers > 0; --readers) {
            MadeSpan& span = add(service(), SpanKind::Consumer, 0);
            span.trace = 1'000'000 + id_;
            span.peer.messagingSystem = "kafka";
            span.peer.destination = "jobs";
            span.links = messages_;
        }
        messages_.clear();
    }

    Random random_;
    std::uint64_t trace_ = 0;
    std::uint64_t id_ = 100;
    std::vector<SpanLink> messages_;
    std::vector<MadeSpan> spans_;
};

}  // namespace

class SpanPairingTest : public QObject {
    Q_OBJECT
private slots:
    void anyArrivalOrderGivesTheEdgesOfTheNaivePairer() {
        Random random(2026);
        for (int round = 0; round < 10'000; ++round) {
            std::vector<MadeSpan> spans = TraceMaker(random.next()).make(12);
            const std::string wanted = textWithMatched(brute(spans));
            for (std::size_t n = random.next() % 20; n > 0; --n) {  // exports sent twice
                const MadeSpan span = spans[random.next() % spans.size()];
                if (span.parent != 0 || !span.links.empty())
                    spans.push_back(span);
            }
            for (std::size_t i = spans.size(); i > 1; --i)
                std::swap(spans[i - 1], spans[random.next() % i]);
            Fixture fixture;
            Edges all;
            std::size_t next = 0;
            while (next < spans.size()) {  // up to 9 s in all: within the time to live
                const std::size_t count =
                    std::min(spans.size() - next, 1 + random.next() % (spans.size() / 2 + 1));
                fixture.send({spans.begin() + static_cast<std::ptrdiff_t>(next),
                              spans.begin() + static_cast<std::ptrdiff_t>(next + count)});
                next += count;
                if (fixture.now < kStart + 8s)
                    fixture.pass(1s);
                addTo(all, fixture.pairing.takeWindow(fixture.now).edges);
            }
            fixture.pass(25s);
            addTo(all, fixture.pairing.takeWindow(fixture.now).edges);
            const std::string got = textWithMatched(all);
            if (got != wanted)
                qWarning("round %d\nwanted\n%s\ngot\n%s", round, wanted.c_str(), got.c_str());
            QVERIFY(got == wanted);
            QCOMPARE(fixture.pairing.counters().late, 0U);
        }
    }
    void aCallAndItsAnswerMakeOneRequest() {
        for (const bool serverFirst : {false, true}) {
            Fixture fixture;
            fixture.send({serverFirst ? server(2, 1) : client(1)});
            QCOMPARE(fixture.edges(), std::string());
            fixture.pass(5s);
            fixture.send({serverFirst ? client(1) : server(2, 1)});
            const TraceWindow window = fixture.pairing.takeWindow(fixture.now);
            QCOMPARE(window.edges.size(), std::size_t{1});
            const EdgeWindow& edge = window.edges[0];
            QCOMPARE(edge.client + edge.server, std::string("ab"));
            QVERIFY(edge.serverKind == NodeKind::Service);
            QCOMPARE(edge.requests, 1U);
            QVERIFY(std::abs(edge.clientLatency.quantile(0.5) - 0.080) < 0.003);
            QVERIFY(std::abs(edge.serverLatency.quantile(0.5) - 0.060) < 0.003);
        }
    }
    void retriesAndHedgesCountOneRequest() {
        Fixture fixture;
        MadeSpan failed = server(2, 1);
        failed.failed = true;
        fixture.send({server(3, 1), client(1), failed, server(4, 1)});
        QCOMPARE(fixture.edges(), std::string("a->b 1/1/3\n"));
    }
    void answersOf400AreNotTheEdgesFaultAndOf500Are() {
        for (const int status : {404, 499, 500, 503}) {
            Fixture fixture;
            MadeSpan call = client(1);
            call.failed = true;  // what the SDK says of a 4xx
            call.peer.httpStatus = static_cast<std::uint16_t>(status);
            fixture.send({call, server(2, 1)});
            QCOMPARE(fixture.edges(), std::string(status < 500 ? "a->b 1/0/1\n" : "a->b 1/1/1\n"));
        }
    }
    void aRootServerIsCalledByTheUser() {
        Fixture fixture;
        fixture.send({server(1, 0)});
        const TraceWindow window = fixture.pairing.takeWindow(fixture.now);
        QCOMPARE(window.edges[0].client, std::string("user"));
        QVERIFY(window.edges[0].clientKind == NodeKind::User);
    }
    void redisOnThisHostIsOneNode() {
        Fixture fixture;
        MadeSpan other = redisCall(2);
        other.peer.serverAddress = "localhost";
        other.peer.serverPort = 6379;
        fixture.send({redisCall(1), other});
        const TraceWindow window = fixture.pairing.takeWindow(fixture.now);
        QCOMPARE(window.edges.size(), std::size_t{1});
        QCOMPARE(window.edges[0].server, std::string("redis"));
        QVERIFY(window.edges[0].serverKind == NodeKind::Cache);
        QCOMPARE(window.edges[0].requests, 2U);
    }
    void theTransportOfADatabaseCallIsNoEdge() {
        for (const bool innerFirst : {false, true}) {
            Fixture fixture;
            MadeSpan inner = client(2, 1);
            inner.peer.serverAddress = "10.0.0.9";
            fixture.send({innerFirst ? inner : redisCall(1)});
            fixture.pass(9s);
            fixture.send({innerFirst ? redisCall(1) : inner});
            fixture.pass(30s);
            QCOMPARE(fixture.edges(), std::string("a->redis 1/0/1\n"));
        }
    }
    void aQueueStandsBetweenProducerAndConsumer() {
        Fixture fixture;
        fixture.send({producer(1), consumer(5, {1})});
        QCOMPARE(fixture.edges(), std::string("a->kafka:jobs 1/0/1\nkafka:jobs->c 1/0/1\n"));
    }
    void aConsumerOfABatchCountsEachMessage() {
        Fixture fixture;
        fixture.send({consumer(5, {1, 2, 3})});
        QCOMPARE(fixture.edges(), std::string("kafka:jobs->c 3/0/3\n"));
        QCOMPARE(fixture.pairing.waiting(), 0U);
    }
    void receivingAndProcessingOneMessageCountsOnce() {
        Fixture fixture;
        MadeSpan receive = consumer(6, {1});
        receive.kind = SpanKind::Client;
        receive.peer.operation = MessagingOperation::Receive;
        MadeSpan settle = receive;
        settle.id = 7;
        settle.peer.operation = MessagingOperation::Settle;
        fixture.send({receive, consumer(5, {1}), settle});
        QCOMPARE(fixture.edges(), std::string("kafka:jobs->c 1/0/2\n"));
    }
    void halvesThatDoNotNameTheQueueTakeItFromTheOther() {
        for (const bool producerFirst : {false, true})
            for (const bool producerNames : {false, true}) {
                Fixture fixture;
                const MadeSpan made = producer(1, producerNames ? "jobs" : "");
                const MadeSpan read = consumer(5, {1}, producerNames ? "" : "jobs");
                fixture.send({producerFirst ? made : read});
                fixture.send({producerFirst ? read : made});
                QCOMPARE(fixture.edges(),
                         std::string("a->kafka:jobs 1/0/1\nkafka:jobs->c 1/0/1\n"));
            }
    }
    void aLinkWithoutAQueueNameJoinsProducerAndConsumer() {
        Fixture fixture;
        fixture.send({consumer(5, {1}, ""), producer(1, "")});
        QCOMPARE(fixture.edges(), std::string("a->c 1/0/1\n"));
    }
    void anUnansweredCallGoesToItsPeerWhenItsTimeIsOver() {
        Fixture fixture;
        MadeSpan named = client(1);
        named.peer.serverAddress = "api.example.com:443";
        MadeSpan loopback = client(2);
        loopback.peer.serverAddress = "127.0.0.1";
        fixture.send({named, loopback});
        fixture.pass(9s);
        QCOMPARE(fixture.edges(), std::string());
        fixture.pass(1s);
        const TraceWindow window = fixture.pairing.takeWindow(fixture.now);
        QCOMPARE(window.edges.size(), std::size_t{1});
        QCOMPARE(window.edges[0].server, std::string("api.example.com"));
        QVERIFY(window.edges[0].serverKind == NodeKind::External);
        QCOMPARE(window.counters.virtualPeers, 1U);
        QCOMPARE(window.counters.unpaired, 1U);
    }
    void aLateHalfIsCountedAsLateAndNeverDrawn() {
        Fixture fixture;
        MadeSpan call = client(1);
        call.peer.peerService = "b";
        fixture.send({call, server(9, 8)});
        fixture.pass(10s);
        QCOMPARE(fixture.edges(), std::string("a->b 1/0/0\n"));
        fixture.send({server(2, 1), client(8)});
        QCOMPARE(fixture.edges(), std::string());
        QCOMPARE(fixture.pairing.counters().late, 2U);
        fixture.pass(30s);
        QCOMPARE(fixture.edges(), std::string());
    }
    void anExportSentTwiceIsCountedOnce() {
        Fixture fixture;
        fixture.send({redisCall(1), client(2)});
        fixture.send({redisCall(1), client(2), server(3, 2)});
        fixture.send({client(2), server(3, 2), consumer(5, {1}), consumer(5, {1})});
        QCOMPARE(fixture.edges(), std::string("a->b 1/0/1\na->redis 1/0/1\nkafka:jobs->c 1/0/1\n"));
        QCOMPARE(fixture.pairing.counters().duplicates, 5U);
    }
    void aFullStoreDropsAndCounts() {
        PairingOptions limits;
        limits.waiting = 3;
        Fixture fixture(limits);
        fixture.send({client(1), client(2), client(3)});
        QCOMPARE(fixture.pairing.counters().droppedFull, 0U);
        fixture.send({client(4)});
        QCOMPARE(fixture.pairing.counters().droppedFull, 1U);
        fixture.send({server(11, 1), server(14, 4)});  // room for one again
        QCOMPARE(fixture.edges(), std::string("a->b 1/0/1\n"));
        QCOMPARE(fixture.pairing.waiting(), 3U);
    }
    void finishedCallsAreRememberedUpToABound() {
        PairingOptions limits;
        limits.remembered = 5;
        Fixture fixture(limits);
        for (std::uint64_t i = 0; i < 100; ++i)
            fixture.send({client(1000 + i), server(5000 + i, 1000 + i)});
        QCOMPARE(fixture.edges(), std::string("a->b 100/0/100\n"));
        QCOMPARE(fixture.pairing.counters().tombstonesCut, 95U);
    }
    void attemptsOfOneCallHaveABound() {
        Fixture fixture;
        fixture.send({client(1)});
        for (std::uint64_t i = 0; i < 17; ++i)
            fixture.send({server(100 + i, 1)});
        QCOMPARE(fixture.edges(), std::string("a->b 1/0/16\n"));
        QCOMPARE(fixture.pairing.counters().droppedFull, 1U);
    }
    void edgesBeyondTheBoundAreCountedTogether() {
        PairingOptions limits;
        limits.edges = 2;
        Fixture fixture(limits);
        fixture.send({server(1, 0, "x"), server(2, 0, "y")});
        fixture.send({server(3, 0, "z"), server(4, 0, "w"), server(5, 0, "x")});
        QCOMPARE(fixture.edges(),
                 std::string("(other)->(other) 2/0/2\nuser->x 2/0/2\nuser->y 1/0/1\n"));
        QCOMPARE(fixture.pairing.counters().edgesOverflowed, 2U);
    }
    void namesAreForgottenSoThatNewOnesFit() {
        PairingOptions limits;
        limits.names = 2;
        Fixture fixture(limits);
        fixture.send({server(1, 0, "x"), server(2, 0, "y"), server(3, 0, "z")});
        QCOMPARE(fixture.edges(),
                 std::string("user->(other) 1/0/1\nuser->x 1/0/1\nuser->y 1/0/1\n"));
        fixture.pass(200s);
        fixture.edges();
        fixture.send({server(3, 0, "z")});
        QCOMPARE(fixture.edges(), std::string("user->z 1/0/1\n"));
    }
    void aSampledSpanCountsForTheCallsItStandsFor() {
        Fixture fixture;
        MadeSpan call = client(1);
        call.weight = 4;
        MadeSpan answer = server(2, 1);
        answer.weight = 4;
        answer.failed = true;
        MadeSpan root = server(3, 0, "x");
        root.weight = 10;
        fixture.send({call, answer, root});
        const TraceWindow window = fixture.pairing.takeWindow(fixture.now);
        QCOMPARE(window.edges[0].requests, 4U);
        QCOMPARE(window.edges[0].failures, 4U);
        QCOMPARE(window.edges[0].attempts, 4U);
        QCOMPARE(window.edges[0].seen, 1U);
        QCOMPARE(window.edges[0].clientLatency.count(), 4U);
        QCOMPARE(window.edges[1].requests, 10U);
        QCOMPARE(window.services[1].requests, 4U);
        QCOMPARE(window.services[2].requests, 10U);
    }
    /// All of it goes on to others as text, which bytes that are none would break.
    void whatAResourceSaysIsCleanTextWhateverItsBytes() {
        Fixture fixture;
        const std::vector<MadeSpan> spans{server(1, 0, "a")};
        SpanBatch batch = test::batchOf(spans);
        batch.services[0].instance = "i\xff";
        batch.services[0].host = "h\n";
        batch.services[0].nameSpace = "n\xc0\xaf";
        batch.services[0].team = "t\x01";
        fixture.pairing.add(batch, fixture.now);
        const TraceWindow window = fixture.pairing.takeWindow(fixture.now);
        QCOMPARE(window.services[0].instances, std::vector<std::string>{"i?"});
        QCOMPARE(window.services[0].hosts, std::vector<std::string>{"h?"});
        QCOMPARE(window.services[0].owner, (Owner{"n??", "t?"}));
    }
    void theConfiguredShareCountsWhereTheSenderDoesNotTell() {
        PairingOptions options;
        options.sampledShare = 0.25;
        Fixture fixture(options);
        MadeSpan told = server(2, 0, "y");
        told.weight = 1;
        fixture.send({server(1, 0, "x"), told});
        QCOMPARE(fixture.edges(), std::string("user->x 4/0/4\nuser->y 1/0/1\n"));
    }
    void aServerMayShareItsCallersId() {
        for (const bool serverFirst : {false, true}) {
            Fixture fixture;
            MadeSpan answer = server(1, 0);
            answer.shared = true;
            answer.shortTrace = true;  // and its tracer knows 64 bits of the trace's id
            fixture.send({serverFirst ? answer : client(1, 9)});
            fixture.send({serverFirst ? client(1, 9) : answer});
            QCOMPARE(fixture.edges(), std::string("a->b 1/0/1\n"));
        }
    }
    void fullTraceIdsThatDifferAreNeverJoined() {
        Fixture fixture;
        const std::vector<MadeSpan> halves{client(1), server(2, 1)};
        SpanBatch batch = test::batchOf(halves);
        batch.spans[0].trace.high ^= 1;
        fixture.pairing.add(batch, fixture.now);
        MadeSpan brief = client(7);
        brief.shortTrace = true;  // from here on ids of 64 bits are known
        fixture.send({brief});
        batch.spans[0].span = 11;
        batch.spans[1].parent = 11;
        fixture.pairing.add(batch, fixture.now);
        QCOMPARE(fixture.edges(), std::string());
    }
    void aHopThroughTheOwnProxyIsDrawnUnlessCollapsed() {
        for (const bool collapse : {false, true}) {
            PairingOptions options;
            options.collapseProxies = collapse;
            Fixture fixture(options);
            // The caller's proxy and the callee's, each under its service's own name.
            fixture.send({client(1), server(2, 1, "a"), client(3, 2), server(4, 3),
                          client(5, 4, "b"), server(6, 5)});
            fixture.pass(30s);
            QCOMPARE(fixture.edges(), collapse
                                          ? std::string("a->b 1/0/1\n")
                                          : std::string("a->a 1/0/1\na->b 1/0/1\nb->b 1/0/1\n"));
            QCOMPARE(fixture.pairing.counters().collapsed, collapse ? 2U : 0U);
            QCOMPARE(fixture.pairing.counters().unpaired, 0U);
        }
    }
    void halvesWithoutAPartnerAreHeldAgainstTheEdgesTheyMayBelongTo() {
        Fixture fixture;
        MadeSpan unanswered = client(3);
        unanswered.peer.peerService = "b";
        // 2 orphans of b, whose callers are a (3 of 4 calls) and c; 1 caller of a that names
        // nobody.
        fixture.send({unanswered, client(4), server(22, 21), server(24, 23)});
        fixture.pass(9s);
        for (const std::uint64_t id : {31U, 33U, 35U})
            fixture.send({client(id), server(id + 1, id)});
        fixture.send({client(37, 0, "c"), server(38, 37)});
        fixture.pass(1s);
        const TraceWindow window = fixture.pairing.takeWindow(fixture.now);
        QCOMPARE(window.edges.size(), std::size_t{2});
        QCOMPARE(window.edges[0].matched, 3.0);
        QCOMPARE(window.edges[0].unmatched, 1 + 2 * 0.75 + 1);
        QCOMPARE(window.edges[1].matched, 1.0);
        QCOMPARE(window.edges[1].unmatched, 2 * 0.25);
        QCOMPARE(window.counters.unpaired, 3U);
    }
    void anAnsweredCallIsSplitWhenItsSelfTimeIsKnown() {
        for (const bool callerLast : {false, true}) {
            Fixture fixture;
            MadeSpan inner = client(3, 2, "b");
            inner.start = 30;
            inner.end = 50;
            fixture.send({server(2, 1), inner});
            if (!callerLast)
                fixture.send({client(1)});
            fixture.pass(3s);
            if (callerLast)
                fixture.send({client(1)});
            const TraceWindow window = fixture.pairing.takeWindow(fixture.now);
            const SplitSums& split = window.edges[0].split;
            QCOMPARE(split.calls, 1U);
            QCOMPARE(split.client, 0.080);
            QCOMPARE(split.server, 0.060);
            QCOMPARE(split.self, 0.040);
            QVERIFY(std::abs(split.leastTransit - 0.020) < 1e-9);
        }
    }
    void callsThatSayNothingOfTheirTimeAreNotSplit() {
        Fixture fixture;
        MadeSpan longer = server(2, 1);
        longer.end = 200;  // the caller had given up
        fixture.send({client(1), longer, client(3), server(4, 3), server(5, 3), redisCall(6)});
        fixture.pass(3s);
        for (const EdgeWindow& edge : fixture.pairing.takeWindow(fixture.now).edges)
            QCOMPARE(edge.split.calls, 0U);
    }
    void clocksThatDisagreeGiveNoNegativeTime() {
        Fixture fixture;
        MadeSpan backwards = client(1);
        std::swap(backwards.start, backwards.end);
        fixture.send({backwards, server(2, 1)});
        const TraceWindow window = fixture.pairing.takeWindow(fixture.now);
        QCOMPARE(window.edges[0].clientLatency.max(), 0.0);
        QCOMPARE(window.counters.skewed, 1U);
    }
};

LEVEE_TEST(SpanPairingTest)
#include "span_pairing_test.moc"
