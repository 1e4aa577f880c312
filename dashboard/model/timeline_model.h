// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <string>

#include "dashboard/model/keyed_table_model.h"
#include "shared/model/event.h"

namespace levee {

class DecisionModel;
class NoteBook;
class RuleDocument;

/// The rows of the timeline, from top to bottom.
enum class TimelineLane { Guards, Rules, Changes, Notes };
constexpr int kTimelineLanes = 4;

/// One thing that happened, was decided, was put in force or was written down.
struct TimelineEntry {
    std::string id;  ///< unique and the same after an update
    std::int64_t millis = 0;
    TimelineLane lane = TimelineLane::Changes;
    EventSeverity severity = EventSeverity::Info;
    std::string subject;
    std::string text;
    std::string rule;
    std::string who;  ///< host of an event, author of a revision or a note
    std::string detail;
    std::string counterfactual;
    std::int64_t revision = 0;  ///< of what was put in force, else 0

    bool operator==(const TimelineEntry&) const = default;
};

TimelineLane laneOf(EventKind kind);

/// Events, decisions, rule revisions and notes in one table, newest first. A revision that an
/// event tells of is shown once. GUI thread only.
class TimelineModel final : public KeyedTableModel<TimelineEntry> {
    Q_OBJECT
public:
    enum Column { When, Lane, Severity, Subject, Text, Rule, Who, ColumnCount };

    /// REQUIRES: all three outlive the model.
    TimelineModel(const DecisionModel& decisions, const RuleDocument& document,
                  const NoteBook& notes, QObject* parent = nullptr);

    /// Null when there is none.
    const TimelineEntry* entry(const std::string& id) const;

    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void updated();

protected:
    bool isBefore(const TimelineEntry& a, const TimelineEntry& b) const override;
    bool isUnchanged(const TimelineEntry& a, const TimelineEntry& b) const override {
        return a == b;
    }
    QVariant cell(const TimelineEntry& row, int column, int role) const override;

private:
    void rebuild();

    const DecisionModel& decisions_;
    const RuleDocument& document_;
    const NoteBook& notes_;
    QTimer rebuild_;  ///< many events at once cost one rebuild
};

}  // namespace levee
