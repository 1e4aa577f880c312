// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>
#include <functional>
#include <vector>

namespace levee {

class ThemeController;

/// One column of a table: 0 wide: hidden; negative: takes what is left.
struct TableColumn {
    int column = 0;
    int width = 0;
};

/// A quiet table over one of our models: sortable, whole rows, plain text, and words where it would
/// be empty. Out of sight the model does not follow the news. GUI thread only.
class DataTable final : public QTableView {
    Q_OBJECT
public:
    enum class Sorting { ByHeader, AsModel };

    /// REQUIRES: `model` outlives the table.
    DataTable(ThemeController& themes, QAbstractItemModel& model,
              const std::vector<TableColumn>& columns, Sorting sorting = Sorting::ByHeader,
              QWidget* parent = nullptr);

    void setEmptyText(const QString& text);
    void setRowHeight(int pixels);
    /// Selects the row of this subject without telling; clears when there is none.
    void showSubject(const QString& subject);
    /// Only the source rows that pass are shown; call again when what it depends on has changed.
    void setRowFilter(std::function<bool(int sourceRow)> accepts);
    /// As showSubject, by the row's KeyRole, and scrolls to it.
    void showKey(const QString& key);
    QModelIndex sourceIndex() const;  ///< current row in the source model

signals:
    void subjectChosen(const QString& subject);     ///< by a click or the cursor
    void subjectActivated(const QString& subject);  ///< by Enter or a double click
    void rowChosen(int sourceRow);

protected:
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    class Rows;

    void select(int role, const QString& value);

    ThemeController& themes_;
    Rows* rows_;
    QString emptyText_;
    bool isSilent_ = false;
    int shownRole_ = 0;  ///< what select() was asked for last
    QString shown_;
};

}  // namespace levee
