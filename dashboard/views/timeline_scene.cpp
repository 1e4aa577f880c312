// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/timeline_scene.h"

#include <QCoreApplication>
#include <algorithm>

#include "dashboard/views/scene_builder.h"
#include "dashboard/views/value_words.h"

namespace levee {
namespace {

constexpr int kMarkText = 160;

QString textOf(const TimelineEntry& entry) {
    const QString text = plainText(entry.text, kMarkText);
    return entry.subject.empty() ? text
                                 : readableSubject(entry.subject) + QStringLiteral(": ") + text;
}

VisualState stateOf(const TimelineEntry& entry) {
    if (entry.lane == TimelineLane::Rules && entry.severity <= EventSeverity::Notice)
        return VisualState::Throttled;
    return visualState(entry.severity);
}

}  // namespace

std::vector<TimelineMark> buildTimelineMarks(const TimelineModel& model, const TimelineState& state,
                                             const std::string& selected) {
    std::vector<TimelineMark> marks;
    for (const TimelineEntry& entry : model.rows()) {
        if (!state.accepts(entry))
            continue;
        const bool isQuiet = !selected.empty() && !isAbout(entry.subject, selected);
        marks.push_back({entry.id, entry.millis, static_cast<int>(entry.lane), stateOf(entry),
                         textOf(entry), isQuiet});
    }
    return marks;
}

std::vector<TimelineSpan> buildRuleSpans(const std::vector<RuleRevision>& revisions) {
    std::vector<const RuleRevision*> order;
    for (const RuleRevision& revision : revisions)
        order.push_back(&revision);
    std::ranges::sort(order, {}, [](const RuleRevision* each) { return each->revision; });
    std::vector<TimelineSpan> spans;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const RuleRevision& revision = *order[i];
        const QString text =
            QCoreApplication::translate("levee::TimelineScene", "revision %1, %2")
                .arg(QString::number(revision.revision), plainText(revision.reason, kMarkText));
        spans.push_back({revision.millis, i + 1 < order.size() ? order[i + 1]->millis : 0,
                         static_cast<int>(TimelineLane::Rules), text});
    }
    return spans;
}

std::vector<TimelineLevel> buildLevels(const HealthHistory& history) {
    std::vector<TimelineLevel> levels;
    levels.reserve(history.samples().size());
    for (const HealthSample& sample : history.samples()) {
        const double all = std::max(1, sample.services);
        levels.push_back({sample.millis, sample.degraded / all, sample.failing / all});
    }
    return levels;
}

}  // namespace levee
