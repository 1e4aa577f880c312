// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/half_store.h"

namespace levee::ingest {
namespace {

SpanKey withLowBits(const SpanKey& key) {
    return {{0, key.trace.low}, key.span};
}

}  // namespace

HalfStore::HalfStore(std::uint32_t waitingLimit, std::uint32_t doneLimit, Duration ttl)
    : waitingLimit_(waitingLimit), doneLimit_(doneLimit), ttl_(ttl) {
    blocks_.push_back(std::make_unique<Call[]>(kBlock));
}

Call* HalfStore::find(const SpanKey& key) {
    const auto found = index_.find(key);
    if (found != index_.end())
        return &at(found->second);
    return hasShortIds_ ? findByLowBits(key) : nullptr;
}

Call* HalfStore::findByLowBits(const SpanKey& key) {
    const auto found = lowBits_.find(withLowBits(key));
    if (found == lowBits_.end())
        return nullptr;
    Call& call = at(found->second);
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
    const std::uint32_t index = newSlot();
    Call& call = at(index);
    call.slot = index;
    call.key = key;
    call.deadline = now + ttl_;
    index_.emplace(key, index);
    if (hasShortIds_)
        lowBits_.emplace(withLowBits(key), index);
    append(waiting_, index);
    return &call;
}

std::uint32_t HalfStore::newSlot() {
    if (!free_.empty()) {
        const std::uint32_t slot = free_.back();
        free_.pop_back();
        return slot;
    }
    if (slots_ == blocks_.size() * kBlock)
        blocks_.push_back(std::make_unique<Call[]>(kBlock));
    return slots_++;
}

void HalfStore::finish(Call& call, CallState state, MonotonicTime now) {
    if (call.state != CallState::Waiting)
        return;
    const std::uint32_t index = call.slot;
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
    if (waiting_.size == 0 || at(waiting_.head).deadline > now)
        return nullptr;
    return &at(waiting_.head);
}

void HalfStore::forget(MonotonicTime now) {
    while (done_.size > 0 && at(done_.head).deadline <= now)
        erase(done_.head);
}

void HalfStore::erase(std::uint32_t index) {
    remove(done_, index);
    Call& call = at(index);
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
    at(index).previous = list.tail;
    at(index).next = 0;
    (list.size == 0 ? list.head : at(list.tail).next) = index;
    list.tail = index;
    ++list.size;
}

void HalfStore::remove(List& list, std::uint32_t index) {
    const Call& call = at(index);
    (index == list.head ? list.head : at(call.previous).next) = call.next;
    (index == list.tail ? list.tail : at(call.next).previous) = call.previous;
    --list.size;
}

}  // namespace levee::ingest
