// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/view_context.h"

class QLineEdit;
class QToolButton;

namespace levee {

class DataTable;
class Section;
class ThemedLabel;
class TimelineBand;
struct TimelineEntry;

/// Events, decisions, rule revisions and notes over time, and as a table with the inputs of the
/// chosen one; notes are written here. GUI thread only.
class TimelinePage final : public QWidget {
    Q_OBJECT
public:
    explicit TimelinePage(const ViewContext& context, QWidget* parent = nullptr);

    /// The open incident with its whole record; else what is in sight as a table, oldest first.
    QString markdown() const;

private:
    QLayout* buildHead();
    QWidget* buildTable();
    QWidget* buildDetail();
    void bind();
    void refresh();
    void refreshBand();
    void showChosen();
    void addNote();
    void write(const std::string& subject, const QString& text);
    void takeCommand();
    void closeIncident();
    void exportMarkdown();
    std::int64_t fromMillis() const;
    bool isInSight(const TimelineEntry& entry) const;

    ViewContext context_;
    ThemedLabel* subtitle_ = nullptr;
    QLineEdit* filter_ = nullptr;
    QToolButton* onlySelected_ = nullptr;
    TimelineBand* band_ = nullptr;
    DataTable* table_ = nullptr;
    ThemedLabel* what_ = nullptr;
    ThemedLabel* inputs_ = nullptr;
    ThemedLabel* otherwise_ = nullptr;
    QLineEdit* note_ = nullptr;
    ThemedLabel* noteHint_ = nullptr;
};

}  // namespace levee
