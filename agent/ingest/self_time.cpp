// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/self_time.h"

#include <algorithm>

namespace levee::ingest {
namespace {

constexpr int kDeepestChain = 32;  // INTERNAL spans between a call and its SERVER span

}  // namespace

SelfTimeTracker::Tree* SelfTimeTracker::find(const SpanKey& key) {
    if (const auto found = current_.find(key); found != current_.end())
        return &found->second;
    const auto old = previous_.find(key);
    if (old == previous_.end())
        return nullptr;
    // What is still used lives on in the younger generation.
    Tree tree = std::move(old->second);
    previous_.erase(old);
    return &current_.insert_or_assign(key, std::move(tree)).first->second;
}

SelfTimeTracker::Tree* SelfTimeTracker::findOrAdd(const SpanKey& key) {
    if (Tree* tree = find(key))
        return tree;
    if (current_.size() >= limits_.spans) {
        drop();
        return nullptr;
    }
    return &current_[key];
}

void SelfTimeTracker::drop() {
    ++dropped_;
    lossyUntil_ = now_ + 2 * limits_.settle;
}

SpanKey SelfTimeTracker::holderOf(SpanKey key) {
    for (int depth = 0; depth < kDeepestChain; ++depth) {
        const Tree* tree = find(key);
        if (tree == nullptr || tree->passTo == 0)
            break;
        key.span = tree->passTo;
    }
    return key;
}

void SelfTimeTracker::addWait(const SpanKey& key, NameId service, Interval wait) {
    Tree* tree = findOrAdd(holderOf(key));
    if (tree == nullptr)
        return;
    if (tree->waits.size() >= limits_.waitsPerSpan) {
        drop();
        return;
    }
    tree->service = service;
    tree->waits.push_back(wait);
}

void SelfTimeTracker::addInternal(const SpanRecord& span, NameId service) {
    const SpanKey key{span.trace, span.span};
    Tree* tree = findOrAdd(key);
    if (tree == nullptr || tree->passTo != 0 || span.parent == span.span)
        return;
    tree->passTo = span.parent;
    const auto waits = std::move(tree->waits);
    tree->waits.clear();
    for (const Interval& wait : waits)
        addWait(key, service, wait);
}

void SelfTimeTracker::add(const SpanRecord& span, NameId service, std::uint32_t weight,
                          MonotonicTime now) {
    now_ = now;
    switch (span.kind) {
        case SpanKind::Client:
        case SpanKind::Producer:
            if (span.parent != 0 && span.endNanos > span.startNanos)
                addWait({span.trace, span.parent}, service, {span.startNanos, span.endNanos});
            break;
        case SpanKind::Internal:
        case SpanKind::Unspecified:
            if (span.parent != 0)
                addInternal(span, service);
            break;
        case SpanKind::Server:
        case SpanKind::Consumer:
            if (due_.size() >= limits_.spans)
                ++dropped_;
            else
                due_.push_back({{.key = {span.trace, span.span},
                                 .caller = callerOf(span),
                                 .service = service,
                                 .weight = weight},
                                span.startNanos,
                                span.endNanos,
                                now + limits_.settle});
            find({span.trace, span.span});  // keeps its waits alive until it is due
            break;
    }
}

std::uint64_t SelfTimeTracker::selfNanos(const Due& due) {
    if (due.end <= due.start)
        return 0;
    std::uint64_t own = due.end - due.start;
    const Tree* tree = find(due.answer.key);
    if (tree != nullptr && tree->service == due.answer.service) {
        scratch_.assign(tree->waits.begin(), tree->waits.end());
        std::ranges::sort(scratch_, {}, &Interval::start);
        std::uint64_t covered = due.start;
        for (const Interval& wait : scratch_) {
            const std::uint64_t from = std::max(wait.start, covered);
            const std::uint64_t to = std::min(wait.end, due.end);
            if (to <= from)
                continue;
            own -= to - from;
            covered = to;
        }
    }
    return own;
}

void SelfTimeTracker::sweep(MonotonicTime now, std::vector<SelfTime>& out) {
    while (!due_.empty() && due_.front().at <= now) {
        if (now < lossyUntil_) {
            ++dropped_;
        } else {
            out.push_back(due_.front().answer);
            out.back().nanos = selfNanos(due_.front());
        }
        due_.pop_front();
    }
    if (now - rotated_ < limits_.settle)
        return;
    rotated_ = now;
    previous_.clear();
    std::swap(current_, previous_);
}

}  // namespace levee::ingest
