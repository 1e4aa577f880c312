// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/trace_buffer.h"

#include <algorithm>

#include "agent/ingest/peer_name.h"

namespace levee::ingest {
namespace {

constexpr std::uint64_t kEntryBytes = 128;  // of the map, the queue and the allocator

/// The same for both lengths of an id; the sender has no say in the order.
std::uint64_t hashOf(const TraceId& id) {
    std::uint64_t hash = id.low * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32U;
    return hash * 0xd6e8feb86659fd93ULL;
}

std::string_view peerOf(const SpanBatch& batch, const SpanRecord& span, std::string& buffer) {
    if (span.peer == SpanRecord::kNoPeer || span.kind == SpanKind::Server)
        return {};
    const PeerAttributes& peer = batch.peers[span.peer];
    if (isDatabase(peer))
        return databaseName(peer, buffer);
    const std::string_view queue = queueName(peer, buffer);
    return queue.empty() ? remoteName(peer) : queue;
}

}  // namespace

std::uint64_t CollectedTrace::bytes() const {
    return kEntryBytes + sizeof(CollectedTrace) + spans.capacity() * sizeof(Span) + text.capacity();
}

void TraceBuffer::add(const SpanBatch& batch, MonotonicTime now) {
    for (const SpanRecord& span : batch.spans)
        if (hashOf(span.trace) <= threshold_)
            addSpan(batch, span, now);
}

void TraceBuffer::addSpan(const SpanBatch& batch, const SpanRecord& span, MonotonicTime now) {
    std::unique_ptr<CollectedTrace>& trace = traces_[span.trace.low];
    if (trace == nullptr) {
        trace = std::make_unique<CollectedTrace>();
        trace->id = span.trace;
        trace->first = now;
        trace->mayLack = hashOf(span.trace) > before_ && now < raisedAt_ + limits_.collectFor;
        order_.push_back({span.trace.low, now});
        bytes_ += trace->bytes();
    }
    if (trace->id.high == 0)
        trace->id.high = span.trace.high;
    if (trace->spans.size() >= limits_.spansPerTrace) {
        ++trace->leftOut;
    } else {
        ++spans_;
        ++spansThisSecond_;
        const std::uint64_t before = trace->bytes();
        const auto append = [&](std::string_view text) {
            text = text.substr(0, std::min<std::size_t>(limits_.textBytes, 255));
            trace->text += text;
            return static_cast<std::uint8_t>(text.size());
        };
        const PeerAttributes* peer =
            span.peer == SpanRecord::kNoPeer ? nullptr : &batch.peers[span.peer];
        const int status = peer == nullptr ? 0 : peer->httpStatus;
        trace->spans.push_back({.id = span.span,
                                .parent = span.parent,
                                .startNanos = span.startNanos,
                                .endNanos = span.endNanos,
                                .kind = span.kind,
                                .failed = status >= 400 ? status >= 500 : span.statusError,
                                .serviceBytes = append(batch.services[span.service].name),
                                .nameBytes = append(span.name),
                                .peerBytes = append(peerOf(batch, span, peer_))});
        bytes_ += trace->bytes() - before;
    }
    if (bytes_ > limits_.bytes || spansThisSecond_ > limits_.spansPerSecond)
        lower();
}

/// Halves the share and drops what lies above it; what is left has half of the bounds, on average.
/// Ids that were chosen to lie low do not get past the bounds either: everything goes then.
void TraceBuffer::lower() {
    const bool isLowest = threshold_ <= kLowest;
    threshold_ = std::max(threshold_ / 2, kLowest);
    before_ = std::min(before_, threshold_);
    spansThisSecond_ /= 2;
    dropped_ += absl::erase_if(traces_, [&](const auto& entry) {
        if (!isLowest && hashOf(entry.second->id) <= threshold_)
            return false;
        bytes_ -= entry.second->bytes();
        return true;
    });
}

void TraceBuffer::raise(MonotonicTime now) {
    const bool hasRoom =
        bytes_ < limits_.bytes / 2 && spansThisSecond_ < limits_.spansPerSecond / 2;
    spansThisSecond_ = 0;
    if (threshold_ == kAll || !hasRoom)
        return;
    // While a rise is still being waited for, what lay above the older threshold stays suspect.
    if (now >= raisedAt_ + limits_.collectFor)
        before_ = threshold_;
    raisedAt_ = now;
    threshold_ = threshold_ > kAll / 5 * 4 ? kAll : threshold_ + threshold_ / 4 + 1;
}

std::vector<std::unique_ptr<CollectedTrace>> TraceBuffer::take(MonotonicTime now) {
    std::vector<std::unique_ptr<CollectedTrace>> done;
    while (!order_.empty() && order_.front().first + limits_.collectFor <= now) {
        const Waiting waiting = order_.front();
        order_.pop_front();
        const auto found = traces_.find(waiting.key);
        if (found == traces_.end() || found->second->first != waiting.first)
            continue;
        bytes_ -= found->second->bytes();
        if (!found->second->mayLack)
            done.push_back(std::move(found->second));
        traces_.erase(found);
    }
    raise(now);
    return done;
}

}  // namespace levee::ingest
