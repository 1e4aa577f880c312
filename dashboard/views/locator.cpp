// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/locator.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/views/themed_label.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr int kWidth = 620;
constexpr int kTop = 64;
constexpr int kMargin = 10;
constexpr int kListHeight = 8 * 26 + 2;
}  // namespace

Locator::Locator(const ViewContext& context, const Verbs& verbs, QWidget* parent)
    : QWidget(parent),
      context_(context),
      verbs_(verbs),
      field_(new QLineEdit),
      list_(new AttentionList(context.themes)),
      hint_(new ThemedLabel(context.themes, TextTone::Dim)) {
    hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    layout->setSpacing(6);
    field_->setMinimumHeight(32);
    field_->setAccessibleName(tr("Go to, or command"));
    field_->setPlaceholderText(tr("Service, host, rule, page or command"));
    field_->installEventFilter(this);
    list_->setFixedHeight(kListHeight);
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setAccessibleName(tr("What fits"));
    list_->setEmptyText(tr("Nothing fits."));
    layout->addWidget(field_);
    layout->addWidget(list_);
    layout->addWidget(hint_);
    parent->installEventFilter(this);
    connect(field_, &QLineEdit::textEdited, this, &Locator::search);
    connect(list_, &AttentionList::subjectChosen, this, [this](const QString& subject) {
        chosen_ = subject.toInt();
        go();
    });
}

void Locator::open(const QString& text) {
    if (!isVisible())
        before_ = QApplication::focusWidget();
    place();
    show();
    raise();
    field_->setText(text);
    field_->setFocus();
    search();
}

void Locator::place() {
    const int width = std::min(kWidth, parentWidget()->width() - 2 * kMargin);
    setGeometry((parentWidget()->width() - width) / 2, kTop, width, sizeHint().height());
}

void Locator::search() {
    items_ = locate(context_, verbs_, field_->text(), [this](const QString& line) {
        // What is wrong stays in sight; what went well closes the field.
        const QString wrong = verbs_.run(line);
        if (wrong.isEmpty()) {
            close();
            return;
        }
        open(QLatin1Char(':') + line);
        hint_->setText(glyphOf(VisualState::Failing) + QLatin1Char(' ') + wrong);
    });
    std::vector<AttentionItem> lines;
    for (const LocatorItem& item : items_)
        lines.push_back(item.line);
    chosen_ = 0;
    list_->setItems(std::move(lines));
    step(0);
    hint_->setText(tr(
        "s service · h host · r rule · p page · v view · > command, each with a space · : verb"));
}

void Locator::step(int by) {
    if (items_.empty())
        return;
    chosen_ = std::clamp(chosen_ + by, 0, static_cast<int>(items_.size()) - 1);
    list_->showSubject(QString::number(chosen_));
    setAccessibleDescription(items_[static_cast<std::size_t>(chosen_)].line.title);
}

void Locator::go() {
    if (items_.empty() || chosen_ >= static_cast<int>(items_.size()))
        return;
    const LocatorItem item = items_[static_cast<std::size_t>(chosen_)];
    if (item.completion.isEmpty()) {
        close();
        item.run();
        return;
    }
    // A verb that was not typed out yet and takes an argument is completed first.
    const QString typed = field_->text().trimmed();
    const bool isTyped = typed == item.completion.trimmed() || typed.contains(QLatin1Char(' '));
    if (!isTyped && item.completion.endsWith(QLatin1Char(' ')))
        open(item.completion);
    else
        item.run();
}

void Locator::close() {
    if (!isVisible())
        return;
    hide();
    const auto widgets = parentWidget()->findChildren<QWidget*>();
    if (before_ && widgets.contains(before_))
        before_->setFocus();
    else
        parentWidget()->setFocus();
}

bool Locator::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parentWidget()) {
        if (event->type() == QEvent::Resize && isVisible())
            place();
        return false;
    }
    if (event->type() == QEvent::FocusOut && isVisible()) {
        const auto reason = static_cast<QFocusEvent*>(event)->reason();
        if (reason == Qt::MouseFocusReason || reason == Qt::OtherFocusReason)
            hide();
        return false;
    }
    if (event->type() == QEvent::ShortcutOverride) {
        // Every key is the field's while it is open.
        event->accept();
        return true;
    }
    if (event->type() != QEvent::KeyPress)
        return false;
    switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Escape:
            close();
            return true;
        case Qt::Key_Up:
            step(-1);
            return true;
        case Qt::Key_Down:
            step(1);
            return true;
        case Qt::Key_PageUp:
            step(-8);
            return true;
        case Qt::Key_PageDown:
            step(8);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            go();
            return true;
        case Qt::Key_Tab:
            if (chosen_ < static_cast<int>(items_.size()) &&
                !items_[static_cast<std::size_t>(chosen_)].completion.isEmpty())
                open(items_[static_cast<std::size_t>(chosen_)].completion);
            return true;
        default:
            return false;
    }
}

void Locator::paintEvent(QPaintEvent*) {
    const Theme& theme = context_.themes.theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.accent, 1.5));
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
}

}  // namespace levee
