// SPDX-License-Identifier: Apache-2.0
#include "agent/control/override_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "shared/base/log.h"
#include "shared/base/units.h"

namespace levee {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr Duration kTick = 250ms;
constexpr Duration kSaveEvery = 750ms;
constexpr std::size_t kMostHeld = 200;

std::int64_t millisOf(Duration duration) {
    return std::chrono::duration_cast<milliseconds>(duration).count();
}

std::string span(Duration duration) {
    return formatDuration(std::chrono::duration_cast<milliseconds>(duration));
}

std::string orUnknown(const std::string& author) {
    return author.empty() ? "unknown" : author;
}

const GuardState* guardOf(const std::vector<GuardState>& guards, const std::string& subject) {
    const auto found = std::find_if(guards.begin(), guards.end(),
                                    [&](const GuardState& g) { return g.subject == subject; });
    return found != guards.end() ? &*found : nullptr;
}

std::string subjects(const std::vector<GuardState>& guards) {
    constexpr std::size_t kMost = 20;
    std::string list;
    for (std::size_t i = 0; i < std::min(kMost, guards.size()); ++i)
        list += (i == 0 ? "" : ", ") + guards[i].subject;
    return guards.size() > kMost ? list + ", ..." : list;
}

}  // namespace

OverrideBook::OverrideBook(Parts parts, OverrideConfig config)
    : parts_(std::move(parts)), config_(std::move(config)) {}

OverrideBook::~OverrideBook() {
    stop();
}

void OverrideBook::start() {
    thread_ = std::thread([this] { run(); });
}

void OverrideBook::stop() {
    {
        const std::lock_guard lock(mutex_);
        isStopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void OverrideBook::run() {
    std::unique_lock lock(mutex_);
    while (!isStopping_) {
        if (held_.empty())
            wake_.wait(lock, [this] { return isStopping_ || !held_.empty(); });
        else
            wake_.wait_for(lock, kTick, [this] { return isStopping_; });
        if (isStopping_)
            return;
        lock.unlock();
        onTick();
        lock.lock();
    }
}

void OverrideBook::configure(const OverrideConfig& config) {
    const std::lock_guard lock(mutex_);
    config_ = config;
}

OverrideConfig OverrideBook::config() const {
    const std::lock_guard lock(mutex_);
    return config_;
}

Status OverrideBook::load() {
    const std::lock_guard lock(mutex_);
    const auto stored = parts_.store.overrides();
    if (!stored)
        return stored.error();
    const MonotonicTime now = parts_.time.monotonic();
    for (const StoredOverride& each : *stored) {
        Held held{each, now + milliseconds(remainingMillis(each))};
        held.isWarnedOf5 = held.until - now <= 5min;
        held.isWarnedOf1 = held.until - now <= 1min;
        held_.push_back(std::move(held));
    }
    std::erase_if(held_, [&](Held& held) { return held.until <= now && end(held); });
    for (const Held& held : held_) {
        if (held.until > now)
            announce(
                EventSeverity::Notice, held,
                fmt::format("still {} after the restart, for {}: {}", describe(held.stored.value),
                            span(held.until - now), held.stored.value.reason));
    }
    publish();
    return Status::ok();
}

std::int64_t OverrideBook::remainingMillis(const StoredOverride& stored) const {
    const BootTime boot = parts_.bootTime();
    const bool isSameBoot = !boot.bootId.empty() && boot.bootId == stored.bootId;
    const std::int64_t byClock =
        isSameBoot ? stored.bootDeadlineMillis - boot.millis
                   : stored.value.expiresMillis - toUnixMillis(parts_.time.wall());
    return std::max<std::int64_t>(0, std::min(stored.remainingMillis, byClock));
}

OverrideBook::Held OverrideBook::hold(Override value, Duration ttl) const {
    const BootTime boot = parts_.bootTime();
    const MonotonicTime now = parts_.time.monotonic();
    value.expiresMillis = toUnixMillis(parts_.time.wall()) + millisOf(ttl);
    Held held;
    held.stored = {std::move(value), boot.bootId, boot.millis + millisOf(ttl), millisOf(ttl)};
    held.until = now + ttl;
    held.isWarnedOf5 = ttl <= 5min;
    held.isWarnedOf1 = ttl <= 1min;
    return held;
}

/// Ends one on the same subject whose time is over, or that is to be replaced; then its words stand
/// in `replaced`.
Status OverrideBook::makeRoom(const OverrideRequest& request, std::string& replaced) {
    const auto old = std::find_if(held_.begin(), held_.end(), [&](const Held& held) {
        return held.stored.value.subject == request.subject;
    });
    if (old == held_.end())
        return held_.size() < kMostHeld
                   ? Status::ok()
                   : Error{fmt::format("{} overrides are held; that is the most", kMostHeld),
                           ErrorKind::Exhausted};
    const Override& value = old->stored.value;
    if (old->until <= parts_.time.monotonic()) {
        if (!end(*old))
            return Error{"the end of the override before cannot be written: is the disk full?",
                         ErrorKind::Unavailable};
        held_.erase(old);
        return Status::ok();
    }
    const std::string words =
        fmt::format("{}, by {}: {}", describe(value), value.author, value.reason);
    const bool mayReplace = request.byAutomation ? false : request.replace || isByAutomation(value);
    if (!mayReplace)
        return Error{fmt::format("{} is held already: {}; clear or extend it, or say --replace",
                                 request.subject, words),
                     ErrorKind::Conflict};
    replaced = words;
    return Status::ok();
}

Result<Override> OverrideBook::set(const OverrideRequest& request) {
    const std::vector<GuardState> guards = parts_.guards();
    const GuardState* guard = guardOf(guards, request.subject);
    const std::lock_guard lock(mutex_);
    const Status checked = checkOverride(request, guard, config_);
    if (!checked)
        return checked.error();
    if (guard == nullptr)
        return Error{fmt::format("no guard here is called '{}'; there are: {}", request.subject,
                                 guards.empty() ? "none" : subjects(guards)),
                     ErrorKind::NotFound};
    std::string replaced;
    const Status free = makeRoom(request, replaced);
    if (!free)
        return free.error();
    const Duration ttl = *overrideTtl(request.ttl, config_);
    Held held = hold(makeOverride(request, *guard), ttl);
    Override& made = held.stored.value;
    made.startMillis = toUnixMillis(parts_.time.wall());
    const std::string change = fmt::format("{} for {}{}", describe(made), span(ttl),
                                           replaced.empty() ? "" : ", in place of " + replaced);
    const auto id = parts_.store.setOverride(held.stored, {AuditAction::OverrideSet, made.author,
                                                           made.reason, change, made.startMillis});
    if (!id)
        return id.error();
    made.id = *id;
    const auto place = std::lower_bound(
        held_.begin(), held_.end(), request.subject,
        [](const Held& h, const std::string& s) { return h.stored.value.subject < s; });
    const auto kept = replaced.empty() ? held_.insert(place, Held{}) : place;
    *kept = std::move(held);
    publish();
    announce(EventSeverity::Warning, *kept,
             fmt::format("{}, by {}, over rule {}: {}", change, kept->stored.value.author,
                         guard->rule, kept->stored.value.reason));
    wake_.notify_all();
    return shown(*kept, parts_.time.monotonic());
}

Result<OverrideBook::Held*> OverrideBook::find(const OverrideChange& change) {
    const auto found = std::find_if(held_.begin(), held_.end(), [&](const Held& held) {
        return held.stored.value.subject == change.subject && !held.isOver &&
               held.until > parts_.time.monotonic();
    });
    if (found == held_.end())
        return Error{fmt::format("nothing holds '{}'; see `levee override list`", change.subject),
                     ErrorKind::NotFound};
    if (change.byAutomation && change.author != found->stored.value.author)
        return Error{
            fmt::format("{} is held by {} now", change.subject, found->stored.value.author),
            ErrorKind::Conflict};
    if (change.id != 0 && change.id != found->stored.value.id)
        return Error{fmt::format("{} is held by override {} now, not {}: {}", change.subject,
                                 found->stored.value.id, change.id, describe(found->stored.value)),
                     ErrorKind::Conflict};
    return &*found;
}

Result<Override> OverrideBook::extend(const OverrideChange& change) {
    const std::lock_guard lock(mutex_);
    const Result<Duration> ttl = overrideTtl(change.ttl, config_);
    if (change.reason.empty() || change.reason.size() > kLongestReason)
        return Error{fmt::format("a reason is required, of at most {} bytes", kLongestReason),
                     ErrorKind::Invalid};
    if (!ttl)
        return ttl.error();
    const Result<Held*> found = find(change);
    if (!found)
        return found.error();
    if (isByAutomation((*found)->stored.value))
        return Error{fmt::format("{} is held by {}, which ends it by itself; hold it yourself with "
                                 "`levee override set`, which takes its place",
                                 change.subject, (*found)->stored.value.author),
                     ErrorKind::Conflict};
    Held next = hold((*found)->stored.value, *ttl);
    const std::string text =
        fmt::format("{} for {} from now", describe(next.stored.value), span(*ttl));
    const Status stored = parts_.store.extendOverride(
        next.stored, {AuditAction::OverrideExtend, orUnknown(change.author), change.reason, text,
                      toUnixMillis(parts_.time.wall())});
    if (!stored)
        return stored.error();
    **found = std::move(next);
    publish();
    announce(EventSeverity::Notice, **found,
             fmt::format("extended: {}, by {}: {}", text, orUnknown(change.author), change.reason));
    return shown(**found, parts_.time.monotonic());
}

Result<Override> OverrideBook::clear(const OverrideChange& change) {
    const std::lock_guard lock(mutex_);
    const Result<Held*> found = find(change);
    if (!found)
        return found.error();
    const Held held = **found;
    const Override& value = held.stored.value;
    const Status stored = parts_.store.removeOverride(
        value, {AuditAction::OverrideClear, orUnknown(change.author), change.reason,
                "no longer " + describe(value), toUnixMillis(parts_.time.wall())});
    if (!stored)
        return stored.error();
    held_.erase(held_.begin() + (*found - held_.data()));
    publish();
    announce(
        EventSeverity::Notice, held,
        fmt::format("no longer {}: cleared by {}{}{}", describe(value), orUnknown(change.author),
                    change.reason.empty() ? "" : ": ", change.reason));
    return shown(held, parts_.time.monotonic());
}

Override OverrideBook::shown(const Held& held, MonotonicTime now) const {
    Override value = held.stored.value;
    value.remainingSeconds = std::max(0.0, toSeconds(held.until - now));
    return value;
}

std::vector<Override> OverrideBook::list() const {
    const std::vector<GuardState> guards = parts_.guards();
    const std::lock_guard lock(mutex_);
    const MonotonicTime now = parts_.time.monotonic();
    std::vector<Override> all;
    for (const Held& held : held_) {
        if (held.isOver || held.until <= now)
            continue;
        all.push_back(shown(held, now));
        const GuardState* guard = guardOf(guards, all.back().subject);
        if (guard != nullptr) {
            all.back().rule = guard->rule;
            all.back().ruleFile = parts_.fileOf(guard->rule);
        }
    }
    return all;
}

void OverrideBook::onTick() {
    const std::lock_guard lock(mutex_);
    const MonotonicTime now = parts_.time.monotonic();
    bool isChanged = false;
    std::vector<StoredOverride> toSave;
    for (std::size_t i = 0; i < held_.size();) {
        Held& held = held_[i];
        if (now >= held.until) {
            isChanged = isChanged || !held.isOver;
            if (end(held)) {
                held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
                continue;
            }
        } else {
            warn(held, now);
            const std::int64_t left = millisOf(held.until - now);
            if (held.stored.remainingMillis - left >= millisOf(kSaveEvery)) {
                held.stored.remainingMillis = left;
                toSave.push_back(held.stored);
            }
        }
        ++i;
    }
    if (!toSave.empty())
        (void)parts_.store.saveRemaining(toSave);
    if (isChanged)
        publish();
}

void OverrideBook::warn(Held& held, MonotonicTime now) {
    if (isByAutomation(held.stored.value))
        return;  // nobody has to remember it
    const Duration left = held.until - now;
    const bool isLast = left <= 1min;
    bool& isWarned = isLast ? held.isWarnedOf1 : held.isWarnedOf5;
    if (left > 5min || isWarned)
        return;
    isWarned = true;
    held.isWarnedOf5 = true;
    announce(EventSeverity::Warning, held,
             fmt::format("{} ends in {}; extend it, let it end, or make it a rule with "
                         "`levee rules promote`",
                         describe(held.stored.value), isLast ? "1m" : "5m"));
}

/// True: it is ended on disk as well.
bool OverrideBook::end(Held& held) {
    const bool isFirst = !std::exchange(held.isOver, true);
    const Override& value = held.stored.value;
    const Status stored = parts_.store.removeOverride(
        value, {AuditAction::OverrideExpire, "agent", "its time was over",
                "no longer " + describe(value), toUnixMillis(parts_.time.wall())});
    if (isFirst) {
        announce(EventSeverity::Notice, held,
                 fmt::format("no longer {}: its time was over", describe(value)));
        if (!stored)
            log::error("override", "the end of the override of {} cannot be written yet: {}",
                       value.subject, stored.error().message);
    }
    return stored.isOk();
}

void OverrideBook::publish() {
    auto active = std::make_shared<ActiveOverrides>();
    for (const Held& held : held_) {
        if (!held.isOver)
            active->push_back({held.stored.value, held.until});
    }
    parts_.enforce(std::move(active));
}

void OverrideBook::announce(EventSeverity severity, const Held& held, std::string text) {
    Event event;
    event.kind = EventKind::Override;
    event.severity = severity;
    event.subject = held.stored.value.subject;
    event.text = std::move(text);
    event.detail = fmt::format("id={} author={} expiresMillis={}", held.stored.value.id,
                               held.stored.value.author, held.stored.value.expiresMillis);
    parts_.announce(std::move(event));
}

}  // namespace levee
