// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/timeline_state.h"

#include <algorithm>

#include "dashboard/model/cell_values.h"
#include "dashboard/model/selection_state.h"

namespace levee {

bool isAbout(const std::string& eventSubject, const std::string& subject) {
    if (eventSubject == subject)
        return true;
    const Selection told = Selection::ofSubject(eventSubject);
    return told.kind == Selection::Kind::Edge && (told.client == subject || told.server == subject);
}

void TimelineState::setMinutes(int minutes) {
    if (minutes == minutes_)
        return;
    minutes_ = minutes;
    emit rangeChanged();
}

void TimelineState::setShown(TimelineLane lane, bool shown) {
    bool& now = lanes_[static_cast<std::size_t>(lane)];
    if (now == shown)
        return;
    now = shown;
    emit filterChanged();
}

void TimelineState::setFilter(const QString& words) {
    if (words == filter_)
        return;
    filter_ = words;
    emit filterChanged();
}

void TimelineState::setOnlyAbout(std::string subject) {
    if (subject == onlyAbout_)
        return;
    onlyAbout_ = std::move(subject);
    emit filterChanged();
}

void TimelineState::choose(std::string id) {
    if (id == chosen_)
        return;
    chosen_ = std::move(id);
    emit chosenChanged();
}

bool TimelineState::accepts(const TimelineEntry& entry) const {
    if (!isShown(entry.lane))
        return false;
    if (!onlyAbout_.empty() && !isAbout(entry.subject, onlyAbout_))
        return false;
    const QStringList words = filter_.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::ranges::all_of(words, [&](const QString& word) {
        const auto holds = [&](const std::string& text) {
            return toText(text).contains(word, Qt::CaseInsensitive);
        };
        return holds(entry.text) || holds(entry.subject) || holds(entry.rule) || holds(entry.who);
    });
}

}  // namespace levee
