// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/window_style.h"

#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

const QString kTemplate = QStringLiteral(R"(
QPushButton, QToolButton {
  background: @raised; color: @text; border: 1px solid @border; border-radius: 4px; padding: 4px 12px;
}
QPushButton:hover, QToolButton:hover { border-color: @textDim; }
QPushButton:pressed, QToolButton:pressed { background: @selection; color: @selectedText; }
QToolButton:checked { background: @selection; color: @selectedText; border-color: @accent; }
QPushButton:focus, QToolButton:focus { border: 2px solid @accent; padding: 3px 11px; }
QPushButton:default { background: @accent; color: @accentText; border-color: @accent; }
QPushButton:default:focus { border-color: @text; }
QPushButton:disabled, QPushButton:default:disabled, QToolButton:disabled {
  background: transparent; color: @stale; border: 1px solid @border;
}
QToolButton[autoRaise="true"] { background: transparent; border-color: transparent; padding: 2px 6px; }
QToolButton[autoRaise="true"]:hover { background: @raised; }
QToolButton[autoRaise="true"]:checked {
  background: @selection; color: @selectedText; border-color: @accent;
}
QLineEdit, QComboBox {
  background: @surface; color: @text; border: 1px solid @border; border-radius: 4px; padding: 4px 8px;
  selection-background-color: @selection; selection-color: @selectedText;
}
QLineEdit:focus, QComboBox:focus { border: 2px solid @accent; padding: 3px 7px; }
QRadioButton::indicator, QCheckBox::indicator {
  width: 14px; height: 14px; border: 1px solid @textDim; background: @surface;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator { border-radius: 3px; }
QRadioButton::indicator:checked, QCheckBox::indicator:checked {
  background: @accent; border: 1px solid @text;
}
QRadioButton::indicator:focus, QCheckBox::indicator:focus { border: 2px solid @accent; }
QRadioButton::indicator:disabled, QCheckBox::indicator:disabled { border-color: @border; }
QMenuBar { background: @surface; color: @text; }
QMenuBar::item { background: transparent; padding: 4px 10px; }
QMenuBar::item:selected { background: @raised; }
QStatusBar { background: @surface; border-top: 1px solid @border; }
QStatusBar::item { border: 0; }
QListWidget { background: transparent; outline: 0; }
QListWidget::item { padding: 4px 6px; border-radius: 4px; }
QListWidget::item:hover { background: @raised; }
QListWidget::item:selected { background: @selection; color: @selectedText; }
)");

}  // namespace

QString windowStyle(const Theme& theme) {
    // Longer names first: @text is the beginning of @textDim.
    const std::pair<const char*, QColor> tokens[] = {{"@accentText", theme.accentText},
                                                     {"@accent", theme.accent},
                                                     {"@selectedText", theme.selectedText},
                                                     {"@selection", theme.selection},
                                                     {"@textDim", theme.textDim},
                                                     {"@text", theme.text},
                                                     {"@raised", theme.raised},
                                                     {"@surface", theme.surface},
                                                     {"@border", theme.border},
                                                     {"@stale", theme.stale}};
    QString style = kTemplate;
    for (const auto& [name, color] : tokens)
        style.replace(QLatin1String(name), color.name());
    return style;
}

}  // namespace levee
