// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/otlp_grpc_server.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>

#include <atomic>
#include <thread>
#include <vector>

namespace levee::ingest {
namespace {

constexpr const char* kExport = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
constexpr std::uint32_t kRetryAfterSeconds = 1;
constexpr auto kShutdownGrace = std::chrono::milliseconds(500);

grpc::Status statusOf(const OtlpAnswer& answer) {
    const RpcCode code = codeOf(answer.verdict);
    const std::uint32_t retry = answer.verdict == Verdict::Overloaded
                                    ? std::max(answer.retryAfterSeconds, kRetryAfterSeconds)
                                    : 0;
    return {static_cast<grpc::StatusCode>(code), answer.message,
            encodeStatus(code, answer.message, retry)};
}

grpc::Status busy() {
    return statusOf({Verdict::Overloaded, 0, "the intake is full; try again", kRetryAfterSeconds});
}

std::string flatten(const grpc::ByteBuffer& buffer) {
    std::vector<grpc::Slice> slices;
    std::string bytes;
    if (!buffer.Dump(&slices).ok())
        return bytes;
    bytes.reserve(buffer.Length());
    for (const grpc::Slice& slice : slices)
        bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    return bytes;
}

/// What the calls share with the server.
struct Shared {
    const OtlpGrpcOptions options;
    Intake& intake;
    grpc::AsyncGenericService service;
    std::unique_ptr<grpc::ServerCompletionQueue> queue;
    std::uint32_t active = 0;  ///< polling thread only
};

/// One call, from the request for it to its last event; deletes itself. At any time at most one
/// operation is pending. The polling thread runs it, but for onAnswer(), which the intake calls
/// while nothing else is pending.
class Call {
public:
    static void requestNext(Shared& shared) { new Call(shared); }

    /// The pending operation ended.
    void proceed(bool ok) {
        switch (stage_) {
            case Stage::Requested:
                if (!ok) {  // the server is going down
                    delete this;
                    return;
                }
                requestNext(shared_);
                ++shared_.active;
                begin();
                break;
            case Stage::Reading:
                ok ? submit() : refuseUnread();
                break;
            case Stage::Finishing:
                --shared_.active;
                delete this;
                break;
        }
    }

private:
    enum class Stage { Requested, Reading, Finishing };

    explicit Call(Shared& shared) : shared_(shared), stream_(&context_) {
        shared_.service.RequestCall(&context_, &stream_, shared_.queue.get(), shared_.queue.get(),
                                    this);
    }

    void begin() {
        const ByteBudget& budget = shared_.intake.budget();
        if (context_.method() != kExport) {
            shared_.intake.countRefusal(Refusal::BadRequest);
            finish({grpc::StatusCode::UNIMPLEMENTED,
                    "only the trace service's Export is offered, not " + context_.method()});
        } else if (shared_.active > shared_.options.calls || budget.used() >= budget.limit()) {
            shared_.intake.countRefusal(Refusal::Busy);
            finish(busy());
        } else {
            stage_ = Stage::Reading;
            stream_.Read(&message_, this);
        }
    }

    /// gRPC itself has refused the message (too large, damaged compression), or the caller left.
    void refuseUnread() {
        shared_.intake.countRefusal(Refusal::TooLarge);
        finish({grpc::StatusCode::RESOURCE_EXHAUSTED,
                "no message, or one of more than " + std::to_string(shared_.options.messageBytes) +
                    " bytes"});
    }

    void submit() {
        IntakeBody body{{}, BudgetShare(shared_.intake.budget())};
        if (message_.Length() > shared_.options.messageBytes)
            return refuseUnread();
        if (!body.share.growTo(message_.Length())) {
            shared_.intake.countRefusal(Refusal::Busy);
            return finish(busy());
        }
        body.bytes = flatten(message_);
        message_.Clear();
        if (!shared_.intake.submit(std::move(body),
                                   [this](OtlpAnswer answer) { onAnswer(answer); })) {
            shared_.intake.countRefusal(Refusal::Busy);
            finish(busy());
        }
    }

    void onAnswer(const OtlpAnswer& answer) {
        if (answer.verdict != Verdict::Accepted)
            return finish(statusOf(answer));
        const grpc::Slice slice(encodeResponse(answer));
        response_ = grpc::ByteBuffer(&slice, 1);
        stage_ = Stage::Finishing;  // last: the polling thread may delete this from here on
        stream_.WriteAndFinish(response_, grpc::WriteOptions(), grpc::Status::OK, this);
    }

    void finish(const grpc::Status& status) {
        stage_ = Stage::Finishing;
        stream_.Finish(status, this);
    }

    Shared& shared_;
    std::atomic<Stage> stage_ = Stage::Requested;
    grpc::GenericServerContext context_;
    grpc::GenericServerAsyncReaderWriter stream_;
    grpc::ByteBuffer message_;
    grpc::ByteBuffer response_;
};

}  // namespace

class OtlpGrpcServer::Impl {
public:
    Impl(OtlpGrpcOptions options, Intake& intake) : shared_{std::move(options), intake, {}, {}} {}
    ~Impl() { stop(); }

    Status start() {
        const OtlpGrpcOptions& options = shared_.options;
        grpc::ServerBuilder builder;
        int port = 0;
        builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &port);
        builder.SetMaxReceiveMessageSize(static_cast<int>(options.messageBytes));
        builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                                   static_cast<int>(options.streamsPerConnection));
        // Two agents on one port would each get some of the spans.
        builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
        grpc::ResourceQuota quota("otlp");
        quota.Resize(options.memoryBytes);
        builder.SetResourceQuota(quota);
        builder.RegisterAsyncGenericService(&shared_.service);
        shared_.queue = builder.AddCompletionQueue();
        server_ = builder.BuildAndStart();
        if (server_ == nullptr || port == 0) {
            shutDownQueue();
            return Error{"cannot listen on " + options.listen + " for OTLP over gRPC",
                         ErrorKind::Unavailable};
        }
        port_ = static_cast<std::uint16_t>(port);
        Call::requestNext(shared_);
        thread_ = std::thread([this] { poll(); });
        return Status::ok();
    }

    void stop() {
        if (server_ != nullptr)
            server_->Shutdown(std::chrono::system_clock::now() + kShutdownGrace);
        if (!thread_.joinable())
            return;
        shared_.queue->Shutdown();
        thread_.join();
        server_.reset();
    }

    std::uint16_t port() const { return port_; }

private:
    void poll() {
        void* tag = nullptr;
        bool ok = false;
        while (shared_.queue->Next(&tag, &ok))
            static_cast<Call*>(tag)->proceed(ok);
    }

    void shutDownQueue() {
        server_.reset();
        shared_.queue->Shutdown();
        void* tag = nullptr;
        bool ok = false;
        while (shared_.queue->Next(&tag, &ok)) {
        }
    }

    Shared shared_;
    std::unique_ptr<grpc::Server> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

OtlpGrpcServer::OtlpGrpcServer(OtlpGrpcOptions options, Intake& intake)
    : impl_(std::make_unique<Impl>(std::move(options), intake)) {}
OtlpGrpcServer::~OtlpGrpcServer() = default;
Status OtlpGrpcServer::start() {
    return impl_->start();
}
void OtlpGrpcServer::stop() {
    impl_->stop();
}
std::uint16_t OtlpGrpcServer::port() const {
    return impl_->port();
}

}  // namespace levee::ingest
