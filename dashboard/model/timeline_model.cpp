// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/timeline_model.h"

#include <QStringList>
#include <algorithm>
#include <set>
#include <tuple>

#include "dashboard/model/cell_values.h"
#include "dashboard/model/decision_model.h"
#include "dashboard/model/note_book.h"
#include "dashboard/model/rule_document.h"

namespace levee {
namespace {

TimelineEntry entryOf(const DecisionModel::Row& row) {
    const Event& event = row.event;
    const std::int64_t revision = event.kind == EventKind::Rule ? event.revision : 0;
    return {row.host + '#' + std::to_string(event.millis) + '#' + std::to_string(event.id),
            event.millis,
            laneOf(event.kind),
            event.severity,
            event.subject,
            event.text,
            event.rule,
            row.host,
            event.detail,
            event.counterfactual,
            revision};
}

TimelineEntry entryOf(const RuleRevision& revision) {
    const QString text = TimelineModel::tr("revision %1: %2")
                             .arg(QString::number(revision.revision), toText(revision.reason));
    return {"revision#" + std::to_string(revision.revision),
            revision.millis,
            TimelineLane::Rules,
            EventSeverity::Notice,
            {},
            text.toStdString(),
            {},
            revision.author,
            {},
            {},
            revision.revision};
}

TimelineEntry entryOf(const Note& note, std::size_t index) {
    return {"note#" + std::to_string(note.millis) + '#' + std::to_string(index),
            note.millis,
            TimelineLane::Notes,
            EventSeverity::Info,
            note.subject,
            note.text,
            {},
            note.author,
            {},
            {},
            0};
}

}  // namespace

TimelineLane laneOf(EventKind kind) {
    switch (kind) {
        case EventKind::Breaker:
        case EventKind::Limit:
        case EventKind::Ejection:
            return TimelineLane::Guards;
        case EventKind::Rule:
        case EventKind::Override:
        case EventKind::Automation:
            return TimelineLane::Rules;
        case EventKind::Target:
        case EventKind::Gateway:
        case EventKind::Agent:
        case EventKind::Topology:
            break;
    }
    return TimelineLane::Changes;
}

TimelineModel::TimelineModel(const DecisionModel& decisions, const RuleDocument& document,
                             const NoteBook& notes, QObject* parent)
    : KeyedTableModel(parent), decisions_(decisions), document_(document), notes_(notes) {
    rebuild_.setSingleShot(true);
    connect(&rebuild_, &QTimer::timeout, this, &TimelineModel::rebuild);
    const auto ask = [this] {
        if (!rebuild_.isActive())
            rebuild_.start(0);
    };
    connect(&decisions, &QAbstractItemModel::rowsInserted, this, ask);
    connect(&document, &RuleDocument::revisionsChanged, this, ask);
    connect(&notes, &NoteBook::changed, this, ask);
    rebuild();
}

void TimelineModel::rebuild() {
    std::vector<TimelineEntry> entries;
    std::set<std::int64_t> told;  // revisions
    for (int i = 0; i < decisions_.rowCount(); ++i) {
        entries.push_back(entryOf(decisions_.row(i)));
        if (entries.back().revision > 0)
            told.insert(entries.back().revision);
    }
    for (const RuleRevision& revision : document_.revisions())
        if (!told.contains(revision.revision))
            entries.push_back(entryOf(revision));
    for (std::size_t i = 0; i < notes_.notes().size(); ++i)
        entries.push_back(entryOf(notes_.notes()[i], i));
    const auto newestFirst = [this](const TimelineEntry& a, const TimelineEntry& b) {
        return isBefore(a, b);
    };
    std::ranges::sort(entries, newestFirst);
    const auto twice = std::ranges::unique(entries, {}, &TimelineEntry::id);
    entries.erase(twice.begin(), twice.end());
    setRows(std::move(entries));
    emit updated();
}

const TimelineEntry* TimelineModel::entry(const std::string& id) const {
    const auto found = std::ranges::find(rows(), id, &TimelineEntry::id);
    return found == rows().end() ? nullptr : &*found;
}

bool TimelineModel::isBefore(const TimelineEntry& a, const TimelineEntry& b) const {
    return std::tie(b.millis, b.id) < std::tie(a.millis, a.id);
}

QVariant TimelineModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return QStringList{tr("Time"),          tr("Of"),   tr("Level"), tr("Subject"),
                       tr("What happened"), tr("Rule"), tr("From")}
        .at(section);
}

QVariant TimelineModel::cell(const TimelineEntry& row, int column, int role) const {
    switch (role) {
        case SubjectRole:
            return toText(row.subject);
        case SeverityRole:
            return static_cast<int>(row.severity);
        case DetailRole:
            return toText(row.detail);
        case KeyRole:
            return toText(row.id);
        default:
            break;
    }
    switch (column) {
        case When:
            return cellOf(static_cast<qlonglong>(row.millis), ValueKind::Clock, role);
        case Lane:
            return cellOf(static_cast<int>(row.lane), ValueKind::Lane, role);
        case Severity:
            return cellOf(static_cast<int>(row.severity), ValueKind::Severity, role);
        case Subject:
            return cellOf(toText(row.subject), ValueKind::Subject, role);
        case Text:
            return cellOf(toText(row.text), ValueKind::Text, role);
        case Rule:
            return cellOf(toText(row.rule), ValueKind::Text, role);
        default:
            return cellOf(toText(row.who), ValueKind::Text, role);
    }
}

}  // namespace levee
