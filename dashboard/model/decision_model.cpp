// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/decision_model.h"

#include <QStringList>
#include <algorithm>

#include "dashboard/model/cell_values.h"

namespace levee {

void DecisionModel::add(const std::string& host, const std::vector<Event>& events) {
    std::vector<Row> fresh;
    for (const Event& event : events) {
        Row row{host, event};
        if (known_.insert(keyOf(row)).second)
            fresh.push_back(std::move(row));
    }
    if (fresh.size() > kCapacity) {
        const auto excess = fresh.end() - static_cast<std::ptrdiff_t>(kCapacity);
        for (auto it = fresh.begin(); it != excess; ++it)
            known_.erase(keyOf(*it));
        fresh.erase(fresh.begin(), excess);
    }
    if (fresh.empty())
        return;
    beginInsertRows({}, 0, static_cast<int>(fresh.size()) - 1);
    for (Row& row : fresh)
        rows_.push_front(std::move(row));
    endInsertRows();
    if (rows_.size() <= kCapacity)
        return;
    beginRemoveRows({}, static_cast<int>(kCapacity), static_cast<int>(rows_.size()) - 1);
    while (rows_.size() > kCapacity) {
        known_.erase(keyOf(rows_.back()));
        rows_.pop_back();
    }
    endRemoveRows();
}

std::vector<Event> DecisionModel::about(const std::string& subject, std::int64_t fromMillis) const {
    std::vector<Event> found;
    for (auto it = rows_.rbegin(); it != rows_.rend(); ++it) {
        const Event& event = it->event;
        const bool isAbout = event.subject == subject || event.subject.ends_with("->" + subject);
        if (event.millis >= fromMillis && isAbout)
            found.push_back(event);
    }
    return found;
}

QVariant DecisionModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount ||
        role != Qt::DisplayRole)
        return role == Qt::TextAlignmentRole ? QVariant(int(Qt::AlignLeft | Qt::AlignVCenter))
                                             : QVariant();
    const QStringList names = {tr("Time"),          tr("Level"), tr("Subject"),
                               tr("What happened"), tr("Rule"),  tr("Host")};
    return names.at(section);
}

QVariant DecisionModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row& entry = row(index.row());
    const Event& event = entry.event;
    switch (role) {
        case SubjectRole:
            return toText(event.subject);
        case SeverityRole:
            return static_cast<int>(event.severity);
        case DetailRole:
            return toText(event.detail);
        default:
            break;
    }
    switch (index.column()) {
        case When:
            return cellOf(static_cast<qlonglong>(event.millis), ValueKind::Clock, role);
        case Severity:
            return cellOf(static_cast<int>(event.severity), ValueKind::Severity, role);
        case Subject:
            return cellOf(toText(event.subject), ValueKind::Subject, role);
        case Text:
            return cellOf(toText(event.text), ValueKind::Text, role);
        case Rule:
            return cellOf(toText(event.rule), ValueKind::Text, role);
        default:
            return cellOf(toText(entry.host), ValueKind::Text, role);
    }
}

}  // namespace levee
