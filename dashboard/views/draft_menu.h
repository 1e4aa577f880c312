// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>
#include <functional>

#include "dashboard/views/view_context.h"

namespace levee {

/// The drafts of rules that fit the selection, by symptom; of a service also those of the edges to
/// it. `use` gets the document of the chosen one. Replaces what the menu holds. GUI thread only.
void fillDraftMenu(QMenu& menu, const ViewContext& context,
                   const std::function<void(const QString& document)>& use);

/// Why a rule is drafted now, as a first proposal: the incident that is open, and the last thing
/// that went wrong with what is selected; "" when nothing is known.
QString draftReason(const ViewContext& context);

}  // namespace levee
