// SPDX-License-Identifier: Apache-2.0
#include "agent/control/automation_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "agent/control/automation_override.h"
#include "rules/promql/number_text.h"
#include "shared/base/units.h"
#include "shared/model/names.h"

namespace levee {
namespace {

using namespace std::chrono_literals;
using Kind = AutomationAction::Kind;

constexpr Duration kLook = 1s;
constexpr int kMostShare = 4;  // conditions that are costly get a quarter of the time
constexpr Duration kShortestHold = 1s;

std::string span(Duration duration) {
    return formatDuration(std::chrono::duration_cast<std::chrono::milliseconds>(duration));
}

/// Its beginning, not cut within a character.
std::string cutTo(std::string text, std::size_t bytes) {
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes;
    text.resize(bytes);
    return text;
}

/// What holds, with its value: `lag > 5: 7 {job="a"}`.
std::string reasonOf(const Automation& rule, const ConditionReading& reading) {
    const std::string value = describe(reading);
    if (rule.when.size() + value.size() + 2 <= kLongestReason)
        return fmt::format("{}: {}", rule.when, value);
    return fmt::format("{}...: {}", cutTo(rule.when, kLongestReason / 2),
                       cutTo(value, kLongestReason / 3));
}

const Override* withId(const std::vector<Override>& held, std::int64_t id) {
    const auto found = std::ranges::find(held, id, &Override::id);
    return found != held.end() ? &*found : nullptr;
}

const Override* heldAt(const std::vector<Override>& held, const std::string& subject) {
    const auto found = std::ranges::find(held, subject, &Override::subject);
    return found != held.end() ? &*found : nullptr;
}

std::string actionsOf(const Automation& rule) {
    if (rule.actions.empty())
        return "it only watches";
    std::string text;
    for (const AutomationAction& action : rule.actions)
        text += (text.empty() ? "" : ", ") + describe(action);
    return text;
}

/// "" where no number decided.
std::string counterfactualOf(const Automation& rule, const ConditionReading& reading) {
    const std::string threshold = thresholdOf(*rule.condition);
    const bool isAbove = threshold.starts_with('>');
    if (!std::isfinite(reading.value) || !(isAbove || threshold.starts_with('<')))
        return {};
    return fmt::format("would not have fired at a threshold {} {:.6g}", isAbove ? "above" : "below",
                       reading.value);
}

std::string valueWords(const ConditionReading& reading) {
    if (reading.state == ConditionState::Absent || reading.state == ConditionState::Failed)
        return ": " + reading.detail;
    return std::isnan(reading.value) ? std::string() : ": " + describe(reading);
}

}  // namespace

AutomationBook::AutomationBook(Parts parts) : parts_(std::move(parts)) {}

AutomationBook::~AutomationBook() {
    stop();
}

void AutomationBook::setRules(std::shared_ptr<const ActiveRules> rules) {
    {
        const std::lock_guard lock(mutex_);
        next_ = std::move(rules);
    }
    wake_.notify_all();
}

void AutomationBook::start() {
    thread_ = std::thread([this] { run(); });
}

void AutomationBook::stop() {
    {
        const std::lock_guard lock(mutex_);
        isStopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void AutomationBook::run() {
    std::unique_lock lock(mutex_);
    while (!isStopping_) {
        lock.unlock();
        const MonotonicTime began = parts_.time.monotonic();
        look();
        const Duration took = parts_.time.monotonic() - began;
        lock.lock();
        wake_.wait_for(lock, std::max(kLook - took, (kMostShare - 1) * took),
                       [this] { return isStopping_ || next_ != nullptr; });
    }
}

void AutomationBook::look() {
    const MonotonicTime now = parts_.time.monotonic();
    std::shared_ptr<const ActiveRules> rules;
    {
        const std::lock_guard lock(mutex_);
        rules = std::exchange(next_, nullptr);
    }
    if (rules != nullptr)
        takeRules(*rules, now);
    if (!std::exchange(isTakenUp_, true))
        takeUp(now);
    clearLeftOver();
    const std::vector<Override> held =
        running_.empty() ? std::vector<Override>() : parts_.overrides.list();
    for (Running& running : running_)
        lookAt(running, held, now);
    show(now);
}

/// Those that mean the same as before go on; of all others what they hold is ended.
void AutomationBook::takeRules(const ActiveRules& rules, MonotonicTime now) {
    revision_ = rules.revision;
    std::vector<Running> next;
    for (const Automation& rule : rules.rules.automations) {
        const auto old = std::ranges::find_if(
            running_, [&](const Running& each) { return actsTheSame(each.rule, rule); });
        if (old == running_.end()) {
            next.push_back({rule, AutomationClock(rule), {}, {}, {}, 0});
            continue;
        }
        Running kept = std::move(*old);
        running_.erase(old);
        kept.rule = rule;
        next.push_back(std::move(kept));
    }
    for (Running& gone : running_) {
        if (gone.clock.phase() != AutomationPhase::Firing)
            continue;
        const Automation* other = rules.rules.findAutomation(gone.rule.name);
        end(gone,
            other == nullptr ? std::string("its rule was taken back")
            : other->mode != gone.rule.mode
                ? fmt::format("its rule is in mode {} now", name(other->mode))
                : std::string("its rule has changed"),
            now);
    }
    running_ = std::move(next);
}

/// What automations held when the agent ended.
void AutomationBook::takeUp(MonotonicTime now) {
    for (const Override& held : parts_.overrides.list()) {
        if (!isByAutomation(held))
            continue;
        const std::string name = held.author.substr(kAutomationAuthor.size());
        const auto owner = std::ranges::find_if(
            running_, [&](const Running& each) { return each.rule.name == name; });
        const auto action =
            owner == running_.end()
                ? std::vector<AutomationAction>::const_iterator()
                : std::ranges::find_if(std::as_const(owner->rule.actions),
                                       [&](const auto& each) { return isOf(each, held); });
        if (owner == running_.end() || owner->rule.mode != GuardMode::Enforce ||
            action == owner->rule.actions.cend()) {
            leftOver_.push_back({held.subject,
                                 held.id,
                                 {},
                                 held.author,
                                 "no rule asks for it after the restart",
                                 true});
            continue;
        }
        const MonotonicTime until = now + fromSeconds(held.remainingSeconds);
        if (owner->effects.empty()) {
            owner->clock.resume(until, now);
            owner->firedAt = now;
            owner->effects.resize(owner->rule.actions.size());
            for (Effect& effect : owner->effects) {
                effect.state = Effect::State::Yielded;
                effect.detail = "not held any more when the agent started";
            }
        }
        Effect& effect =
            owner->effects[static_cast<std::size_t>(action - owner->rule.actions.cbegin())];
        effect = {Effect::State::InForce, held.id, until, describe(held), false};
    }
}

void AutomationBook::lookAt(Running& running, const std::vector<Override>& held,
                            MonotonicTime now) {
    if (running.rule.mode == GuardMode::Off)
        return;
    running.reading = parts_.read(*running.rule.condition);
    count(running.reading.state);
    const std::optional<AutomationEvent> moved = running.clock.look(running.reading.state, now);
    if (moved == AutomationEvent::HeldForLong)
        begin(running, now);
    else if (moved == AutomationEvent::Released)
        end(running,
            fmt::format("the condition has not held for {}{}", span(running.rule.holdsFor),
                        valueWords(running.reading)),
            now);
    else if (moved == AutomationEvent::TimeIsUp)
        end(running,
            fmt::format("its time was up{}",
                        running.reading.state == ConditionState::True
                            ? ", and the condition still holds" + valueWords(running.reading)
                            : valueWords(running.reading)),
            now);
    else if (running.clock.phase() == AutomationPhase::Firing)
        keep(running, held, now);
}

void AutomationBook::begin(Running& running, MonotonicTime now) {
    const Automation& rule = running.rule;
    running.firedAt = now;
    ++running.firings;
    const bool acts = rule.mode == GuardMode::Enforce;
    {
        const std::lock_guard lock(mutex_);
        ++(acts ? counters_.firings : counters_.shadowFirings);
    }
    const std::string reason = reasonOf(rule, running.reading);
    announce(running, acts ? EventSeverity::Warning : EventSeverity::Notice,
             fmt::format("{}: {} (held for {}); for at most {}: {}",
                         acts ? "fired" : "in shadow: would have fired", reason,
                         span(rule.holdsFor), span(rule.atMost), actionsOf(rule)),
             counterfactualOf(rule, running.reading));
    if (!acts)
        return;
    running.effects.assign(rule.actions.size(), Effect{});
    for (std::size_t i = 0; i < rule.actions.size(); ++i)
        hold(running, rule.actions[i], running.effects[i], now);
    tell(running, true, reason);
}

void AutomationBook::hold(const Running& running, const AutomationAction& action, Effect& effect,
                          MonotonicTime now) {
    if (action.kind == Kind::Notify) {
        effect.state = Effect::State::InForce;
        effect.detail = "told";
        return;
    }
    const Duration left = std::min(running.clock.until() - now, parts_.overrides.config().maxTtl);
    if (left < kShortestHold)
        return;
    OverrideRequest request = overrideFor(running.rule, action);
    request.ttl = left;
    request.reason = reasonOf(running.rule, running.reading);
    const Result<Override> made = parts_.overrides.set(request);
    if (made) {
        effect = {Effect::State::InForce, made->id, now + left, describe(*made), false};
        return;
    }
    effect.detail = made.error().message;
    if (std::exchange(effect.isTold, true))
        return;
    {
        const std::lock_guard lock(mutex_);
        ++counters_.refusals;
    }
    announce(running, EventSeverity::Warning,
             fmt::format("cannot {} yet: {}", describe(action), effect.detail));
}

/// Tries again what could not be held, and sees what was taken from it.
void AutomationBook::keep(Running& running, const std::vector<Override>& held, MonotonicTime now) {
    for (std::size_t i = 0; i < running.effects.size(); ++i) {
        Effect& effect = running.effects[i];
        const AutomationAction& action = running.rule.actions[i];
        if (effect.state == Effect::State::Waiting) {
            hold(running, action, effect, now);
            continue;
        }
        if (effect.state != Effect::State::InForce || action.kind == Kind::Notify ||
            withId(held, effect.id) != nullptr)
            continue;
        effect.state = Effect::State::Yielded;
        const Override* other = heldAt(held, action.subject());
        effect.detail = other != nullptr      ? "taken over by " + other->author
                        : now >= effect.until ? "its time was over"
                                              : "cleared by hand";
    }
}

void AutomationBook::end(Running& running, const std::string& why, MonotonicTime now) {
    const bool acts = running.rule.mode == GuardMode::Enforce;
    for (std::size_t i = 0; i < running.effects.size(); ++i)
        release(running.rule, running.rule.actions[i], running.effects[i], why);
    running.effects.clear();
    announce(running, EventSeverity::Notice,
             fmt::format("{} after {}: {}", acts ? "ended" : "in shadow: would have ended",
                         span(now - running.firedAt), why));
    if (acts)
        tell(running, false, why);
    clearLeftOver();
}

void AutomationBook::release(const Automation& rule, const AutomationAction& action,
                             const Effect& effect, const std::string& why) {
    if (effect.state == Effect::State::InForce && effect.id != 0)
        leftOver_.push_back(
            {action.subject(), effect.id, {}, authorOf(rule), cutTo(why, kLongestReason), true});
}

/// What cannot be written now is tried at the next look; the guard lets go at the expiry in any
/// case.
void AutomationBook::clearLeftOver() {
    std::erase_if(leftOver_, [this](const OverrideChange& change) {
        const Result<Override> cleared = parts_.overrides.clear(change);
        return cleared || cleared.error().kind == ErrorKind::NotFound ||
               cleared.error().kind == ErrorKind::Conflict;
    });
}

void AutomationBook::tell(const Running& running, bool isFiring, const std::string& reason) {
    AutomationNotice notice;
    notice.name = running.rule.name;
    notice.isFiring = isFiring;
    notice.value = running.reading.value;
    for (const promql::Label& label : running.reading.labels)
        notice.labels[label.name] = label.value;
    notice.reason = reason;
    notice.millis = toUnixMillis(parts_.time.wall());
    for (const AutomationAction& action : running.rule.actions) {
        if (action.kind != Kind::Notify)
            continue;
        notice.webhook = action.webhook;
        parts_.notify(notice);
    }
}

void AutomationBook::announce(const Running& running, EventSeverity severity, std::string text,
                              std::string counterfactual) {
    const std::string threshold = thresholdOf(*running.rule.condition);
    Event event;
    event.kind = EventKind::Automation;
    event.severity = severity;
    event.subject = running.rule.name;
    event.rule = running.rule.name;
    event.revision = revision_;
    event.text = std::move(text);
    event.counterfactual = std::move(counterfactual);
    if (std::isfinite(running.reading.value))
        event.detail = fmt::format(
            "value={} threshold={} elements={}", promql::formatNumber(running.reading.value),
            threshold.empty() ? "none" : threshold, running.reading.elements);
    parts_.announce(std::move(event));
}

void AutomationBook::count(ConditionState state) {
    const std::lock_guard lock(mutex_);
    switch (state) {
        case ConditionState::True:
            ++counters_.readTrue;
            break;
        case ConditionState::False:
            ++counters_.readFalse;
            break;
        case ConditionState::Absent:
            ++counters_.readAbsent;
            break;
        case ConditionState::Failed:
        case ConditionState::Unknown:
            ++counters_.readFailed;
            break;
    }
}

void AutomationBook::show(MonotonicTime now) {
    std::vector<AutomationState> states;
    for (const Running& running : running_) {
        AutomationState state;
        state.name = running.rule.name;
        state.mode = running.rule.mode;
        state.phase = running.clock.phase();
        state.condition = running.reading.state;
        state.when = running.rule.when;
        state.value = running.reading.value;
        if (!running.reading.labels.empty())
            state.labels = promql::text(running.reading.labels);
        state.detail = running.reading.detail;
        if (state.phase != AutomationPhase::Idle)
            state.leftSeconds = toSeconds(running.clock.left(now));
        state.firings = running.firings;
        for (std::size_t i = 0; i < running.effects.size(); ++i)
            state.effects.push_back({describe(running.rule.actions[i]),
                                     running.effects[i].state == Effect::State::InForce,
                                     running.effects[i].detail});
        states.push_back(std::move(state));
    }
    const std::lock_guard lock(mutex_);
    shown_ = std::move(states);
}

std::vector<AutomationState> AutomationBook::states() const {
    const std::lock_guard lock(mutex_);
    return shown_;
}

AutomationCounters AutomationBook::counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
}

}  // namespace levee
