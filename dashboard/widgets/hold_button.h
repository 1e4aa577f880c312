// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QPushButton>
#include <QTimer>
#include <chrono>

namespace levee {

class ThemeController;

/// A button that acts after it was held down for a while, by the pointer, by Space or Enter, or by
/// the key of an action; letting go before changes nothing. Fills up while it is held. GUI thread
/// only.
class HoldButton final : public QPushButton {
    Q_OBJECT
public:
    HoldButton(ThemeController& themes, const QString& text, QWidget* parent = nullptr);

    void setHold(std::chrono::milliseconds hold) { hold_ = hold; }
    /// As if its key went down; ends with the release of any key.
    void holdByKey();
    bool isHeld() const { return timer_.isActive(); }

    QSize sizeHint() const override;

signals:
    void held();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void begin();
    void end();
    void tick();

    ThemeController& themes_;
    std::chrono::milliseconds hold_{1'000};
    QElapsedTimer since_;
    QTimer timer_;
};

}  // namespace levee
