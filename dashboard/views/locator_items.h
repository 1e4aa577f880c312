// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>
#include <vector>

#include "dashboard/actions/verbs.h"
#include "dashboard/views/attention_list.h"
#include "dashboard/views/view_context.h"

namespace levee {

/// A place to go to, or a thing to do.
struct LocatorItem {
    AttentionItem line;
    std::function<void()> run;
    QString completion;  ///< not "": what Tab puts into the field
};

/// What fits `query`, best first, at most kMostLocated. A first letter and a space restrict it:
/// "s " services, "h " hosts, "r " rules, "p " pages, "v " saved views, "> " commands. A colon in
/// front: verbs, of which none runs before Enter; the line is then passed to `runVerb`.
std::vector<LocatorItem> locate(const ViewContext& context, const Verbs& verbs,
                                const QString& query,
                                const std::function<void(const QString& line)>& runVerb);

constexpr std::size_t kMostLocated = 50;

}  // namespace levee
