// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/span_http_server.h"

#include <zlib.h>

#include <QTest>
#include <atomic>
#include <protozero/pbf_reader.hpp>

#include "agent/ingest/gzip_inflater.h"
#include "tests/agent/ingest/ingest_fixture.h"
#include "tests/agent/ingest/json_builder.h"
#include "tests/agent/ingest/otlp_builder.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;
using namespace std::chrono_literals;
using test::bodyOf;
using test::Connection;
using test::post;
using test::postHead;
using test::statusOf;

namespace {

std::string gzip(const std::string& plain) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, plain.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(packed.size() - stream.avail_out);
    deflateEnd(&stream);
    return packed;
}

/// A gzip file of `mebibytes` of zeros, a thousandth as large.
std::string bomb(int mebibytes) {
    return gzip(std::string(std::size_t(mebibytes) << 20U, '\0'));
}

std::string oneSpan() {
    return test::encodeRequest("a", {test::SpanText{}});
}

std::string rpcMessage(const std::string& status) {
    protozero::pbf_reader reader(status);
    return reader.next(2) ? reader.get_string() : "";
}

std::string chunked(const std::string& body, std::size_t size) {
    std::string all;
    char head[20];
    for (std::size_t at = 0; at < body.size(); at += size) {
        const std::string piece = body.substr(at, size);
        std::snprintf(head, sizeof head, "%zx\r\n", piece.size());
        all += head + piece + "\r\n";
    }
    return all + "0\r\n\r\n";
}

/// An intake that holds what it gets until it is told to answer.
class HoldingIntake final : public Intake {
public:
    explicit HoldingIntake(std::uint64_t budget) : budget_(budget) {}
    ~HoldingIntake() override { answerAll(); }
    ByteBudget& budget() override { return budget_; }
    bool submit(IntakeBody body, AnswerCallback answer) override {
        const std::lock_guard lock(mutex_);
        bodies_.push_back(std::move(body));
        answers_.push_back(std::move(answer));
        return true;
    }
    void countRefusal(Refusal why) override { ++refusals[static_cast<std::size_t>(why)]; }
    std::size_t held() {
        const std::lock_guard lock(mutex_);
        return answers_.size();
    }
    void answerAll() {
        const std::lock_guard lock(mutex_);
        for (const AnswerCallback& answer : answers_)
            answer({});
        answers_.clear();
        bodies_.clear();
    }
    std::uint64_t count(Refusal why) const { return refusals[static_cast<std::size_t>(why)]; }

    std::array<std::atomic<std::uint64_t>, 5> refusals{};

private:
    ByteBudget budget_;
    std::mutex mutex_;
    std::vector<IntakeBody> bodies_;
    std::vector<AnswerCallback> answers_;
};

SpanHttpOptions onFreePort() {
    SpanHttpOptions options;
    options.listen = "127.0.0.1:0";
    return options;
}

}  // namespace

class SpanHttpServerTest : public QObject {
    Q_OBJECT
private slots:
    void spansAreTakenPlainGzippedAndChunked() {
        test::RunningIngest running;
        QVERIFY(running.start());
        Connection connection(running.ingest().httpPort());
        const std::string zipped = gzip(oneSpan());
        for (const std::string& request :
             {post(oneSpan()), post(zipped, "Content-Encoding: gzip\r\n"),
              postHead("Transfer-Encoding: chunked\r\n") + chunked(oneSpan(), 7),
              postHead("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n") +
                  chunked(zipped, 1)}) {
            QVERIFY(connection.send(request));
            const std::string response = connection.receive();
            QCOMPARE(statusOf(response), 200);
            QVERIFY(response.find("Content-Type: application/x-protobuf") != std::string::npos);
            QCOMPARE(bodyOf(response), std::string());
        }
        QCOMPARE(running.ingest().stats().spans.load(), 4U);
    }
    void requestsOnOneConnectionAreAnsweredInTurn() {
        test::RunningIngest running;
        QVERIFY(running.start());
        Connection connection(running.ingest().httpPort());
        QVERIFY(connection.send(post(oneSpan()) + post("\xff") + post(oneSpan())));
        QCOMPARE(statusOf(connection.receive()), 200);
        QCOMPARE(statusOf(connection.receive()), 400);
        QCOMPARE(statusOf(connection.receive()), 200);
    }
    void rejectedSpansAreReportedAsPartialSuccess() {
        test::RunningIngest running;
        QVERIFY(running.start());
        Connection connection(running.ingest().httpPort());
        QVERIFY(connection.send(post(test::encodeRequest(
            {test::encodeResourceSpans("", {test::SpanText{}, test::SpanText{}}),
             test::encodeResourceSpans("a", {test::SpanText{}, {.trace = "bad"}})}))));
        const std::string response = connection.receive();
        QCOMPARE(statusOf(response), 200);
        const std::string body = bodyOf(response);
        protozero::pbf_reader reader(body);
        QVERIFY(reader.next(1));
        protozero::pbf_reader partial = reader.get_message();
        QVERIFY(partial.next(1));
        QCOMPARE(partial.get_int64(), std::int64_t{3});
        QVERIFY(partial.next(2));
        QCOMPARE(partial.get_string(), std::string("2 spans without service.name; 1 spans with an "
                                                   "invalid trace or span id"));
    }
    void badDataIsAnsweredWithAStatusMessage() {
        test::RunningIngest running;
        QVERIFY(running.start());
        Connection connection(running.ingest().httpPort());
        QVERIFY(connection.send(post("this is not protobuf")));
        const std::string response = connection.receive();
        QCOMPARE(statusOf(response), 400);
        QVERIFY(rpcMessage(bodyOf(response)).starts_with("not an ExportTraceServiceRequest"));
        QVERIFY(connection.send(post(gzip(oneSpan()).substr(0, 40), "Content-Encoding: gzip\r\n")));
        QCOMPARE(statusOf(connection.receive()), 400);
        QCOMPARE(running.ingest().stats().malformed.load(), 2U);
    }
    void whatIsNotTakenIsSaidClearly() {
        test::RunningIngest running;
        QVERIFY(running.start());
        const auto answer = [&](const std::string& request) {
            Connection connection(running.ingest().httpPort());
            connection.send(request);
            return connection.receive();
        };
        const std::string none = "Content-Length: 0\r\n";
        QCOMPARE(statusOf(answer(postHead(none, "/v1/metrics"))), 404);
        QCOMPARE(statusOf(answer(postHead(none, "/v1/logs"))), 404);
        const std::string text = answer(postHead(none, "/v1/traces", "text/plain"));
        QCOMPARE(statusOf(text), 415);
        QVERIFY(bodyOf(text).find("application/x-protobuf or application/json") !=
                std::string::npos);
        QCOMPARE(statusOf(answer(postHead("Content-Encoding: br\r\n" + none))), 415);
        QCOMPARE(statusOf(answer("GET /v1/traces HTTP/1.1\r\nHost: a\r\n\r\n")), 405);
        QCOMPARE(statusOf(answer("SSH-2.0-client\r\n\r\n")), 400);
        QCOMPARE(statusOf(answer(postHead("X: " + std::string(20'000, 'x') + "\r\n"))), 431);
        QCOMPARE(statusOf(answer(
                     postHead(none, "/v1/traces?x=1", "Application/X-Protobuf; charset=utf-8"))),
                 200);
        QCOMPARE(running.ingest().stats().badRequests.load(), 7U);
    }
    void jsonIsAnsweredInJson() {
        test::RunningIngest running;
        QVERIFY(running.start());
        Connection connection(running.ingest().httpPort());
        const auto answer = [&](const std::string& body, const std::string& type) {
            const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
            connection.send(postHead(length, "/v1/traces", type) + body);
            return connection.receive();
        };
        const std::string good = test::otlpJson(test::otlpSpan());
        for (const char* type : {"application/json", "Application/JSON; charset=utf-8"}) {
            const std::string response = answer(good, type);
            QCOMPARE(statusOf(response), 200);
            QVERIFY(response.find("Content-Type: application/json\r\n") != std::string::npos);
            QCOMPARE(bodyOf(response), std::string("{}"));
        }
        const std::string partial = test::json(
            "{'partialSuccess':{'rejectedSpans':'2','errorMessage':"
            "'2 spans with an invalid trace or span id'}}");
        const std::string twoBad = test::otlpJson(test::otlpSpan() + ",{},{}");
        QCOMPARE(bodyOf(answer(twoBad, "application/json")), partial);
        const std::string refused = answer("{", "application/json");
        QCOMPARE(statusOf(refused), 400);
        const std::string start = test::json("{'code':3,'message':'not an Export");
        QVERIFY(bodyOf(refused).starts_with(start));
        QCOMPARE(running.ingest().stats().spans.load(), 3U);
    }
    void aRefusalForLoadSaysInJsonWhenToComeBack() {
        HoldingIntake intake(1);
        BudgetShare all(intake.budget());
        QVERIFY(all.growTo(1));
        SpanHttpServer server(onFreePort(), intake);
        QVERIFY(server.start());
        Connection connection(server.port());
        connection.send(postHead("Content-Length: 2\r\n", "/v1/traces", "application/json") + "{}");
        const std::string response = connection.receive();
        QCOMPARE(statusOf(response), 429);
        QVERIFY(response.find("Retry-After: 1\r\n") != std::string::npos);
        const std::string wanted = test::json(
            "{'code':14,'message':'the intake is full; try again','details':"
            "[{'@type':'type.googleapis.com/google.rpc.RetryInfo','retryDelay':'1s'}]}");
        QCOMPARE(bodyOf(response), wanted);
    }
    void zipkinIsTakenOnItsOwnPort() {
        test::RunningIngest running;
        QVERIFY(running.start());
        const auto answer = [&](const std::string& body, const std::string& path,
                                const std::string& type = "application/json") {
            Connection connection(running.ingest().zipkinPort());
            const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
            connection.send(postHead(length, path, type) + body);
            return connection.receive();
        };
        const std::string body = "[" + test::zipkinSpan(test::json("'kind':'SERVER'")) + "]";
        const std::string taken = answer(body, "/api/v2/spans");
        QCOMPARE(statusOf(taken), 202);
        QCOMPARE(bodyOf(taken), std::string());
        QVERIFY(taken.find("Content-Type") == std::string::npos);
        QCOMPARE(statusOf(answer("{}", "/api/v2/spans")), 400);
        QCOMPARE(statusOf(answer(body, "/api/v2/spans", "application/x-thrift")), 415);
        QCOMPARE(statusOf(answer(body, "/v1/traces")), 404);
        QTRY_COMPARE((running.edges()["user->a"]), (std::pair<std::uint64_t, std::uint64_t>{1, 0}));
    }
    void bodiesAreTakenUpToTheirLimit() {
        IngestConfig config;
        config.otlp.httpBodyBytes = 1000;
        test::RunningIngest running({}, config);
        QVERIFY(running.start());
        for (const int extra : {-1, 0, 1}) {
            // Bytes that are a valid message of exactly that size: an unknown field.
            const auto size = static_cast<std::size_t>(1000 + extra);
            std::string body;
            protozero::pbf_writer(body).add_bytes(15, std::string(size - 3, 'x'));
            QCOMPARE(body.size(), size);
            for (const std::string& request :
                 {post(body), post(gzip(body), "Content-Encoding: gzip\r\n"),
                  postHead("Transfer-Encoding: chunked\r\n") + chunked(body, 64)}) {
                Connection connection(running.ingest().httpPort());
                QVERIFY(connection.send(request));
                QCOMPARE(statusOf(connection.receive()), extra > 0 ? 413 : 200);
            }
        }
        QCOMPARE(running.ingest().stats().tooLarge.load(), 3U);
    }
    void aGzipBombIsStoppedEarly() {
        test::RunningIngest running;
        QVERIFY(running.start());
        Connection connection(running.ingest().httpPort());
        connection.send(post(bomb(256), "Content-Encoding: gzip\r\n"));
        QCOMPARE(statusOf(connection.receive()), 413);
        QTRY_COMPARE(running.ingest().stats().queuedBytes.load(), 0U);
        // The ratio guard stops it long before the limit of 20 MiB.
        GzipInflater inflater(20 << 20, 200);
        std::string out;
        QVERIFY(inflater.feed(bomb(64), out) == GzipInflater::Outcome::TooLarge);
        QVERIFY(out.size() < (1 << 20) + 128 * 1024);
    }
    void aFullIntakeRefusesWithARetryHint() {
        HoldingIntake intake(4096);
        SpanHttpServer server(onFreePort(), intake);
        QVERIFY(server.start());
        Connection first(server.port());
        std::string body;
        protozero::pbf_writer(body).add_bytes(15, std::string(4000, 'x'));
        QVERIFY(first.send(post(body)));
        QTRY_COMPARE(intake.held(), std::size_t{1});
        Connection second(server.port());
        QVERIFY(second.send(post(body)));
        const std::string refused = second.receive();
        QCOMPARE(statusOf(refused), 429);
        QVERIFY(refused.find("Retry-After: 1\r\n") != std::string::npos);
        QCOMPARE(intake.count(Refusal::Busy), 1U);
        intake.answerAll();
        QCOMPARE(statusOf(first.receive()), 200);
        Connection third(server.port());
        QVERIFY(third.send(post(body)));
        QTRY_COMPARE(intake.held(), std::size_t{1});
        intake.answerAll();
        QCOMPARE(statusOf(third.receive()), 200);
    }
    void slowSendersAreCutOff() {
        HoldingIntake intake(1 << 20);
        SpanHttpOptions options = onFreePort();
        options.idleTimeout = 200ms;
        SpanHttpServer impatient(options, intake);
        QVERIFY(impatient.start());
        Connection idle(impatient.port());
        QVERIFY(idle.closes());
        options = onFreePort();
        options.headerTimeout = options.bodyTimeout = 200ms;
        SpanHttpServer server(options, intake);
        QVERIFY(server.start());
        Connection head(server.port());
        QVERIFY(head.send("POST /v1/tra"));
        QVERIFY(head.closes());
        Connection body(server.port());
        QVERIFY(body.send(postHead("Content-Length: 100\r\n") + "some"));
        QVERIFY(body.closes());
        QTRY_COMPARE(intake.count(Refusal::Timeout), 2U);  // counted after the close
    }
    void connectionsHaveALimit() {
        HoldingIntake intake(1 << 20);
        SpanHttpOptions options = onFreePort();
        options.connections = 2;
        SpanHttpServer server(options, intake);
        QVERIFY(server.start());
        const auto works = [](Connection& connection) {
            connection.send(postHead("Content-Length: 0\r\n", "/nothing"));
            return statusOf(connection.receive());
        };
        Connection first(server.port());
        QCOMPARE(works(first), 404);
        {
            Connection second(server.port());
            QCOMPARE(works(second), 404);
            Connection third(server.port());
            QCOMPARE(statusOf(third.receive()), 503);
        }
        bool freed = false;
        QTRY_VERIFY(freed || (freed = [&] {
                        Connection again(server.port());
                        return works(again) == 404;
                    }()));
        QVERIFY(intake.count(Refusal::Busy) >= 1);
    }
    void expectContinueIsHonoured() {
        test::RunningIngest running;
        QVERIFY(running.start());
        Connection connection(running.ingest().httpPort());
        QVERIFY(connection.send(postHead("Expect: 100-continue\r\nContent-Length: " +
                                         std::to_string(oneSpan().size()) + "\r\n")));
        QCOMPARE(statusOf(connection.receive()), 100);
        QVERIFY(connection.send(oneSpan()));
        QCOMPARE(statusOf(connection.receive()), 200);
    }
    void aTakenPortIsAnErrorThatNamesIt() {
        HoldingIntake intake(1);
        SpanHttpServer server(onFreePort(), intake);
        QVERIFY(server.start());
        SpanHttpOptions same = onFreePort();
        same.listen = "127.0.0.1:" + std::to_string(server.port());
        SpanHttpServer second(same, intake);
        const Status status = second.start();
        QVERIFY(!status);
        QVERIFY(status.error().message.find(same.listen) != std::string::npos);
    }
};

LEVEE_TEST(SpanHttpServerTest)
#include "span_http_server_test.moc"
