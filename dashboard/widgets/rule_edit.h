// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <functional>
#include <memory>
#include <vector>

#include "shared/base/diagnostic.h"

namespace levee {

class ThemeController;

/// What may be typed next, and what it means.
struct EditWord {
    QString word;
    QString doc;
};

/// The rule editor: YAML colours from the theme, line numbers, folding, two-space indent, and the
/// validator's own messages as squiggles, margin marks, hover text and lines under the text.
/// Adapts QScintilla, which no header of ours names. GUI thread only.
class RuleEdit : public QWidget {
    Q_OBJECT
public:
    explicit RuleEdit(ThemeController& themes, QWidget* parent = nullptr);
    ~RuleEdit() override;

    QString text() const;
    /// Replaces the text and the undo history; does not emit textEdited.
    void setText(const QString& text);
    bool isReadOnly() const;
    void setReadOnly(bool readOnly);
    bool isModified() const;
    void setModified(bool modified);

    /// Replaces all marks. Lines count from 1 and columns count bytes, as Diagnostic says; a line
    /// of 0 or beyond the text is shown at the nearest line. At most 200 are marked.
    void setDiagnostics(const Diagnostics& diagnostics);
    /// Whether messages stand under their lines (default) or only in the hover text.
    void setAnnotationsVisible(bool visible);
    /// Moves the cursor and the view; both count from 1.
    void goTo(int line, int column);
    int cursorLine() const;  ///< from 1

    /// Asked after each key and with Ctrl+Space for what may stand at a place; both count from 1.
    /// The words begin with what is typed already.
    void setCompleter(std::function<std::vector<EditWord>(int line, int column)> completer);
    /// Asked for what a line means, for the hover text where no message stands.
    void setExplainer(std::function<QString(int line)> explainer);
    /// Shows what fits at the cursor, or nothing.
    void complete();
    bool isCompleting() const;

    QSize sizeHint() const override { return {560, 420}; }

signals:
    void textEdited();  ///< after a change by the person, not after setText
    void cursorMoved(int line, int column);

private:
    class Editor;
    std::unique_ptr<Editor> editor_;
};

}  // namespace levee
