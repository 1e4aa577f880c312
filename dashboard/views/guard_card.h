// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "dashboard/client/fleet_view.h"
#include "dashboard/widgets/state_glyph.h"
#include "shared/model/guard_settings.h"

namespace levee {

class Meter;
class ThemeController;
class ThemedLabel;

/// What one guard does and why, in words and bars: breaker, limit, and what proves that it is
/// enforced. GUI thread only.
class GuardCard final : public QWidget {
    Q_OBJECT
public:
    explicit GuardCard(ThemeController& themes, QWidget* parent = nullptr);

    /// `withSubject`: names the edge or service in the head. `age`: seconds since its agent was
    /// heard; what is old says so, and counts nothing down. `settings`: what the rules in force set
    /// for it, where that is known.
    void setGuard(const FleetGuard& guard, bool withSubject, double age,
                  const std::optional<GuardSettings>& settings = std::nullopt);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showBreaker(const GuardState& guard);
    void showLimit(const GuardState& guard);

    ThemeController& themes_;
    VisualState state_ = VisualState::Unknown;
    ThemedLabel* title_;
    ThemedLabel* subject_;
    ThemedLabel* held_;
    Meter* toTrip_;
    Meter* failures_;
    Meter* slow_;
    Meter* inFlight_;
    ThemedLabel* limits_;
    ThemedLabel* settings_;
    ThemedLabel* proof_;
    ThemedLabel* rule_;
};

}  // namespace levee
