// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/otlp_grpc_server.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <QTest>
#include <fstream>
#include <protozero/pbf_reader.hpp>

#include "tests/agent/ingest/ingest_fixture.h"
#include "tests/agent/ingest/otlp_builder.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::ingest;

namespace {

constexpr const char* kExport = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

struct Answer {
    grpc::Status status;
    std::string body;
};

/// One unary call with raw bytes.
Answer call(std::uint16_t port, const std::string& body, const char* method = kExport,
            bool gzip = false) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    grpc::GenericStub stub(grpc::CreateCustomChannel(
        "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials(), arguments));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    if (gzip)
        context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    grpc::CompletionQueue queue;
    const grpc::Slice slice(body);
    const grpc::ByteBuffer request(&slice, 1);
    Answer answer;
    grpc::ByteBuffer response;
    const auto rpc = stub.PrepareUnaryCall(&context, method, request, &queue);
    rpc->StartCall();
    rpc->Finish(&response, &answer.status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    std::vector<grpc::Slice> slices;
    if (answer.status.ok() && response.Dump(&slices).ok())
        for (const grpc::Slice& piece : slices)
            answer.body.append(reinterpret_cast<const char*>(piece.begin()), piece.size());
    queue.Shutdown();
    while (queue.Next(&tag, &ok)) {
    }
    return answer;
}

/// A message that decodes to nothing and has exactly `size` bytes.
std::string padding(std::size_t size) {
    std::string body;
    const std::size_t head = size > 2'097'160 ? 5 : size > 16'390 ? 4 : 3;
    protozero::pbf_writer(body).add_bytes(15, std::string(size - head, 'x'));
    return body;
}

std::uint64_t peakRss() {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmHWM:"))
            return std::stoull(line.substr(6)) * 1024;
    return 0;
}

/// An intake without room.
class FullIntake final : public Intake {
public:
    ByteBudget& budget() override { return budget_; }
    bool submit(IntakeBody, AnswerCallback) override { return false; }
    void countRefusal(Refusal) override { ++refusals; }
    std::atomic<int> refusals{0};

private:
    ByteBudget budget_{1 << 20};
};

}  // namespace

class OtlpGrpcServerTest : public QObject {
    Q_OBJECT
private slots:
    void spansAreTakenPlainAndGzipped() {
        test::RunningIngest running;
        QVERIFY(running.start());
        for (const bool gzip : {false, true}) {
            const Answer answer = call(running.ingest().grpcPort(),
                                       test::encodeRequest("a", {test::SpanText{}}), kExport, gzip);
            QVERIFY2(answer.status.ok(), answer.status.error_message().c_str());
            QCOMPARE(answer.body, std::string());
        }
        QCOMPARE(running.ingest().stats().spans.load(), 2U);
    }
    void rejectedSpansAreReportedAsPartialSuccess() {
        test::RunningIngest running;
        QVERIFY(running.start());
        const Answer answer =
            call(running.ingest().grpcPort(), test::encodeRequest("", {test::SpanText{}}));
        QVERIFY(answer.status.ok());
        protozero::pbf_reader reader(answer.body);
        QVERIFY(reader.next(1));
        protozero::pbf_reader partial = reader.get_message();
        QVERIFY(partial.next(1));
        QCOMPARE(partial.get_int64(), std::int64_t{1});
    }
    void badDataIsAnInvalidArgument() {
        test::RunningIngest running;
        QVERIFY(running.start());
        const Answer answer = call(running.ingest().grpcPort(), "this is not protobuf");
        QCOMPARE(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
        QVERIFY(answer.status.error_message().starts_with("not an ExportTraceServiceRequest"));
        QCOMPARE(running.ingest().stats().malformed.load(), 1U);
    }
    void otherMethodsAreUnimplemented() {
        test::RunningIngest running;
        QVERIFY(running.start());
        const Answer answer =
            call(running.ingest().grpcPort(), "",
                 "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");
        QCOMPARE(answer.status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    }
    void messagesAreTakenUpToTheirLimit() {
        IngestConfig config;
        test::RunningIngest running({}, config);
        QVERIFY(running.start());
        for (const int extra : {-1, 0, 1}) {
            const std::string body =
                padding(config.otlp.grpcMessageBytes + static_cast<std::size_t>(extra + 1) - 1);
            QCOMPARE(body.size(),
                     config.otlp.grpcMessageBytes + static_cast<std::size_t>(extra + 1) - 1);
            const Answer answer = call(running.ingest().grpcPort(), body);
            QCOMPARE(answer.status.error_code(),
                     extra > 0 ? grpc::StatusCode::RESOURCE_EXHAUSTED : grpc::StatusCode::OK);
        }
        QTRY_COMPARE(running.ingest().stats().tooLarge.load(), 1U);
    }
    void aCompressedBombIsRefused() {
        test::RunningIngest running;
        QVERIFY(running.start());
        const std::string zeros = padding(64 << 20);  // 64 kB on the wire
        const std::uint64_t before = peakRss();
        const Answer answer = call(running.ingest().grpcPort(), zeros, kExport, true);
        QCOMPARE(answer.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
        qInfo("peak grew by %llu MiB, the sender's copies included",
              static_cast<unsigned long long>((peakRss() - before) >> 20U));
    }
    void aFullIntakeIsUnavailableWithARetryHint() {
        FullIntake intake;
        OtlpGrpcOptions options;
        options.listen = "127.0.0.1:0";
        OtlpGrpcServer server(options, intake);
        QVERIFY(server.start());
        const Answer answer = call(server.port(), test::encodeRequest("a", {test::SpanText{}}));
        QCOMPARE(answer.status.error_code(), grpc::StatusCode::UNAVAILABLE);
        const std::string details = answer.status.error_details();
        QVERIFY(details.find("type.googleapis.com/google.rpc.RetryInfo") != std::string::npos);
        QCOMPARE(intake.refusals.load(), 1);
    }
    void aTakenPortIsAnError() {
        FullIntake intake;
        OtlpGrpcOptions options;
        options.listen = "127.0.0.1:0";
        OtlpGrpcServer server(options, intake);
        QVERIFY(server.start());
        options.listen = "127.0.0.1:" + std::to_string(server.port());
        OtlpGrpcServer second(options, intake);
        const Status status = second.start();
        QVERIFY(!status);
        QVERIFY(status.error().message.find(options.listen) != std::string::npos);
    }
};

LEVEE_TEST(OtlpGrpcServerTest)
#include "otlp_grpc_server_test.moc"
