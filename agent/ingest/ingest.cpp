// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/ingest.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "agent/ingest/intake.h"
#include "agent/ingest/otlp_grpc_server.h"
#include "agent/ingest/span_http_server.h"

namespace levee::ingest {
namespace {

constexpr Duration kWindow = std::chrono::seconds(1);

SpanHttpOptions httpOptions(const IngestConfig& config, SpanProtocol protocol) {
    SpanHttpOptions options;
    options.protocol = protocol;
    options.listen =
        protocol == SpanProtocol::Zipkin ? config.zipkinListen : config.otlp.httpListen;
    options.bodyBytes = config.otlp.httpBodyBytes;
    return options;
}

OtlpGrpcOptions grpcOptions(const OtlpConfig& config) {
    OtlpGrpcOptions options;
    options.listen = config.grpcListen;
    options.messageBytes = config.grpcMessageBytes;
    return options;
}

PairingOptions pairingOptions(const OtlpConfig& config, PairingOptions limits) {
    limits.ttl = config.pairingTtl;
    limits.waiting = config.pairingSpans;
    limits.sampledShare = config.sampledShare;
    limits.collapseProxies = config.collapseProxies;
    return limits;
}

/// Half of the memory is for traces that are being collected, half for those that are kept.
TraceBufferLimits collecting(const IngestConfig& config, TraceBufferLimits limits) {
    limits.bytes = config.exemplarBytes / 2;
    limits.collectFor = config.otlp.pairingTtl;
    return limits;
}

ExemplarLimits exemplars(const IngestConfig& config, ExemplarLimits limits) {
    limits.bytes = config.exemplarBytes / 2;
    limits.keepFor = config.exemplarsKeptFor;
    return limits;
}

std::string reasonsOf(const SpanBatch& batch) {
    std::string text;
    const auto add = [&text](std::uint64_t count, const char* reason) {
        if (count > 0)
            text += (text.empty() ? "" : "; ") + std::to_string(count) + " " + reason;
    };
    add(batch.withoutService, "spans without service.name");
    add(batch.invalidIds, "spans with an invalid trace or span id");
    add(batch.overLimit, "spans over the limit of one body");
    return text;
}

}  // namespace

class Ingest::Impl final : public Intake {
public:
    Impl(IngestConfig config, IngestLimits limits, const TimeSource& time, WindowCallback onWindow)
        : config_(std::move(config)),
          limits_(limits),
          time_(time),
          onWindow_(std::move(onWindow)),
          budget_(limits.queueBytes),
          pairing_(pairingOptions(config_.otlp, limits.pairing), time.monotonic()),
          collected_(collecting(config_, limits.collecting)),
          exemplars_(ingest::exemplars(config_, limits.exemplars)),
          windowStart_(time.monotonic()) {}
    ~Impl() override { stop(); }

    Status start() {
        thread_ = std::thread([this] { run(); });
        Status status;
        if (!config_.otlp.httpListen.empty()) {
            http_.emplace(httpOptions(config_, SpanProtocol::Otlp), *this);
            status = http_->start();
        }
        if (status && !config_.zipkinListen.empty()) {
            zipkin_.emplace(httpOptions(config_, SpanProtocol::Zipkin), *this);
            status = zipkin_->start();
        }
        if (status && !config_.otlp.grpcListen.empty()) {
            grpc_.emplace(grpcOptions(config_.otlp), *this);
            status = grpc_->start();
        }
        if (!status)
            stop();
        return status;
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        wake_.notify_one();
        if (thread_.joinable())
            thread_.join();
        // Every answer has been given: the servers can go.
        http_.reset();
        zipkin_.reset();
        grpc_.reset();
    }

    ByteBudget& budget() override { return budget_; }

    bool submit(IntakeBody body, AnswerCallback answer) override {
        {
            const std::lock_guard lock(mutex_);
            if (closed_ || queue_.size() >= limits_.queueBodies)
                return false;
            queue_.push_back({std::move(body), std::move(answer)});
        }
        wake_.notify_one();
        return true;
    }

    void countRefusal(Refusal why) override {
        switch (why) {
            case Refusal::Busy:
                ++stats_.refusedBusy;
                break;
            case Refusal::TooLarge:
                ++stats_.tooLarge;
                break;
            case Refusal::Malformed:
                ++stats_.malformed;
                break;
            case Refusal::BadRequest:
                ++stats_.badRequests;
                break;
            case Refusal::Timeout:
                ++stats_.timeouts;
                break;
        }
    }

    std::uint16_t httpPort() const { return http_ ? http_->port() : 0; }
    std::uint16_t zipkinPort() const { return zipkin_ ? zipkin_->port() : 0; }
    std::uint16_t grpcPort() const { return grpc_ ? grpc_->port() : 0; }
    const IngestStats& stats() const { return stats_; }
    const ExemplarStore& exemplars() const { return exemplars_; }

private:
    struct Item {
        IntakeBody body;
        AnswerCallback answer;
    };

    void run() {
        bool open = true;
        while (open) {
            std::optional<Item> item = take(open);
            if (item)
                item->answer(work(item->body));
            item.reset();  // gives the budget back
            stats_.queuedBytes = budget_.used();
            const MonotonicTime now = time_.monotonic();
            if (!open || now - windowStart_ >= kWindow)
                publish(now);
        }
    }

    /// The next body, or nothing when the window ends first. `open` is false when all is done.
    std::optional<Item> take(bool& open) {
        std::unique_lock lock(mutex_);
        const Duration left = windowStart_ + kWindow - time_.monotonic();
        wake_.wait_for(lock, std::max(left, Duration::zero()),
                       [this] { return !queue_.empty() || closed_; });
        if (queue_.empty()) {
            open = !closed_;
            return std::nullopt;
        }
        Item item = std::move(queue_.front());
        queue_.pop_front();
        return item;
    }

    OtlpAnswer work(const IntakeBody& body) {
        ++stats_.bodies;
        stats_.bytes += body.bytes.size();
        const Status decoded = decodeSpans(body.format, body.bytes, limits_.decode, batch_);
        if (!decoded) {
            ++stats_.malformed;
            return {Verdict::Malformed, 0, decoded.error().message, 0};
        }
        stats_.spans += batch_.spans.size();
        stats_.rejectedWithoutService += batch_.withoutService;
        stats_.rejectedInvalidIds += batch_.invalidIds;
        stats_.rejectedOverLimit += batch_.overLimit;
        stats_.attributesCut += batch_.attributesCut;
        stats_.linksCut += batch_.linksCut;
        stats_.stringsCut += batch_.stringsCut;
        const MonotonicTime now = time_.monotonic();
        pairing_.add(batch_, now);
        collected_.add(batch_, now);
        return {Verdict::Accepted, batch_.rejected(), reasonsOf(batch_), 0};
    }

    void publish(MonotonicTime now) {
        pairing_.sweep(now);
        exemplars_.add(collected_.take(now), now);
        stats_.spansCollected = collected_.spans();
        stats_.tracesDropped = collected_.dropped();
        stats_.tracesCollectedShare = collected_.share();
        windowStart_ = now;
        onWindow_(std::make_shared<const TraceWindow>(pairing_.takeWindow(now)));
    }

    const IngestConfig config_;
    const IngestLimits limits_;
    const TimeSource& time_;
    const WindowCallback onWindow_;
    IngestStats stats_;
    ByteBudget budget_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Item> queue_;  ///< guarded by mutex_
    bool closed_ = false;     ///< guarded by mutex_
    SpanBatch batch_;         ///< this and below: intake thread only
    SpanPairing pairing_;
    TraceBuffer collected_;
    ExemplarStore exemplars_;  ///< read by other threads, too
    MonotonicTime windowStart_;
    std::thread thread_;
    std::optional<SpanHttpServer> zipkin_;
    std::optional<SpanHttpServer> http_;  // go first: they call into all of the above
    std::optional<OtlpGrpcServer> grpc_;
};

Ingest::Ingest(IngestConfig config, IngestLimits limits, const TimeSource& time,
               WindowCallback onWindow)
    : impl_(std::make_unique<Impl>(std::move(config), limits, time, std::move(onWindow))) {}
Ingest::~Ingest() = default;
Status Ingest::start() {
    return impl_->start();
}
void Ingest::stop() {
    impl_->stop();
}
std::uint16_t Ingest::httpPort() const {
    return impl_->httpPort();
}
std::uint16_t Ingest::zipkinPort() const {
    return impl_->zipkinPort();
}
std::uint16_t Ingest::grpcPort() const {
    return impl_->grpcPort();
}
const ExemplarStore& Ingest::exemplars() const {
    return impl_->exemplars();
}
const IngestStats& Ingest::stats() const {
    return impl_->stats();
}

}  // namespace levee::ingest
