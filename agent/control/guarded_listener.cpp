// SPDX-License-Identifier: Apache-2.0
#include "agent/control/guarded_listener.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace levee {
namespace {

GuardParts partsOf(const ListenerConfig& config) {
    const bool isInbound = config.direction == Direction::Inbound;
    return {.limiter = isInbound,
            .breaker = !isInbound,
            .ejection = !isInbound,
            .isShared = config.isShared};
}

CallResult::Kind kindOf(Outcome outcome) {
    if (isFailed(outcome))
        return CallResult::Kind::Failure;
    return outcome == Outcome::Success ? CallResult::Kind::Success : CallResult::Kind::Ignored;
}

}  // namespace

GuardedListener::GuardedListener(const ListenerConfig& config, std::uint64_t seed,
                                 MonotonicTime now)
    : config_(config), guard_(config.subject(), partsOf(config), GuardSettings{}, seed, now) {
    for (const std::string& target : config.targets)
        guard_.addInstance(target, now);
}

void GuardedListener::setConfig(const ListenerConfig& config, MonotonicTime now) {
    for (const std::string& target : config_.targets)
        if (std::find(config.targets.begin(), config.targets.end(), target) == config.targets.end())
            guard_.removeInstance(target, now);
    for (const std::string& target : config.targets)
        guard_.addInstance(target, now);
    config_ = config;
}

void GuardedListener::setRules(const ActiveRules& rules, MonotonicTime now) {
    const Rule* rule = rules.rules.match(config_.client, config_.service);
    rule_ = rule != nullptr ? rule->name : "default";
    ruleFile_ = rules.fileOf(rule_);
    revision_ = rules.revision;
    settings_ = rule != nullptr ? rule->settings : GuardSettings{};
    configure(now);
}

void GuardedListener::setEnforcing(bool isEnforcing, MonotonicTime now) {
    isEnforcing_ = isEnforcing;
    configure(now);
}

void GuardedListener::configure(MonotonicTime now) {
    GuardSettings settings = settings_;
    if (!isEnforcing_ && settings.mode == GuardMode::Enforce)
        settings.mode = GuardMode::Shadow;
    rate_.configure(settings.rate, settings.mode);
    deadline_.configure(settings.deadline, settings.mode);
    if (config_.direction == Direction::Inbound)
        // Switched off, not even a class that a person sheds is refused.
        classes_.configure(settings.priority, isEnforcing_ ? settings.mode : GuardMode::Off);
    else
        retries_.configure(settings.retries, settings.mode);
    if (!(settings == guard_.settings()))
        guard_.reconfigure(settings, now);
}

void GuardedListener::setOverride(const ActiveOverride* held, MonotonicTime now) {
    if (held == nullptr || held->until <= now) {
        if (held_)
            guard_.release(now);
        letGo();
        return;
    }
    if (held_ && held_->value.id == held->value.id && held_->until == held->until)
        return;
    if (held_ && held_->value.kind != held->value.kind)
        guard_.release(now);
    letGo();
    isHoldNews_ = true;
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
        case OverrideKind::Shed:
            classes_.shed(held->value.className);
            break;
    }
}

/// What the guard does not let go of by itself.
void GuardedListener::letGo() {
    isHoldNews_ = isHoldNews_ || held_.has_value();
    held_.reset();
    classes_.shed({});
}

void GuardedListener::add(const RequestRecord& record, MonotonicTime startedAt, MonotonicTime now) {
    arrivals_ += record.weight;
    if (isFailed(record.outcome) || isShed(record.outcome))
        bad_ += record.weight;
    window_.add(record);
    rate_.add(record);
    deadline_.add(record);
    if (config_.direction == Direction::Inbound) {
        classes_.add(record);
        return;
    }
    retries_.add(record);
    // A refusal is no call: neither ours, nor one further down the way, which says "overloaded",
    // not "broken".
    if (isShed(record.outcome))
        return;
    const CallResult result{kindOf(record.outcome),
                            std::chrono::microseconds(record.durationMicros),
                            {record.weight, record.goodWeight}};
    guard_.onResult(result, startedAt, now);
    if (record.target >= 1 && record.target <= config_.targets.size())
        guard_.onInstanceResult(config_.targets[record.target - 1], result, startedAt, now);
}

/// What goes by the order of single calls wants each of them, and so does a breaker that probes.
bool GuardedListener::mayMissLines() const {
    const GuardSettings& settings = guard_.settings();
    return config_.backend.empty() && guard_.decided().admitShare >= 1 &&
           settings.breaker.windowCalls == 0 && !settings.ejection.enabled;
}

LatencyFacet GuardedListener::facetOf(const RequestRecord& record) const {
    LatencyFacet facet;
    facet.outcome = record.outcome;
    facet.status = record.status;
    if (record.target >= 1 && record.target <= config_.targets.size())
        facet.instance = config_.targets[record.target - 1];
    const std::vector<ClassState> classes = classes_.state();
    if (record.priority < classes.size())
        facet.className = classes[record.priority].name;
    facet.isRetried = record.retries > 0;
    facet.isQueued = record.queueMicros > 0;
    facet.breaker = guard_.breakerState();
    facet.isHeld = held_.has_value();
    facet.revision = revision_;
    return facet;
}

std::uint64_t GuardedListener::facetKeyOf(const RequestRecord& record) const {
    const auto bits = [](auto value, unsigned at) {
        return static_cast<std::uint64_t>(value) << at;
    };
    return bits(record.target, 0) | bits(record.status, 16) | bits(record.priority, 32) |
           bits(record.outcome, 40) | bits(record.retries > 0, 44) |
           bits(record.queueMicros > 0, 45) | bits(held_.has_value(), 46) |
           bits(guard_.breakerState(), 48) | bits(revision_ & 0xFFF, 52);
}

void GuardedListener::tick(Duration elapsed, MonotonicTime now) {
    const double seconds = toSeconds(elapsed);
    if (seconds > 0) {
        const double keep = std::exp(-seconds);
        offeredRate_ = keep * offeredRate_ + (1 - keep) * static_cast<double>(arrivals_) / seconds;
    }
    sampling_.tick({.perSecond = offeredRate_,
                    .bad = static_cast<double>(bad_),
                    .requests = static_cast<double>(arrivals_),
                    .mayMiss = mayMissLines()},
                   config_.logAllBelow, now);
    arrivals_ = bad_ = 0;
    if (held_ && now >= held_->until)
        letGo();
    WindowSample sample = window_.takeSample(elapsed, serverTimeout());
    sample.selfShare = selfShare_;
    const double inFlight = sample.inFlight;
    const GuardDesired inForce = guard_.desired();
    const GuardDesired decided = guard_.decided();
    const double overhang = sample.maxInFlight - double(decided.maxInFlight) - decided.queueLimit;
    guard_.onWindow(sample, now);
    guard_.onTick(offeredRate_, now);
    rate_.tick(elapsed, now);
    deadline_.tick(elapsed, inForce.maxInFlight, now);
    classes_.tick(elapsed, decided, inFlight, overhang, now);
    retries_.tick(now);
}

/// After which a call counts as one without an answer.
Duration GuardedListener::serverTimeout() const {
    const Duration answer = deadline_.answer();
    return answer > Duration::zero() ? answer : config_.serverTimeout;
}

DesiredState::Listener GuardedListener::desired() const {
    const GuardDesired desired = guard_.desired();
    DesiredState::Listener listener;
    listener.subject = guard_.subject();
    listener.maxInFlight = desired.maxInFlight;
    if (desired.maxInFlight > 0)
        listener.queueLimit = desired.queueLimit;
    listener.admitShare = desired.admitShare;
    listener.rate = rate_.requestsInWindow();
    listener.isShadow = rate_.isShadow();
    listener.answerMillis = static_cast<std::uint32_t>(
        std::chrono::ceil<std::chrono::milliseconds>(deadline_.answer()).count());
    // At least 1, or the map would not say whether it is in force or in shadow.
    listener.leastMicros =
        deadline_.isAsking() ? std::max<std::uint32_t>(1, deadline_.leastMicros()) : 0;
    listener.turnMicros = deadline_.turnMicros();
    listener.classes = classes_.admissions(desired);
    listener.retryShare = retries_.share();
    for (const InstanceShare& each : desired.instances)
        listener.targets[each.instance] = each.share;
    listener.rule = rule_;
    listener.logEvery = sampling_.every();
    return listener;
}

GuardState GuardedListener::state(const Proof* proof, MonotonicTime now) const {
    GuardState state = guard_.state(now);
    state.rule = rule_;
    state.revision = revision_;
    state.rate = rate_.state();
    state.deadline = deadline_.state();
    state.classes = classes_.state();
    retries_.addTo(state, now);
    state.wouldHaveShed +=
        static_cast<double>(rate_.wouldHaveRefused() + deadline_.wouldHaveRefused());
    if (held_ && held_->until > now) {
        state.heldBy = held_->value;
        state.heldBy->remainingSeconds = std::ceil(toSeconds(held_->until - now));
        state.heldBy->rule = rule_;
        state.heldBy->ruleFile = ruleFile_;
    }
    const std::string shedProblem = classes_.shedProblem();
    if (proof != nullptr) {
        state.enforcement = proof->state;
        state.enforcementDetail =
            shedProblem.empty() ? proof->detail : fmt::format("{}; {}", shedProblem, proof->detail);
    }
    return state;
}

Event GuardedListener::eventOf(GuardEvent happened) const {
    Event event;
    event.kind = happened.kind;
    event.severity = happened.severity;
    event.subject = guard_.subject();
    event.detail = happened.detail();
    event.counterfactual = happened.why.counterfactual.text();
    // What was only recorded must not look like something that happened.
    event.text = happened.mode == GuardMode::Shadow ? "in shadow: " + happened.text
                                                    : std::move(happened.text);
    event.rule = rule_;
    event.revision = revision_;
    return event;
}

std::vector<Event> GuardedListener::takeEvents() {
    std::vector<Event> events;
    for (GuardEvent& happened : guard_.takeEvents()) {
        if (!happened.isByHand)
            events.push_back(eventOf(std::move(happened)));
    }
    for (GuardEvent& happened : rate_.takeEvents())
        events.push_back(eventOf(std::move(happened)));
    for (GuardEvent& happened : deadline_.takeEvents())
        events.push_back(eventOf(std::move(happened)));
    return events;
}

}  // namespace levee
