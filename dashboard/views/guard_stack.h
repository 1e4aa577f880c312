// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVBoxLayout>
#include <QWidget>
#include <vector>

#include "dashboard/client/fleet_view.h"

namespace levee {

class GuardCard;
class RuleDocument;
class TopologyStore;
class ThemeController;
class ThemedLabel;

/// Several guard cards below each other, reused from second to second. GUI thread only.
class GuardStack final : public QWidget {
    Q_OBJECT
public:
    /// `document`: knows what the rules in force set; outlives this.
    GuardStack(ThemeController& themes, const RuleDocument& document, QWidget* parent = nullptr);

    /// At most kMost are shown; a line says how many more there are.
    void setGuards(const TopologyStore& store, const std::vector<const FleetGuard*>& guards,
                   bool withSubject);

private:
    static constexpr std::size_t kMost = 8;

    ThemeController& themes_;
    const RuleDocument& document_;
    QVBoxLayout* layout_;
    std::vector<GuardCard*> cards_;
    ThemedLabel* note_;
};

}  // namespace levee
