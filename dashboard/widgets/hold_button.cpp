// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/hold_button.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

#include "dashboard/widgets/theme.h"

namespace levee {
namespace {
constexpr auto kFrame = std::chrono::milliseconds(33);
constexpr int kBar = 4;
}  // namespace

HoldButton::HoldButton(ThemeController& themes, const QString& text, QWidget* parent)
    : QPushButton(text, parent), themes_(themes) {
    connect(&timer_, &QTimer::timeout, this, &HoldButton::tick);
    connect(this, &QPushButton::pressed, this, &HoldButton::begin);
    connect(this, &QPushButton::released, this, &HoldButton::end);
}

QSize HoldButton::sizeHint() const {
    return QPushButton::sizeHint().expandedTo({96, 30});
}

void HoldButton::begin() {
    since_.start();
    timer_.start(kFrame);
}

void HoldButton::end() {
    timer_.stop();
    qApp->removeEventFilter(this);
    update();
}

void HoldButton::tick() {
    update();
    if (since_.elapsed() < hold_.count())
        return;
    end();
    if (isEnabled())
        emit held();
}

void HoldButton::holdByKey() {
    if (!isEnabled() || isHeld())
        return;
    qApp->installEventFilter(this);
    begin();
}

bool HoldButton::eventFilter(QObject*, QEvent* event) {
    const bool isReleased =
        event->type() == QEvent::KeyRelease && !static_cast<QKeyEvent*>(event)->isAutoRepeat();
    if (isReleased || event->type() == QEvent::ApplicationDeactivate)
        end();
    return false;
}

void HoldButton::keyPressEvent(QKeyEvent* event) {
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && !event->isAutoRepeat())
        holdByKey();
    else if (!isEnter)
        QPushButton::keyPressEvent(event);
}

void HoldButton::paintEvent(QPaintEvent* event) {
    QPushButton::paintEvent(event);
    if (!isHeld())
        return;
    const double share = std::clamp(static_cast<double>(since_.elapsed()) /
                                        static_cast<double>(std::max<qint64>(1, hold_.count())),
                                    0.0, 1.0);
    QPainter painter(this);
    painter.fillRect(QRectF(2, height() - kBar - 2, (width() - 4) * share, kBar),
                     themes_.theme().text);
}

}  // namespace levee
