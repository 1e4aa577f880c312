// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/half_store.h"

namespace levee::ingest {
namespace {

SpanKey withLowBits(const SpanKey& key) {
    return {{0, key.trace.low}, key.span};
}

}  // namespace

HalfStore::HalfStore(std::uint32_t waitingLimit, std::uint32_t doneLimit, Duration ttl)
    : waitingLimit_(waitingLimit), doneLimit_(doneLimit), ttl_(ttl), calls_(1) {}

Call* HalfStore::find(const SpanKey& key) {
    const auto found = index_.find(key);
    if (found != index_.end())
        return &calls_[found->second];
    return hasShortIds_ ? findByLowBits(key) : nullptr;
}

Call* HalfStore::findByLowBits(const SpanKey& key) {
    const auto found = lowBits_.find(withLowBits(key));
    if (found == lowBits_.end())
        return nullptr;
    Call& call = calls_[found->second];
    return key.trace.high == 0 || call.key.trace.high == 0 ? &call : nullptr;
}

Call* HalfStore::findOrAdd(const SpanKey& key, MonotonicTime now) {
    if (key.trace.high == 0 && !hasShortIds_) {
        hasShortIds_ = true;
        for (const auto& [known, index] : index_)
            lowBits_.emplace(withLowBits(known), index);
    }
    if (Call* call = find(key))
        return call;
    if (waiting_.size >= waitingLimit_)
        return nullptr;
    std::uint32_t index;
    if (free_.empty()) {
        index = static_cast<std::uint32_t>(calls_.size());
        calls_.emplace_back();
    } else {
        index = free_.back();
        free_.pop_back();
    }
    Call& call = calls_[index];
    call.key = key;
    call.deadline = now + ttl_;
    index_.emplace(key, index);
    if (hasShortIds_)
        lowBits_.emplace(withLowBits(key), index);
    append(waiting_, index);
    return &call;
}

void HalfStore::finish(Call& call, CallState state, MonotonicTime now) {
    if (call.state != CallState::Waiting)
        return;
    const auto index = static_cast<std::uint32_t>(&call - calls_.data());
    remove(waiting_, index);
    call.state = state;
    call.deadline = now + ttl_;
    append(done_, index);
    if (done_.size > doneLimit_) {
        ++cut_;
        erase(done_.head);
    }
}

Call* HalfStore::nextDue(MonotonicTime now) {
    if (waiting_.size == 0 || calls_[waiting_.head].deadline > now)
        return nullptr;
    return &calls_[waiting_.head];
}

void HalfStore::forget(MonotonicTime now) {
    while (done_.size > 0 && calls_[done_.head].deadline <= now)
        erase(done_.head);
}

void HalfStore::erase(std::uint32_t index) {
    remove(done_, index);
    Call& call = calls_[index];
    index_.erase(call.key);
    if (hasShortIds_) {
        const auto found = lowBits_.find(withLowBits(call.key));
        if (found != lowBits_.end() && found->second == index)
            lowBits_.erase(found);
    }
    call.caller = {};
    call.callees.clear();
    call.state = CallState::Waiting;
    free_.push_back(index);
}

void HalfStore::append(List& list, std::uint32_t index) {
    calls_[index].previous = list.tail;
    calls_[index].next = 0;
    (list.size == 0 ? list.head : calls_[list.tail].next) = index;
    list.tail = index;
    ++list.size;
}

void HalfStore::remove(List& list, std::uint32_t index) {
    const Call& call = calls_[index];
    (index == list.head ? list.head : calls_[call.previous].next) = call.next;
    (index == list.tail ? list.tail : calls_[call.next].previous) = call.previous;
    --list.size;
}

}  // namespace levee::ingest
