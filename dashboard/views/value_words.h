// SPDX-License-Identifier: GPL-3.0-or-later
// Words and shapes for what state_glyph.h does not name: events, proofs, advice.
#pragma once

#include <QString>

#include "dashboard/model/freshness.h"
#include "dashboard/model/timeline_model.h"
#include "dashboard/widgets/state_glyph.h"
#include "shared/model/advice.h"
#include "shared/model/event.h"
#include "shared/model/guard_state.h"

namespace levee {

VisualState visualState(EventSeverity severity);
QString wordOf(EventSeverity severity);  ///< "info", "notice", "warning", "critical"

VisualState visualState(Enforcement enforcement);
QString wordOf(Enforcement enforcement);  ///< "enforcing", "refused", ...

QString wordOf(Confidence confidence);
QString wordOf(GuardMode mode);

VisualState visualState(DataAge reach);
QString wordOf(DataAge reach);      ///< "live", "late", "lost", "not heard"
QString wordOf(TimelineLane lane);  ///< "guards", "rules", "changes", "notes"

/// From outside (UTF-8, perhaps broken) to what may be drawn.
QString plainText(const std::string& text, int limit = 256);

}  // namespace levee
