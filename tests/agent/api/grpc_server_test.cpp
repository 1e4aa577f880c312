// SPDX-License-Identifier: Apache-2.0
#include "agent/api/grpc_server.h"

#include <grpcpp/grpcpp.h>
#include <levee/v1/agent.grpc.pb.h>
#include <levee/v1/history.grpc.pb.h>
#include <levee/v1/overrides.grpc.pb.h>
#include <levee/v1/rules.grpc.pb.h>
#include <levee/v1/signals.grpc.pb.h>
#include <levee/v1/traces.grpc.pb.h>

#include <QFileInfo>
#include <QTest>
#include <thread>

#include "shared/wire/convert_traces.h"
#include "shared/wire/version.h"
#include "tests/agent/api/served_api.h"
#include "tests/support/model_builders.h"
#include "tests/support/test_registry.h"

using namespace levee;

class GrpcServerTest : public QObject {
    Q_OBJECT
    std::unique_ptr<test::ServedApi> api_;
    std::shared_ptr<grpc::Channel> channel_;

    void publish(const AgentSnapshot& snapshot) {
        api_->bulletin->publish(std::make_shared<const AgentSnapshot>(snapshot));
    }
private slots:
    void init() {
        api_ = std::make_unique<test::ServedApi>();
        channel_ = grpc::CreateChannel(api_->address(), grpc::InsecureChannelCredentials());
    }
    void cleanup() { api_.reset(); }

    void keptTracesAreListedAndRead() {
        auto collected = std::make_unique<ingest::CollectedTrace>();
        collected->id = {1, 2};
        collected->text = "ashop";
        collected->spans.push_back({.id = 7,
                                    .parent = 0,
                                    .startNanos = 5'000'000,
                                    .endNanos = 9'000'000,
                                    .kind = SpanKind::Server,
                                    .failed = true,
                                    .serviceBytes = 1,
                                    .nameBytes = 4,
                                    .peerBytes = 0});
        std::vector<std::unique_ptr<ingest::CollectedTrace>> traces;
        traces.push_back(std::move(collected));
        api_->traces.add(traces, api_->time.monotonic());
        const auto stub = v1::Traces::NewStub(channel_);
        v1::ListTracesReply list;
        {
            grpc::ClientContext context;
            QVERIFY(stub->List(&context, v1::ListTracesRequest(), &list).ok());
        }
        QCOMPARE(list.traces_size(), 1);
        QCOMPARE(list.traces(0).kept_for(0), std::string("a"));
        v1::GetTraceRequest wanted;
        wanted.set_id(list.traces(0).id().substr(0, 8));
        v1::Trace message;
        {
            grpc::ClientContext context;
            QVERIFY(stub->Get(&context, wanted, &message).ok());
        }
        const Trace trace = wire::fromWire(message);
        QCOMPARE(trace.spans.size(), std::size_t{1});
        QCOMPARE(trace.spans[0].name, std::string("shop"));
        QCOMPARE(trace.spans[0].id, std::uint64_t{7});
        QVERIFY(trace.spans[0].kind == SpanKind::Server && trace.spans[0].failed);
        wanted.set_id("nothing");
        grpc::ClientContext context;
        const grpc::Status status = stub->Get(&context, wanted, &message);
        QCOMPARE(status.error_code(), grpc::StatusCode::NOT_FOUND);
        QVERIFY(status.error_message().find("'nothing'") != std::string::npos);
    }
    void aListOfTracesHasABound() {
        const auto stub = v1::Traces::NewStub(channel_);
        for (const int limit : {500, 501, -1}) {
            v1::ListTracesRequest request;
            request.set_limit(limit);
            v1::ListTracesReply list;
            grpc::ClientContext context;
            QCOMPARE(stub->List(&context, request, &list).error_code(),
                     limit == 500 ? grpc::StatusCode::OK : grpc::StatusCode::INVALID_ARGUMENT);
        }
    }
    void aWatcherGetsTheWholeThenDeltasAndEventsAtOnce() {
        AgentSnapshot snapshot = test::makeSnapshot();
        publish(snapshot);
        api_->bulletin->add({});
        const auto stub = v1::Agent::NewStub(channel_);
        grpc::ClientContext context;
        const auto reader = stub->Watch(&context, v1::WatchRequest());
        v1::WatchUpdate update;
        QVERIFY(reader->Read(&update));
        QVERIFY(update.has_snapshot());
        QCOMPARE(update.snapshot().nodes_size(), 2);
        QCOMPARE(update.events_size(), 1);
        QCOMPARE(api_->server->watchers(), 1);

        Event event;
        event.subject = "checkout->payment";
        api_->bulletin->add(event);
        QVERIFY(reader->Read(&update));
        QVERIFY(!update.has_snapshot() && !update.has_delta());
        QCOMPARE(update.events(0).subject(), std::string("checkout->payment"));

        snapshot.sequence++;
        snapshot.nodes.pop_back();
        publish(snapshot);
        QVERIFY(reader->Read(&update));
        QVERIFY(update.has_delta());
        QCOMPARE(update.delta().removed_nodes(0), std::string("payment"));
        context.TryCancel();
        (void)reader->Finish();
        QTRY_COMPARE(api_->server->watchers(), 0);
    }
    void aWatcherThatNobodyLooksAtGetsStateRarelyAndEventsAtOnce() {
        AgentSnapshot snapshot = test::makeSnapshot();
        publish(snapshot);
        const auto stub = v1::Agent::NewStub(channel_);
        grpc::ClientContext context;
        v1::WatchRequest request;
        request.set_state_millis(60'000);
        const auto reader = stub->Watch(&context, request);
        v1::WatchUpdate update;
        QVERIFY(reader->Read(&update));
        QVERIFY(update.has_snapshot());
        snapshot.sequence++;
        snapshot.nodes.pop_back();
        publish(snapshot);
        QVERIFY(reader->Read(&update));  // it is there, and says no more
        QVERIFY(!update.has_snapshot() && !update.has_delta() && update.events_size() == 0);
        Event event;
        event.subject = "checkout->payment";
        api_->bulletin->add(event);
        QVERIFY(reader->Read(&update));
        QCOMPARE(update.events_size(), 1);
        context.TryCancel();
        (void)reader->Finish();
    }
    void whatWasHeldBackComesWithTheNextState() {
        AgentSnapshot snapshot = test::makeSnapshot();
        publish(snapshot);
        const auto stub = v1::Agent::NewStub(channel_);
        grpc::ClientContext context;
        v1::WatchRequest request;
        request.set_state_millis(300);
        const auto reader = stub->Watch(&context, request);
        v1::WatchUpdate update;
        QVERIFY(reader->Read(&update));
        snapshot.nodes.pop_back();
        do {
            snapshot.sequence++;
            publish(snapshot);
            QVERIFY(reader->Read(&update));
        } while (!update.has_delta());
        QCOMPARE(update.delta().sequence(), snapshot.sequence);
        QCOMPARE(update.delta().removed_nodes(0), std::string("payment"));
        context.TryCancel();
        (void)reader->Finish();
    }
    void aClientOfAnotherTimeIsToldToUpdate() {
        const auto stub = v1::Agent::NewStub(channel_);
        grpc::ClientContext context;
        v1::HelloRequest request;
        request.set_protocol(wire::kProtocol + 1);
        request.set_client("levee-dashboard 9");
        v1::HelloReply reply;
        const grpc::Status status = stub->Hello(&context, request, &reply);
        QCOMPARE(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
        QVERIFY(status.error_message().find("levee-dashboard 9") != std::string::npos);
    }
    void theUnixSocketServesTheSameAndIsNotForAll() {
        const QString path = api_->directory.filePath("agent.sock");
        QVERIFY(!(QFileInfo(path).permissions() & (QFile::ReadOther | QFile::WriteOther)));
        publish(test::makeSnapshot());
        const auto stub = v1::Agent::NewStub(
            grpc::CreateChannel("unix:" + path.toStdString(), grpc::InsecureChannelCredentials()));
        grpc::ClientContext context;
        v1::Snapshot snapshot;
        QVERIFY(stub->GetSnapshot(&context, v1::HelloRequest(), &snapshot).ok());
        QCOMPARE(snapshot.agent().host(), std::string("host-1"));
    }
    void rulesAreAppliedWithTheRightRevisionOnly() {
        const auto stub = v1::Rules::NewStub(channel_);
        v1::ApplyRulesRequest request;
        request.set_text(
            "apiVersion: levee/v1\nkind: Guard\nmetadata: {name: a}\nspec: {match: {service: "
            "a}}\n");
        request.set_edit(v1::EDIT_KIND_MERGE);
        request.set_reason("test");
        request.set_expected_revision(1);
        for (const bool isFirst : {true, false}) {
            grpc::ClientContext context;
            v1::ApplyRulesReply reply;
            QVERIFY(stub->Apply(&context, request, &reply).ok());
            QCOMPARE(reply.applied(), isFirst);
            QCOMPARE(reply.conflict(), !isFirst);
            QCOMPARE(reply.active_revision(), std::int64_t{2});
        }
        request.set_expected_revision(RuleBook::kActiveRevision);
        grpc::ClientContext onWhateverIsActive;
        v1::ApplyRulesReply third;
        QVERIFY(stub->Apply(&onWhateverIsActive, request, &third).ok());
        QVERIFY(third.applied());
        QCOMPARE(third.active_revision(), std::int64_t{3});
        grpc::ClientContext context;
        v1::ListRevisionsReply revisions;
        QVERIFY(stub->ListRevisions(&context, v1::ListRevisionsRequest(), &revisions).ok());
        QCOMPARE(revisions.revisions_size(), 3);
        QVERIFY(revisions.revisions(0).active());
    }
    void theHistoryAnswers() {
        auto snapshot = std::make_shared<AgentSnapshot>(test::makeSnapshot());
        api_->history->record(snapshot);
        api_->history->flush();
        api_->bulletin->publish(snapshot);
        const auto stub = v1::History::NewStub(channel_);
        grpc::ClientContext context;
        v1::SeriesRequest request;
        request.set_subject("payment");
        request.set_from_millis(snapshot->millis - 60'000);
        v1::SeriesReply reply;
        QVERIFY(stub->Series(&context, request, &reply).ok());
        QCOMPARE(reply.points_size(), 1);
        QCOMPARE(reply.points(0).traffic().request_rate(), 100.0);
        grpc::ClientContext second;
        request.set_to_millis(1);
        QCOMPARE(stub->Series(&second, request, &reply).error_code(),
                 grpc::StatusCode::INVALID_ARGUMENT);
    }
    void latenciesAreReadFromWhereTheCallerSays() {
        api_->latency.closeSlices(10'000);
        api_->latency.add(*api_->latency.subject("payment"), 1, 0.02, 1,
                          [] { return LatencyFacet{}; });
        api_->latency.closeSlices(12'000);
        const auto stub = v1::History::NewStub(channel_);
        v1::LatencyRequest request;
        v1::LatencyReply reply;
        grpc::ClientContext nameless;
        QCOMPARE(stub->Latency(&nameless, request, &reply).error_code(),
                 grpc::StatusCode::INVALID_ARGUMENT);
        request.set_subject("payment");
        grpc::ClientContext first;
        QVERIFY(stub->Latency(&first, request, &reply).ok());
        QCOMPARE(reply.streams_size(), 1);
        QCOMPARE(reply.streams(0).slices(0).counts(0), 1U);
        QCOMPARE(reply.until_millis(), std::int64_t{12'000});
        request.set_from_millis(reply.until_millis());
        grpc::ClientContext second;
        QVERIFY(stub->Latency(&second, request, &reply).ok());
        QCOMPARE(reply.streams(0).slices_size(), 0);
    }
    void theLargestAnswerIsSentAndOneByteMoreIsRefused() {
        const auto stub = v1::Signals::NewStub(channel_);
        const auto ask = [&](std::size_t labelBytes, v1::QueryReply& reply) {
            const std::string name = "m" + std::to_string(labelBytes);
            ScrapeResult scrape;
            scrape.state.key = name;
            scrape.at = api_->time.monotonic();
            scrape.kept.push_back(
                {Series::make(name, {{"l", std::string(labelBytes, 'x')}}), 1, std::nullopt});
            api_->samples->apply(scrape);
            grpc::ClientContext context;
            v1::QueryRequest request;
            request.set_expression(name);
            return stub->Query(&context, request, &reply).error_code();
        };
        constexpr std::size_t kLargest = 3 * 1024 * 1024;
        v1::QueryReply near;
        QCOMPARE(ask(kLargest - 1000, near), grpc::StatusCode::OK);
        const std::size_t fits = kLargest - 1000 + (kLargest - near.ByteSizeLong());
        v1::QueryReply largest;
        QCOMPARE(ask(fits, largest), grpc::StatusCode::OK);
        QCOMPARE(largest.ByteSizeLong(), kLargest);
        v1::QueryReply beyond;
        QCOMPARE(ask(fits + 1, beyond), grpc::StatusCode::RESOURCE_EXHAUSTED);
    }
    void anExpressionIsEvaluatedOverWhatIsKept() {
        ScrapeResult scrape;
        scrape.state.key = "t";
        scrape.at = api_->time.monotonic();
        for (const auto& [job, value] : {std::pair{"a", 2.0}, {"b", 3.0}})
            scrape.kept.push_back({Series::make("up", {{"job", job}}), value, std::nullopt});
        api_->samples->apply(scrape);
        const auto stub = v1::Signals::NewStub(channel_);
        const auto ask = [&](const char* text, v1::QueryReply& reply) {
            grpc::ClientContext context;
            v1::QueryRequest request;
            request.set_expression(text);
            return stub->Query(&context, request, &reply);
        };
        v1::QueryReply vector;
        QVERIFY(ask("up > 2", vector).ok());
        QVERIFY(!vector.is_scalar());
        QCOMPARE(vector.vector_size(), 1);
        QCOMPARE(vector.vector(0).value(), 3.0);
        QCOMPARE(vector.vector(0).labels(1).value(), std::string("b"));
        QVERIFY(vector.millis() > 0);
        v1::QueryReply scalar;
        QVERIFY(ask("scalar(sum(up))", scalar).ok());
        QVERIFY(scalar.is_scalar());
        QCOMPARE(scalar.scalar(), 5.0);
        v1::QueryReply wrong;
        QVERIFY(ask("rate(up)", wrong).ok());
        QCOMPARE(wrong.diagnostics(0).column(), 6);
        v1::QueryReply unmatched;
        const grpc::Status status = ask("up + on() up", unmatched);
        QCOMPARE(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
        QVERIFY(status.error_message().starts_with("1:4: several series"));
    }
    void oneWatcherPastTheLimitIsRefused() {
        const auto stub = v1::Agent::NewStub(channel_);
        std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
        std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchUpdate>>> readers;
        v1::WatchUpdate update;
        for (int i = 0; i < 32; ++i) {
            contexts.push_back(std::make_unique<grpc::ClientContext>());
            readers.push_back(stub->Watch(contexts.back().get(), v1::WatchRequest()));
            QVERIFY(readers.back()->Read(&update));
        }
        grpc::ClientContext one;
        const auto late = stub->Watch(&one, v1::WatchRequest());
        QVERIFY(!late->Read(&update));
        QCOMPARE(late->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
        for (std::size_t i = 0; i < contexts.size(); ++i) {
            contexts[i]->TryCancel();
            (void)readers[i]->Finish();
        }
    }
};

LEVEE_TEST(GrpcServerTest)
#include "grpc_server_test.moc"
