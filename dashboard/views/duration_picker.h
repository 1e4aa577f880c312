// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QButtonGroup;
class QSpinBox;

namespace levee {

/// For how long something is held: the usual times as buttons, any other as a number of minutes,
/// up to a day. GUI thread only.
class DurationPicker final : public QWidget {
    Q_OBJECT
public:
    explicit DurationPicker(QWidget* parent = nullptr);

    int minutes() const;  ///< 1 to OverrideDesk::kMostMinutes
    void setMinutes(int minutes);

signals:
    void changed();

private:
    void mark();

    QButtonGroup* usual_;
    QSpinBox* minutes_;
};

}  // namespace levee
