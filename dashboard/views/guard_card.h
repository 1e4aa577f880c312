// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/client/fleet_view.h"
#include "dashboard/widgets/state_glyph.h"

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
    /// heard; what is old says so, and counts nothing down.
    void setGuard(const FleetGuard& guard, bool withSubject, double age);

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
    ThemedLabel* proof_;
    ThemedLabel* rule_;
};

}  // namespace levee
