// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <string>
#include <vector>

#include "dashboard/client/override_calls.h"
#include "shared/base/time.h"
#include "shared/model/guard_state.h"

namespace levee {

class AgentSession;
class RuleDocument;
class SessionPool;
class TopologyStore;

/// One guard that a person holds, on one host.
struct HeldOverride {
    std::string host;
    Override value;
    MonotonicTime heardAt{};

    std::string key() const { return host + '\n' + value.subject; }
};

/// What a person is about to hold, as it stands in the dialog.
struct OverrideDraft {
    OverrideOrder order;             ///< author and replace are filled in by the desk
    std::vector<std::string> hosts;  ///< that have the guard and are asked
};

/// "forced open", "limit 20", "limit 20, 0.50 times what it was".
QString holdText(const Override& value);

/// What people hold by hand over the rules of all agents, as the agents tell it, and the way to
/// change it. The agents end each hold by themselves: to let one expire is to do nothing. GUI
/// thread only.
class OverrideDesk final : public QObject {
    Q_OBJECT
public:
    static constexpr int kDefaultMinutes = 30;
    static constexpr int kMostMinutes = 24 * 60;

    /// REQUIRES: all outlive this. `document` says who writes, and why nothing may be changed.
    OverrideDesk(SessionPool& pool, const TopologyStore& store, const RuleDocument& document,
                 QObject* parent = nullptr);

    /// The one that ends first, first.
    const std::vector<HeldOverride>& held() const { return held_; }
    /// Until it ends, by the agent's clock and the age of its word; never below 0.
    double secondsLeft(const HeldOverride& held) const;
    /// Null where nobody holds it.
    const HeldOverride* find(const std::string& host, const std::string& subject) const;
    /// Hosts on which a guard of this subject stands.
    std::vector<std::string> hostsOf(const std::string& subject) const;
    AgentSession* sessionOf(const std::string& host) const;

    /// Why nothing can be changed, or "".
    const QString& readOnlyReason() const;
    /// What stands against it, all of it; "" when nothing does.
    QString whyNotSet(const OverrideDraft& draft) const;
    QString whyNotExtend(int minutes, const QString& reason) const;

    /// Asks every host of the draft; one that holds the guard already is told to replace it.
    void set(OverrideDraft draft);
    void extend(const HeldOverride& held, int minutes, const QString& reason);
    void clear(const HeldOverride& held, const QString& reason);

signals:
    void changed();  ///< what is held, or how long still
    /// Every host has answered.
    void succeeded(const QString& message);
    /// Some host refused or could not be asked; what the others did is said too.
    void failed(const QString& message);

private:
    struct Round;

    void refresh();
    QString refusal() const;
    void finish(const Round& round);

    SessionPool& pool_;
    const TopologyStore& store_;
    const RuleDocument& document_;
    std::vector<HeldOverride> held_;
};

}  // namespace levee
