// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <deque>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "shared/model/event.h"

namespace levee {

/// What was decided and what changed, newest first. Keeps the newest kCapacity events; an event
/// that is replayed after a reconnect is shown once. GUI thread only.
class DecisionModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr std::size_t kCapacity = 2'000;
    enum Column { When, Severity, Subject, Text, Rule, Host, ColumnCount };
    struct Row {
        std::string host;
        Event event;
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// In the order in which they happened.
    void add(const std::string& host, const std::vector<Event>& events);
    const Row& row(int index) const { return rows_.at(static_cast<std::size_t>(index)); }
    /// The events about this subject since `fromMillis`, oldest first: marks for charts. A service
    /// is also told of the edges that lead to it.
    std::vector<Event> about(const std::string& subject, std::int64_t fromMillis) const;

    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(rows_.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : ColumnCount;
    }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    using Key = std::tuple<std::string, std::int64_t, std::int64_t>;  // host, millis, id
    static Key keyOf(const Row& row) { return {row.host, row.event.millis, row.event.id}; }

    std::deque<Row> rows_;  // newest first
    std::set<Key> known_;
};

}  // namespace levee
