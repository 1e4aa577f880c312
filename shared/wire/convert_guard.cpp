// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_guard.h"

#include "shared/wire/enum_wire.h"

namespace levee::wire {
namespace {

void toWire(const InstanceState& value, v1::InstanceState& message) {
    message.set_instance(value.instance);
    message.set_status(enumToWire<v1::InstanceStatus>(value.status));
    message.set_share(value.share);
    message.set_back_in_seconds(value.backInSeconds);
    message.set_ejections(value.ejections);
    message.set_reason(value.reason);
    message.set_good_share(value.goodShare);
    message.set_median_seconds(value.median);
}

InstanceState fromWire(const v1::InstanceState& message) {
    InstanceState value;
    value.instance = message.instance();
    value.status = enumFromWire(message.status(), InstanceStatus::Ramp);
    value.share = message.share();
    value.backInSeconds = message.back_in_seconds();
    value.ejections = message.ejections();
    value.reason = message.reason();
    value.goodShare = message.good_share();
    value.median = message.median_seconds();
    return value;
}

void toWire(const RateState& value, v1::RateState& message) {
    message.set_limit(value.limit);
    message.set_key(value.key);
    message.set_refused_rate(value.refusedRate);
    message.set_refused(value.refused);
    message.set_keys(value.keys);
    message.set_most_keys(value.mostKeys);
    message.set_times_full(value.timesFull);
}

RateState fromWire(const v1::RateState& message) {
    RateState value;
    value.limit = message.limit();
    value.key = message.key();
    value.refusedRate = message.refused_rate();
    value.refused = message.refused();
    value.keys = message.keys();
    value.mostKeys = message.most_keys();
    value.timesFull = message.times_full();
    return value;
}

void toWire(const DeadlineState& value, v1::DeadlineState& message) {
    message.set_answer_seconds(value.answer);
    message.set_header(value.header);
    message.set_least_seconds(value.least);
    message.set_refused_rate(value.refusedRate);
    message.set_refused(value.refused);
}

DeadlineState fromWire(const v1::DeadlineState& message) {
    DeadlineState value;
    value.answer = message.answer_seconds();
    value.header = message.header();
    value.least = message.least_seconds();
    value.refusedRate = message.refused_rate();
    value.refused = message.refused();
    return value;
}

}  // namespace

void toWire(const Override& value, v1::Override& message) {
    message.set_id(value.id);
    message.set_subject(value.subject);
    message.set_kind(enumToWire<v1::OverrideKind>(value.kind));
    message.set_limit(value.limit);
    message.set_factor(value.factor);
    message.set_author(value.author);
    message.set_reason(value.reason);
    message.set_start_millis(value.startMillis);
    message.set_expires_millis(value.expiresMillis);
    message.set_remaining_seconds(value.remainingSeconds);
    message.set_rule(value.rule);
    message.set_rule_file(value.ruleFile);
    message.set_class_name(value.className);
}

Override fromWire(const v1::Override& message) {
    Override value;
    value.id = message.id();
    value.subject = message.subject();
    value.kind = enumFromWire(message.kind(), OverrideKind::Shed);
    value.limit = message.limit();
    value.factor = message.factor();
    value.author = message.author();
    value.reason = message.reason();
    value.startMillis = message.start_millis();
    value.expiresMillis = message.expires_millis();
    value.remainingSeconds = message.remaining_seconds();
    value.rule = message.rule();
    value.ruleFile = message.rule_file();
    value.className = message.class_name();
    return value;
}

void toWire(const GuardState& value, v1::GuardState& message) {
    message.set_subject(value.subject);
    message.set_rule(value.rule);
    message.set_revision(value.revision);
    message.set_mode(enumToWire<v1::GuardMode>(value.mode));
    message.set_has_breaker(value.hasBreaker);
    message.set_breaker(enumToWire<v1::BreakerState>(value.breaker));
    message.set_admit_share(value.admitShare);
    message.set_distance_to_trip(value.distanceToTrip);
    message.set_failure_share(value.failureShare);
    message.set_slow_share(value.slowShare);
    message.set_reopen_in_seconds(value.reopenInSeconds);
    message.set_trips(value.trips);
    message.set_has_limit(value.hasLimit);
    message.set_limit(value.limit);
    message.set_in_flight(value.inFlight);
    message.set_baseline_seconds(value.baseline);
    message.set_queue_limit(value.queueLimit);
    message.set_shed_rate(value.shedRate);
    message.set_enforcement(enumToWire<v1::Enforcement>(value.enforcement));
    message.set_enforcement_detail(value.enforcementDetail);
    message.set_trips_suppressed(value.tripsSuppressed);
    message.set_would_have_shed(value.wouldHaveShed);
    for (const InstanceState& instance : value.instances)
        toWire(instance, *message.add_instances());
    if (!value.rate.key.empty())
        toWire(value.rate, *message.mutable_rate());
    if (isGiven(value.deadline))
        toWire(value.deadline, *message.mutable_deadline());
    for (const ClassState& each : value.classes) {
        v1::ClassState& added = *message.add_classes();
        added.set_name(each.name);
        added.set_share(each.share);
        added.set_arrival_rate(each.arrivalRate);
    }
    message.set_retry_share(value.retryShare);
    message.set_retries_allowed(value.retriesAllowed);
    if (value.heldBy)
        toWire(*value.heldBy, *message.mutable_held_by());
}

GuardState fromWire(const v1::GuardState& message) {
    GuardState value;
    value.subject = message.subject();
    value.rule = message.rule();
    value.revision = message.revision();
    value.mode = enumFromWire(message.mode(), GuardMode::Enforce);
    value.hasBreaker = message.has_breaker();
    value.breaker = enumFromWire(message.breaker(), BreakerState::ForcedClosed);
    value.admitShare = message.admit_share();
    value.distanceToTrip = message.distance_to_trip();
    value.failureShare = message.failure_share();
    value.slowShare = message.slow_share();
    value.reopenInSeconds = message.reopen_in_seconds();
    value.trips = message.trips();
    value.hasLimit = message.has_limit();
    value.limit = message.limit();
    value.inFlight = message.in_flight();
    value.baseline = message.baseline_seconds();
    value.queueLimit = message.queue_limit();
    value.shedRate = message.shed_rate();
    value.enforcement = enumFromWire(message.enforcement(), Enforcement::Refused);
    value.enforcementDetail = message.enforcement_detail();
    value.tripsSuppressed = message.trips_suppressed();
    value.wouldHaveShed = message.would_have_shed();
    for (const v1::InstanceState& instance : message.instances())
        value.instances.push_back(fromWire(instance));
    if (message.has_rate())
        value.rate = fromWire(message.rate());
    if (message.has_deadline())
        value.deadline = fromWire(message.deadline());
    for (const v1::ClassState& each : message.classes())
        value.classes.push_back({each.name(), each.share(), each.arrival_rate()});
    if (message.has_retry_share())
        value.retryShare = message.retry_share();
    if (message.has_retries_allowed())
        value.retriesAllowed = message.retries_allowed();
    if (message.has_held_by())
        value.heldBy = fromWire(message.held_by());
    return value;
}

void toWire(const Event& value, v1::Event& message) {
    message.set_id(value.id);
    message.set_millis(value.millis);
    message.set_kind(enumToWire<v1::EventKind>(value.kind));
    message.set_severity(enumToWire<v1::EventSeverity>(value.severity));
    message.set_subject(value.subject);
    message.set_text(value.text);
    message.set_rule(value.rule);
    message.set_revision(value.revision);
    message.set_detail(value.detail);
    message.set_counterfactual(value.counterfactual);
}

Event fromWire(const v1::Event& message) {
    Event value;
    value.id = message.id();
    value.millis = message.millis();
    value.kind = enumFromWire(message.kind(), EventKind::Automation);
    value.severity = enumFromWire(message.severity(), EventSeverity::Critical);
    value.subject = message.subject();
    value.text = message.text();
    value.rule = message.rule();
    value.revision = message.revision();
    value.detail = message.detail();
    value.counterfactual = message.counterfactual();
    return value;
}

void toWire(const Advice& value, v1::Advice& message) {
    message.set_service(value.service);
    message.set_current(value.current);
    message.set_recommended(value.recommended);
    message.set_demand(value.demand);
    message.set_capacity(value.capacity);
    message.set_confidence(enumToWire<v1::Confidence>(value.confidence));
    message.set_reason(value.reason);
}

Advice fromWire(const v1::Advice& message) {
    Advice value;
    value.service = message.service();
    value.current = message.current();
    value.recommended = message.recommended();
    value.demand = message.demand();
    value.capacity = message.capacity();
    value.confidence = enumFromWire(message.confidence(), Confidence::High);
    value.reason = message.reason();
    return value;
}

}  // namespace levee::wire
