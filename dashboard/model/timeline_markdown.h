// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "dashboard/model/timeline_model.h"

namespace levee {

/// The entries as a Markdown table in the order given, times in UTC and local. Text from outside is
/// escaped: a name cannot end a cell, begin a tag or a link.
QString timelineMarkdown(const std::vector<TimelineEntry>& entries);
/// Of one cell or line.
QString markdownEscaped(const std::string& text);

}  // namespace levee
