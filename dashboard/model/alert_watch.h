// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/time.h"
#include "shared/model/event.h"

namespace levee {

class TopologyStore;

/// What somebody must hear of who does not look at the window.
struct Alert {
    std::string subject;  ///< a service or an edge, or what else the event was about; "": several
    std::string host;
    std::string text;         ///< as the agent said it
    std::int64_t millis = 0;  ///< by the agent's clock
    int more = 0;             ///< that were held back with it
};

/// Picks out of the events what is worth a notification: a breaker that opens, whatever is
/// critical, an override that is about to end. Quiet about what is old, about what a person holds,
/// about a subject that was told of lately, and about more than a few at once. GUI thread only.
class AlertWatch final : public QObject {
    Q_OBJECT
public:
    static constexpr std::int64_t kOldMillis = 30'000;           ///< older events are history
    static constexpr Duration kQuiet = std::chrono::minutes(5);  ///< of one subject
    static constexpr int kMostAMinute = 4;  ///< the last of them tells that there are more
    static constexpr std::size_t kMostSubjects = 1'000;

    /// REQUIRES: both outlive this.
    AlertWatch(const TopologyStore& store, const TimeSource& time, QObject* parent = nullptr);

    /// `agentMillis`: what the clock of that agent shows now.
    void hear(const std::string& host, const std::vector<Event>& events, std::int64_t agentMillis);

    /// The newest that nobody has looked at, or null.
    const Alert* current() const { return current_ ? &*current_ : nullptr; }
    void dismiss();
    int heldBack() const { return heldBack_; }  ///< since the start: too many at once

signals:
    void raised(const levee::Alert& alert);
    void changed();  ///< current()

private:
    bool isWorthIt(const Event& event) const;
    bool isQuiet(const std::string& subject);
    void raise(Alert alert);

    const TopologyStore& store_;
    const TimeSource& time_;
    std::map<std::string, MonotonicTime> told_;  ///< when each subject had its last event
    std::vector<MonotonicTime> lately_;          ///< when alerts were raised, of the last minute
    std::optional<Alert> current_;
    int heldBack_ = 0;
};

}  // namespace levee
