// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/find_box.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStringListModel>
#include <algorithm>

#include "dashboard/views/themed_label.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kNoteWidth = 96;
constexpr int kErrorWidth = 330;
}  // namespace

FindBox::FindBox(ThemeController& themes, const QString& caption, const QString& example,
                 QWidget* parent)
    : QWidget(parent) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    edit_ = new QLineEdit;
    edit_->setPlaceholderText(QStringLiteral("%1: %2").arg(caption, example));
    edit_->setAccessibleName(caption);
    edit_->setClearButtonEnabled(true);
    edit_->setMaxLength(MapQuery::kMostCharacters);
    edit_->installEventFilter(this);
    note_ = new ThemedLabel(themes, TextTone::Dim);
    note_->setVisible(false);
    row->addWidget(edit_, 1);
    row->addWidget(note_);
    words_ = new QStringListModel(this);
    completer_ = new QCompleter(words_, this);
    completer_->setWidget(edit_);
    completer_->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    completer_->popup()->installEventFilter(this);
    connect(completer_, qOverload<const QString&>(&QCompleter::activated), this, &FindBox::take);
    connect(edit_, &QLineEdit::textChanged, this, &FindBox::check);
    connect(edit_, &QLineEdit::textEdited, this, &FindBox::offer);
    connect(edit_, &QLineEdit::returnPressed, this, [this] { emit stepRequested(true); });
}

QString FindBox::text() const {
    return edit_->text();
}

void FindBox::setText(const QString& text) {
    edit_->setText(text);
}

void FindBox::check() {
    const MapQuery::Parsed parsed = MapQuery::parse(edit_->text());
    error_ = parsed.error;
    count_.clear();
    showNote();
    if (!error_)
        emit queryChanged(parsed.query);
}

void FindBox::setCount(std::size_t matched, std::size_t known) {
    count_ = edit_->text().trimmed().isEmpty() ? QString() : tr("%1 of %2").arg(matched).arg(known);
    showNote();
}

void FindBox::showNote() {
    QString text;
    if (error_) {
        const QString at = edit_->text().mid(error_->position, std::max(1, error_->length));
        text = at.isEmpty() ? QStringLiteral("✖ ") + error_->text
                            : QStringLiteral("✖ %1: %2").arg(plainLine(at, 20), error_->text);
    } else if (!count_.isEmpty()) {
        text = QStringLiteral("✔ ") + count_;
    }
    note_->setText(text);
    note_->setFixedWidth(error_ ? kErrorWidth : kNoteWidth);
    note_->setVisible(!text.isEmpty());
    edit_->setAccessibleDescription(text);
}

void FindBox::offer() {
    const QueryCompletion completion =
        completeQuery(edit_->text(), edit_->cursorPosition(), vocabulary_());
    completeFrom_ = completion.from;
    words_->setStringList(completion.words);
    if (completion.words.isEmpty() || edit_->text().isEmpty())
        return completer_->popup()->hide();
    completer_->complete();
}

void FindBox::take(const QString& word) {
    const bool needsQuotes = word.contains(QLatin1Char(' ')) || word.contains(QLatin1Char(':'));
    const QString taken = needsQuotes ? QLatin1Char('"') + word + QLatin1Char('"') : word;
    const QString text = edit_->text();
    edit_->setText(text.left(completeFrom_) + taken + text.mid(edit_->cursorPosition()));
    edit_->setCursorPosition(completeFrom_ + int(taken.size()));
}

bool FindBox::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    auto* key = static_cast<QKeyEvent*>(event);
    QAbstractItemView* popup = completer_->popup();
    const bool isOpen = popup->isVisible();
    if (isOpen && key->key() == Qt::Key_Tab) {
        const QModelIndex chosen = popup->currentIndex();
        take(chosen.isValid() ? chosen.data().toString() : words_->stringList().value(0));
        popup->hide();
        return true;
    }
    if (isOpen || watched != edit_)
        return QWidget::eventFilter(watched, event);
    if (key->key() == Qt::Key_Down) {
        offer();
        return true;
    }
    if (key->key() == Qt::Key_Escape) {
        if (edit_->text().isEmpty())
            emit left();
        else
            edit_->clear();
        return true;
    }
    if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) &&
        (key->modifiers() & Qt::ShiftModifier)) {
        emit stepRequested(false);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace levee
