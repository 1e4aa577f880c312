// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QVariant>
#include <cstddef>
#include <utility>
#include <vector>

#include "dashboard/model/seen_rows.h"

namespace levee {

/// A table of rows in the order of a key. setRows() tells the views the least that is true (these
/// rows went, these came, these changed), so that selections and scroll places survive each
/// second's update. Subclasses say how rows compare and what a cell holds. GUI thread only.
template <typename Row>
class KeyedTableModel : public QAbstractTableModel, public SeenRows {
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const final {
        return parent.isValid() ? 0 : static_cast<int>(rows_.size());
    }
    const std::vector<Row>& rows() const { return rows_; }
    const Row& row(int index) const { return rows_.at(static_cast<std::size_t>(index)); }

    QVariant data(const QModelIndex& index, int role) const final {
        if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
            return {};
        return cell(row(index.row()), index.column(), role);
    }

protected:
    virtual bool isBefore(const Row& a, const Row& b) const = 0;
    virtual bool isUnchanged(const Row& a, const Row& b) const = 0;
    virtual QVariant cell(const Row& row, int column, int role) const = 0;

    /// REQUIRES: `next` sorted by isBefore, without equal keys.
    void setRows(std::vector<Row> next) {
        removeMissing(next);
        insertNew(next);
        updateChanged(std::move(next));
    }
    /// Ages moved on: every cell may look different though no value changed.
    void touchAll(const QList<int>& roles) {
        if (!rows_.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), roles);
    }

private:
    bool isSameKey(const Row& a, const Row& b) const { return !isBefore(a, b) && !isBefore(b, a); }

    /// From the back, in runs, so that indexes in front stay right.
    void removeMissing(const std::vector<Row>& next) {
        auto wanted = static_cast<std::ptrdiff_t>(next.size()) - 1;
        auto last = static_cast<std::ptrdiff_t>(rows_.size()) - 1;
        while (last >= 0) {
            auto first = last + 1;
            while (first > 0 && isMissing(rows_[static_cast<std::size_t>(first - 1)], next, wanted))
                --first;
            if (first <= last) {
                beginRemoveRows({}, static_cast<int>(first), static_cast<int>(last));
                rows_.erase(rows_.begin() + first, rows_.begin() + last + 1);
                endRemoveRows();
            }
            last = first - 2;  // the row before the run is wanted
        }
    }
    bool isMissing(const Row& row, const std::vector<Row>& next, std::ptrdiff_t& wanted) const {
        while (wanted >= 0 && isBefore(row, next[static_cast<std::size_t>(wanted)]))
            --wanted;
        return wanted < 0 || !isSameKey(row, next[static_cast<std::size_t>(wanted)]);
    }

    void insertNew(const std::vector<Row>& next) {
        for (std::size_t i = 0; i < next.size(); ++i) {
            if (i < rows_.size() && isSameKey(rows_[i], next[i]))
                continue;
            std::size_t end = i + 1;
            while (end < next.size() && (i >= rows_.size() || isBefore(next[end], rows_[i])))
                ++end;
            beginInsertRows({}, static_cast<int>(i), static_cast<int>(end) - 1);
            rows_.insert(rows_.begin() + static_cast<std::ptrdiff_t>(i),
                         next.begin() + static_cast<std::ptrdiff_t>(i),
                         next.begin() + static_cast<std::ptrdiff_t>(end));
            endInsertRows();
            i = end - 1;
        }
    }

    void updateChanged(std::vector<Row> next) {
        std::vector<std::pair<int, int>> runs;
        for (std::size_t i = 0; i < next.size(); ++i) {
            if (isUnchanged(rows_[i], next[i]))
                continue;
            const int at = static_cast<int>(i);
            if (!runs.empty() && runs.back().second == at - 1)
                runs.back().second = at;
            else
                runs.emplace_back(at, at);
        }
        rows_ = std::move(next);
        for (const auto& [first, last] : runs)
            emit dataChanged(index(first, 0), index(last, columnCount() - 1));
    }

    std::vector<Row> rows_;
};

}  // namespace levee
