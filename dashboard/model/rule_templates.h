// SPDX-License-Identifier: GPL-3.0-or-later
// Drafts of rules by symptom, filled in with what was measured. Pure functions of the picture.
#pragma once

#include <QString>
#include <vector>

#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"

namespace levee {

struct RuleTemplate {
    QString symptom;  ///< translated: "Too many requests: cap how many it works on at once"
    QString text;     ///< one rule document, with a comment that says where the numbers come from
};

/// Those that fit a service or an edge; none for no selection. An edge's callers and callee are
/// named, numbers that were not measured are the language's defaults.
std::vector<RuleTemplate> ruleTemplates(const TopologyStore& store, const Selection& selection);

/// `rules` with one more document at its end.
QString withDocument(const QString& rules, const QString& document);

}  // namespace levee
