// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/duration_picker.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QToolButton>

#include "dashboard/model/override_desk.h"

namespace levee {

DurationPicker::DurationPicker(QWidget* parent)
    : QWidget(parent), usual_(new QButtonGroup(this)), minutes_(new QSpinBox) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    for (const int each : {5, 15, 30, 60, 240, OverrideDesk::kMostMinutes}) {
        auto* button = new QToolButton;
        button->setText(each < 60 ? tr("%1 min").arg(each) : tr("%1 h").arg(each / 60));
        button->setCheckable(true);
        button->setMinimumSize(44, 28);
        usual_->addButton(button, each);
        row->addWidget(button);
    }
    minutes_->setRange(1, OverrideDesk::kMostMinutes);
    //: minutes, behind a number
    minutes_->setSuffix(tr(" min"));
    minutes_->setAccessibleName(tr("Minutes"));
    minutes_->setMinimumHeight(28);
    row->addWidget(minutes_);
    row->addStretch(1);
    connect(usual_, &QButtonGroup::idClicked, minutes_, &QSpinBox::setValue);
    connect(minutes_, &QSpinBox::valueChanged, this, [this] {
        mark();
        emit changed();
    });
    setFocusProxy(minutes_);
    setMinutes(OverrideDesk::kDefaultMinutes);
}

int DurationPicker::minutes() const {
    return minutes_->value();
}

void DurationPicker::setMinutes(int minutes) {
    minutes_->setValue(minutes);
    mark();
}

void DurationPicker::mark() {
    // An exclusive group keeps one button down; for a time of one's own none is.
    usual_->setExclusive(false);
    for (QAbstractButton* button : usual_->buttons())
        button->setChecked(usual_->id(button) == minutes_->value());
    usual_->setExclusive(true);
}

}  // namespace levee
