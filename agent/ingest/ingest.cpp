// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/ingest.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "agent/ingest/intake.h"
#include "agent/ingest/otlp_grpc_server.h"
#include "agent/ingest/otlp_http_server.h"

namespace levee::ingest {
namespace {

constexpr Duration kWindow = std::chrono::seconds(1);

OtlpHttpOptions httpOptions(const OtlpConfig& config) {
    OtlpHttpOptions options;
    options.listen = config.httpListen;
    options.bodyBytes = config.httpBodyBytes;
    return options;
}

OtlpGrpcOptions grpcOptions(const OtlpConfig& config) {
    OtlpGrpcOptions options;
    options.listen = config.grpcListen;
    options.messageBytes = config.grpcMessageBytes;
    return options;
}

PairingLimits pairingLimits(const OtlpConfig& config, PairingLimits limits) {
    limits.ttl = config.pairingTtl;
    limits.waiting = config.pairingSpans;
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
    Impl(OtlpConfig config, IngestLimits limits, const TimeSource& time, WindowCallback onWindow)
        : config_(std::move(config)),
          limits_(limits),
          time_(time),
          onWindow_(std::move(onWindow)),
          budget_(limits.queueBytes),
          pairing_(pairingLimits(config_, limits.pairing), time.monotonic()),
          windowStart_(time.monotonic()) {}
    ~Impl() override { stop(); }

    Status start() {
        thread_ = std::thread([this] { run(); });
        Status status;
        if (!config_.httpListen.empty()) {
            http_.emplace(httpOptions(config_), *this);
            status = http_->start();
        }
        if (status && !config_.grpcListen.empty()) {
            grpc_.emplace(grpcOptions(config_), *this);
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
    std::uint16_t grpcPort() const { return grpc_ ? grpc_->port() : 0; }
    const IngestStats& stats() const { return stats_; }

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
        const Status decoded = decodeTraces(body.bytes, limits_.decode, batch_);
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
        pairing_.add(batch_, time_.monotonic());
        return {Verdict::Accepted, batch_.rejected(), reasonsOf(batch_), 0};
    }

    void publish(MonotonicTime now) {
        pairing_.sweep(now);
        windowStart_ = now;
        onWindow_(std::make_shared<const TraceWindow>(pairing_.takeWindow(now)));
    }

    const OtlpConfig config_;
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
    MonotonicTime windowStart_;
    std::thread thread_;
    std::optional<OtlpHttpServer> http_;  // go first: they call into all of the above
    std::optional<OtlpGrpcServer> grpc_;
};

Ingest::Ingest(OtlpConfig config, IngestLimits limits, const TimeSource& time,
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
std::uint16_t Ingest::grpcPort() const {
    return impl_->grpcPort();
}
const IngestStats& Ingest::stats() const {
    return impl_->stats();
}

}  // namespace levee::ingest
