// SPDX-License-Identifier: Apache-2.0
#include "agent/control/guarded_listener.h"

#include <cmath>

namespace levee {
namespace {

GuardParts partsOf(Direction direction) {
    return {.limiter = direction == Direction::Inbound,
            .breaker = direction == Direction::Outbound};
}

CallResult::Kind kindOf(Outcome outcome) {
    if (isFailed(outcome))
        return CallResult::Kind::Failure;
    return outcome == Outcome::Success ? CallResult::Kind::Success : CallResult::Kind::Ignored;
}

}  // namespace

GuardedListener::GuardedListener(const ListenerConfig& config, std::uint64_t seed,
                                 MonotonicTime now)
    : config_(config),
      guard_(config.subject(), partsOf(config.direction), GuardSettings{}, seed, now) {}

void GuardedListener::setRules(const ActiveRules& rules, MonotonicTime now) {
    const Rule* rule = rules.rules.match(config_.client, config_.service);
    rule_ = rule != nullptr ? rule->name : "default";
    ruleFile_ = rules.fileOf(rule_);
    revision_ = rules.revision;
    const GuardSettings settings = rule != nullptr ? rule->settings : GuardSettings{};
    if (!(settings == guard_.settings()))
        guard_.reconfigure(settings, now);
}

void GuardedListener::setOverride(const ActiveOverride* held, MonotonicTime now) {
    if (held == nullptr || held->until <= now) {
        if (held_)
            guard_.release(now);
        held_.reset();
        return;
    }
    if (held_ && held_->value.id == held->value.id && held_->until == held->until)
        return;
    if (held_ && held_->value.kind != held->value.kind)
        guard_.release(now);
    held_ = *held;
    switch (held->value.kind) {
        case OverrideKind::ForceOpen:
            guard_.forceOpen(held->until, now);
            break;
        case OverrideKind::ForceClosed:
            guard_.forceClosed(held->until, now);
            break;
        case OverrideKind::Limit:
            guard_.holdLimit(held->value.limit, held->until, now);
            break;
    }
}

void GuardedListener::add(const RequestRecord& record, MonotonicTime startedAt, MonotonicTime now) {
    ++arrivals_;
    window_.add(record);
    // A refusal is no call: neither ours, nor one further down the way, which says "overloaded",
    // not "broken".
    if (config_.direction == Direction::Outbound && !isShed(record.outcome))
        guard_.onResult({kindOf(record.outcome), std::chrono::microseconds(record.durationMicros)},
                        startedAt, now);
}

void GuardedListener::tick(Duration elapsed, MonotonicTime now) {
    const double seconds = toSeconds(elapsed);
    if (seconds > 0) {
        const double keep = std::exp(-seconds);
        offeredRate_ = keep * offeredRate_ + (1 - keep) * static_cast<double>(arrivals_) / seconds;
    }
    arrivals_ = 0;
    if (held_ && now >= held_->until)
        held_.reset();
    WindowSample sample = window_.takeSample(elapsed, config_.serverTimeout);
    sample.selfShare = selfShare_;
    guard_.onWindow(sample, now);
    guard_.onTick(offeredRate_, now);
}

DesiredState::Listener GuardedListener::desired() const {
    const GuardDesired desired = guard_.desired();
    DesiredState::Listener listener;
    listener.subject = guard_.subject();
    listener.maxInFlight = desired.maxInFlight;
    if (desired.maxInFlight > 0)
        listener.queueLimit = desired.queueLimit;
    listener.admitShare = desired.admitShare;
    return listener;
}

GuardState GuardedListener::state(const Proof* proof, MonotonicTime now) const {
    GuardState state = guard_.state(now);
    state.rule = rule_;
    state.revision = revision_;
    if (held_ && held_->until > now) {
        state.heldBy = held_->value;
        state.heldBy->remainingSeconds = std::ceil(toSeconds(held_->until - now));
        state.heldBy->rule = rule_;
        state.heldBy->ruleFile = ruleFile_;
    }
    if (proof != nullptr) {
        state.enforcement = proof->state;
        state.enforcementDetail = proof->detail;
    }
    return state;
}

std::vector<Event> GuardedListener::takeEvents() {
    std::vector<Event> events;
    for (GuardEvent& happened : guard_.takeEvents()) {
        Event event;
        event.kind = happened.kind;
        event.severity = happened.severity;
        event.subject = guard_.subject();
        // What was only recorded must not look like something that happened.
        event.text = happened.mode == GuardMode::Shadow ? "in shadow: " + happened.text
                                                        : std::move(happened.text);
        event.rule = rule_;
        event.revision = revision_;
        event.detail = happened.detail();
        event.counterfactual = happened.why.counterfactual.text();
        events.push_back(std::move(event));
    }
    return events;
}

}  // namespace levee
