// SPDX-License-Identifier: Apache-2.0
// The intake as a whole, over real sockets, in one process:
//   intake_bench grpc [SECONDS]          spans a second from a gRPC client's bytes to edges
//   intake_bench flood [SECONDS] [N]     N (32) senders post without a pause and ignore refusals
//   intake_bench send [SECONDS] [N] PORT the senders alone, to an agent that runs elsewhere; JSON
// The flood says how many times what was taken was offered. It ends with 1 when a refusal has no
// retry hint, a request gets no answer, memory grows beyond the budgets, or an accepted span is
// missing in the counters.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "agent/ingest/ingest.h"
#include "tests/agent/ingest/ingest_fixture.h"
#include "tests/bench/span_bodies.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kTraces = 20'000;
constexpr std::size_t kFloodBatches = 20;
constexpr const char* kExport = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
/// Beyond what was there before: bodies (64 MiB), pairing, names, exemplars, the servers.
constexpr std::uint64_t kMostGrowth = 512ULL << 20U;

std::uint64_t residentBytes() {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("VmRSS:"))
            return std::stoull(line.substr(6)) * 1024;
    return 0;
}

double cpuSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A running intake and how late its windows came.
class Intake {
public:
    explicit Intake(ingest::IngestLimits limits = {})
        : ingest_(config(), limits, time_, [this](auto window) { note(*window); }) {}

    bool start() { return ingest_.start().isOk(); }
    void stop() { ingest_.stop(); }
    ingest::Ingest& ingest() { return ingest_; }
    double longestWindow() const { return longest_.load(); }
    void forgetLongest() { longest_ = 0; }
    std::uint64_t requests() const { return requests_.load(); }

private:
    static IngestConfig config() {
        IngestConfig config;
        config.otlp.grpcListen = config.otlp.httpListen = "127.0.0.1:0";
        return config;
    }
    void note(const ingest::TraceWindow& window) {
        longest_ = std::max(longest_.load(), toSeconds(window.end - window.start));
        for (const auto& edge : window.edges)
            requests_ += edge.requests;
    }

    RealTimeSource time_;
    std::atomic<double> longest_{0};
    std::atomic<std::uint64_t> requests_{0};
    ingest::Ingest ingest_;
};

std::uint64_t spansIn(std::size_t bodies, const std::vector<std::string>& all) {
    return bodies * (kTraces * bench::kSpansPerTrace) / all.size();
}

/// Unary calls of raw bytes, so many under way at a time.
class GrpcSender {
public:
    GrpcSender(std::uint16_t port, const std::vector<std::string>& bodies)
        : stub_(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                    grpc::InsecureChannelCredentials())) {
        for (const std::string& body : bodies) {
            const grpc::Slice slice(body);
            buffers_.emplace_back(&slice, 1);
        }
    }

    /// Returns how many calls were answered with OK.
    std::uint64_t run(double seconds, int underWay) {
        const auto start = Clock::now();
        for (int i = 0; i < underWay; ++i)
            send();
        void* tag = nullptr;
        bool ok = false;
        std::uint64_t accepted = 0;
        while (pending_ > 0 && queue_.Next(&tag, &ok)) {
            const std::unique_ptr<Call> call(static_cast<Call*>(tag));
            --pending_;
            accepted += call->status.ok() ? 1 : 0;
            if (secondsSince(start) < seconds)
                send();
        }
        return accepted;
    }

private:
    struct Call {
        grpc::ClientContext context;
        grpc::ByteBuffer reply;
        grpc::Status status;
        std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
    };
    void send() {
        auto* call = new Call;
        call->reader = stub_.PrepareUnaryCall(&call->context, kExport,
                                              buffers_[next_++ % buffers_.size()], &queue_);
        call->reader->StartCall();
        call->reader->Finish(&call->reply, &call->status, call);
        ++pending_;
    }

    grpc::GenericStub stub_;
    grpc::CompletionQueue queue_;
    std::vector<grpc::ByteBuffer> buffers_;
    std::size_t next_ = 0;
    int pending_ = 0;
};

int benchGrpc(double seconds) {
    const std::vector<std::string> bodies = bench::makeBodies(kTraces);
    Intake intake;
    if (!intake.start())
        return 1;
    GrpcSender sender(intake.ingest().grpcPort(), bodies);
    sender.run(0.2, 16);
    const auto start = Clock::now();
    const double cpu = cpuSeconds();
    const std::uint64_t accepted = sender.run(seconds, 16);
    const double took = secondsSince(start);
    const auto spans = static_cast<double>(spansIn(accepted, bodies));
    std::printf(
        "gRPC: %.0f spans/s end to end, %.2f of a core busy, client included; RSS %llu MiB\n",
        spans / took, (cpuSeconds() - cpu) / took,
        static_cast<unsigned long long>(residentBytes() >> 20U));
    std::printf("      %.2f million spans a CPU second, client included\n",
                spans / (cpuSeconds() - cpu) / 1e6);
    return accepted > 0 ? 0 : 1;
}

struct FloodCounts {
    std::atomic<std::uint64_t> offered{0};
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> withoutHint{0};
    std::atomic<std::uint64_t> unanswered{0};
};

/// A request that stands for new traces each time it is sent.
class FloodRequest {
public:
    explicit FloodRequest(std::string text) : text_(std::move(text)) {
        const std::string front(8, '\x5a');  // see bench::idBytes()
        for (auto at = text_.find(front); at != std::string::npos; at = text_.find(front, at + 16))
            ids_.push_back(at);
    }
    const std::string& text() const { return text_; }
    const std::string& next(std::uint64_t number) {
        for (const std::size_t at : ids_) {
            std::memcpy(text_.data() + at, &number, 8);
            std::memcpy(text_.data() + at + 12, &number, 4);
        }
        return text_;
    }

private:
    std::string text_;
    std::vector<std::size_t> ids_;
};

/// Posts until told to stop; connects again after a refusal.
void flood(std::uint16_t port, FloodRequest& request, std::uint64_t first,
           const std::atomic<bool>& isOver, FloodCounts& counts) {
    std::optional<test::Connection> connection;
    request.next(first);
    for (std::uint64_t number = first; !isOver;) {
        if (!connection)
            connection.emplace(port);
        ++counts.offered;
        // A refusal may come, and the connection be closed, before the body is sent.
        connection->send(request.text());
        const std::string answer = connection->receive();
        const int status = test::statusOf(answer);
        if (status == 200) {
            ++counts.accepted;
            request.next(++number);
            continue;
        }
        if (status == 429 || status == 503) {
            ++counts.refused;
            counts.withoutHint += answer.find("Retry-After: ") == std::string::npos ? 1 : 0;
        } else {
            ++counts.unanswered;
        }
        connection.reset();
    }
}

/// Senders that post until stop(). Large bodies, so that few of them are many times too much.
class Flood {
public:
    Flood(std::uint16_t port, int senders, std::size_t batches)
        : requests_(static_cast<std::size_t>(senders), FloodRequest(test::post(body(batches)))) {
        for (std::size_t i = 0; i < requests_.size(); ++i)
            threads_.emplace_back(
                [this, i, port] { flood(port, requests_[i], (i + 1) << 20U, isOver_, counts_); });
    }
    const FloodCounts& stop() {
        isOver_ = true;
        for (std::thread& thread : threads_)
            thread.join();
        threads_.clear();
        return counts_;
    }
    /// One of the requests, for afterwards.
    const std::string& again() { return requests_[0].next(1); }

private:
    static std::string body(std::size_t batches) {
        // Messages of protobuf one after another are one message.
        const std::vector<std::string> bodies =
            bench::makeBodies(batches * bench::kBatch / bench::kSpansPerTrace);
        std::string all;
        for (std::size_t i = 0; i < batches; ++i)
            all += bodies[i];
        return all;
    }

    FloodCounts counts_;
    std::atomic<bool> isOver_{false};
    std::vector<FloodRequest> requests_;
    std::vector<std::thread> threads_;
};

int send(double seconds, int senders, std::uint16_t port) {
    constexpr std::size_t kBatches = 60;
    Flood flood(port, senders, kBatches);
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    const FloodCounts& counts = flood.stop();
    std::printf(
        "{\"offered\": %llu, \"accepted\": %llu, \"refused\": %llu, "
        "\"withoutHint\": %llu, \"unanswered\": %llu, \"spansPerRequest\": %llu}\n",
        static_cast<unsigned long long>(counts.offered),
        static_cast<unsigned long long>(counts.accepted),
        static_cast<unsigned long long>(counts.refused),
        static_cast<unsigned long long>(counts.withoutHint),
        static_cast<unsigned long long>(counts.unanswered),
        static_cast<unsigned long long>(kBatches * bench::kBatch));
    return 0;
}

int benchFlood(double seconds, int senders) {
    // A small budget.
    ingest::IngestLimits limits;
    limits.queueBytes = 4ULL << 20U;
    Intake intake(limits);
    if (!intake.start())
        return 1;
    const std::uint64_t before = residentBytes();
    const auto start = Clock::now();
    Flood flood(intake.ingest().httpPort(), senders, kFloodBatches);
    std::uint64_t peak = before;
    while (secondsSince(start) < seconds) {
        std::this_thread::sleep_for(100ms);
        peak = std::max(peak, residentBytes());
    }
    const double took = secondsSince(start);
    const FloodCounts& counts = flood.stop();
    const double longest = intake.longestWindow();
    const auto ended = Clock::now();
    test::Connection after(intake.ingest().httpPort());
    bool recovered = false;
    double recovery = 0;
    while (!recovered && secondsSince(ended) < 10) {
        after.send(flood.again());
        recovered = test::statusOf(after.receive()) == 200;
        recovery = secondsSince(ended);
    }
    const auto perBody = static_cast<double>(kFloodBatches * bench::kBatch);
    std::printf(
        "flood: %.0f requests/s offered, %.0f accepted (%.2f million spans/s), %.1f times\n",
        static_cast<double>(counts.offered) / took, static_cast<double>(counts.accepted) / took,
        static_cast<double>(counts.accepted) * perBody / took / 1e6,
        static_cast<double>(counts.offered) / static_cast<double>(counts.accepted));
    std::printf("       %llu refused, %llu without a hint, %llu not answered\n",
                static_cast<unsigned long long>(counts.refused),
                static_cast<unsigned long long>(counts.withoutHint),
                static_cast<unsigned long long>(counts.unanswered));
    std::printf(
        "       RSS %llu MiB before, %llu at most; longest window %.2f s; taken again after %.2f "
        "s\n",
        static_cast<unsigned long long>(before >> 20U),
        static_cast<unsigned long long>(peak >> 20U), longest, recovery);
    const bool isCounted = intake.ingest().stats().spans.load() ==
                           (counts.accepted + (recovered ? 1 : 0)) * kFloodBatches * bench::kBatch;
    return recovered && isCounted && counts.withoutHint == 0 && counts.unanswered == 0 &&
                   peak - before < kMostGrowth
               ? 0
               : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "grpc";
    const double seconds = argc > 2 ? std::atof(argv[2]) : 5;
    const int senders = argc > 3 ? std::atoi(argv[3]) : 32;
    if (what == "send" && argc > 4)
        return send(seconds, senders, static_cast<std::uint16_t>(std::atoi(argv[4])));
    return what == "flood" ? benchFlood(seconds, senders) : benchGrpc(seconds);
}
