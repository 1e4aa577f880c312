// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <functional>
#include <optional>
#include <utility>

#include "dashboard/model/map_query.h"

class QCompleter;
class QLineEdit;
class QStringListModel;

namespace levee {

class ThemeController;
class ThemedLabel;

/// A line for an expression of map_query.h: checked while it is typed, completed with Tab, with the
/// number of what it matches beside it, or what is wrong with it and where. A wrong expression
/// changes nothing. GUI thread only.
class FindBox final : public QWidget {
    Q_OBJECT
public:
    FindBox(ThemeController& themes, const QString& caption, const QString& example,
            QWidget* parent = nullptr);

    QLineEdit& edit() { return *edit_; }
    QString text() const;
    void setText(const QString& text);
    /// Asked each time when words are offered.
    void setVocabulary(std::function<QueryVocabulary()> vocabulary) {
        vocabulary_ = std::move(vocabulary);
    }
    /// Shown while the expression is right and not empty: "7 of 143".
    void setCount(std::size_t matched, std::size_t known);
    bool hasError() const { return error_.has_value(); }

signals:
    void queryChanged(const levee::MapQuery& query);
    void stepRequested(bool forward);  ///< Enter or Shift+Enter: to the next match
    void left();                       ///< Escape in an empty line

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void check();
    void offer();
    void take(const QString& word);
    void showNote();

    QLineEdit* edit_;
    ThemedLabel* note_;
    QCompleter* completer_;
    QStringListModel* words_;
    std::function<QueryVocabulary()> vocabulary_ = [] { return QueryVocabulary(); };
    std::optional<QueryError> error_;
    QString count_;
    int completeFrom_ = 0;
};

}  // namespace levee
