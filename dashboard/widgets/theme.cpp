// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QStyleFactory>

namespace levee {
namespace {

Theme makeDark() {
    Theme t;
    t.isDark = true;
    t.background = QColor(0x14, 0x17, 0x1B);
    t.surface = QColor(0x1B, 0x1E, 0x23);
    t.raised = QColor(0x28, 0x2D, 0x35);
    t.border = QColor(0x3B, 0x42, 0x4D);
    t.grid = QColor(0x2A, 0x2F, 0x37);
    t.text = QColor(0xE8, 0xEA, 0xED);
    t.textDim = QColor(0xA2, 0xA9, 0xB4);
    t.accent = QColor(0x9F, 0xA8, 0xFF);
    t.accentText = QColor(0x14, 0x17, 0x1B);
    t.selection = QColor(0x37, 0x3F, 0x6E);
    t.selectedText = QColor(0xFF, 0xFF, 0xFF);
    t.ok = QColor(0x8D, 0xD2, 0xFD);
    t.degraded = QColor(0xFA, 0xDA, 0x0E);
    t.failing = QColor(0xE4, 0x2C, 0x00);
    t.throttled = QColor(0xB7, 0x1A, 0xE7);
    t.stale = QColor(0x6E, 0x71, 0x76);
    t.idle = QColor(0x6E, 0x71, 0x76);
    t.line[0] = QColor(0x6B, 0xC7, 0xB8);
    t.line[1] = QColor(0x9F, 0xA8, 0xFF);
    t.line[2] = QColor(0xE8, 0xA8, 0x7C);
    t.line[3] = QColor(0xC9, 0xCD, 0xD4);
    t.codeKey = QColor(0x9F, 0xC3, 0xFF);
    t.codeString = QColor(0xA9, 0xD6, 0xA0);
    t.codeNumber = QColor(0xE8, 0xB5, 0x8C);
    t.codeComment = QColor(0x8F, 0x97, 0xA3);
    return t;
}

Theme makeLight() {
    Theme t;
    t.isDark = false;
    t.background = QColor(0xF3, 0xF4, 0xF6);
    t.surface = QColor(0xFF, 0xFF, 0xFF);
    t.raised = QColor(0xE9, 0xEB, 0xEF);
    t.border = QColor(0xC2, 0xC7, 0xCF);
    t.grid = QColor(0xE3, 0xE6, 0xEA);
    t.text = QColor(0x1B, 0x1E, 0x23);
    t.textDim = QColor(0x56, 0x5D, 0x68);
    t.accent = QColor(0x3F, 0x4A, 0xC4);
    t.accentText = QColor(0xFF, 0xFF, 0xFF);
    t.selection = QColor(0xD4, 0xD8, 0xFA);
    t.selectedText = QColor(0x1B, 0x1E, 0x23);
    t.ok = QColor(0x07, 0x2D, 0x5F);
    t.degraded = QColor(0xBB, 0x83, 0x00);
    t.failing = QColor(0x83, 0x18, 0x0F);
    t.throttled = QColor(0xEE, 0x1F, 0xFF);
    t.stale = QColor(0x86, 0x8B, 0x91);
    t.idle = QColor(0x86, 0x8B, 0x91);
    t.line[0] = QColor(0x1B, 0x7F, 0x6E);
    t.line[1] = QColor(0x3F, 0x4A, 0xC4);
    t.line[2] = QColor(0xB0, 0x5A, 0x1E);
    t.line[3] = QColor(0x56, 0x5D, 0x68);
    t.codeKey = QColor(0x1F, 0x4F, 0xA8);
    t.codeString = QColor(0x2B, 0x6B, 0x22);
    t.codeNumber = QColor(0x99, 0x47, 0x0E);
    t.codeComment = QColor(0x66, 0x6D, 0x78);
    return t;
}

Theme makeHighContrast() {
    Theme t;
    t.isDark = true;
    t.background = QColor(0x00, 0x00, 0x00);
    t.surface = QColor(0x00, 0x00, 0x00);
    t.raised = QColor(0x1E, 0x1E, 0x1E);
    t.border = QColor(0xA8, 0xA8, 0xA8);
    t.grid = QColor(0x4C, 0x4C, 0x4C);
    t.text = QColor(0xFF, 0xFF, 0xFF);
    t.textDim = QColor(0xDC, 0xDC, 0xDC);
    t.accent = QColor(0xC8, 0xBE, 0xFF);
    t.accentText = QColor(0x00, 0x00, 0x00);
    t.selection = QColor(0x3A, 0x2F, 0xA8);
    t.selectedText = QColor(0xFF, 0xFF, 0xFF);
    t.ok = QColor(0xAC, 0xFF, 0xFF);
    t.degraded = QColor(0xFB, 0xF6, 0x10);
    t.failing = QColor(0xE5, 0x2B, 0x0A);
    t.throttled = QColor(0xED, 0x21, 0xFF);
    t.stale = QColor(0x76, 0x76, 0x76);
    t.idle = QColor(0x76, 0x76, 0x76);
    t.line[0] = QColor(0x7C, 0xE8, 0xD4);
    t.line[1] = QColor(0xC8, 0xBE, 0xFF);
    t.line[2] = QColor(0xFF, 0xC0, 0x8A);
    t.line[3] = QColor(0xFF, 0xFF, 0xFF);
    t.codeKey = QColor(0xA8, 0xD0, 0xFF);
    t.codeString = QColor(0xB8, 0xF2, 0xAC);
    t.codeNumber = QColor(0xFF, 0xC8, 0x98);
    t.codeComment = QColor(0xC8, 0xC8, 0xC8);
    return t;
}

ThemeChoice resolve(ThemeChoice choice, const DesktopLook& look) {
    if (choice != ThemeChoice::System)
        return choice;
    const QByteArray wanted = qgetenv("LEVEE_THEME").toLower();
    if (wanted == "light")
        return ThemeChoice::Light;
    if (wanted == "contrast")
        return ThemeChoice::HighContrast;
    if (wanted == "dark" || !qGuiApp)
        return ThemeChoice::Dark;
    if (look.wantsContrast)
        return ThemeChoice::HighContrast;
    if (look.isDark)
        return *look.isDark ? ThemeChoice::Dark : ThemeChoice::Light;
    const QPalette desktop = QGuiApplication::palette();
    const bool isDark = desktop.color(QPalette::Window).lightnessF() <
                        desktop.color(QPalette::WindowText).lightnessF();
    return isDark ? ThemeChoice::Dark : ThemeChoice::Light;
}

const Theme& themeOf(ThemeChoice choice, const DesktopLook& look) {
    switch (resolve(choice, look)) {
        case ThemeChoice::Light:
            return Theme::light();
        case ThemeChoice::HighContrast:
            return Theme::highContrast();
        case ThemeChoice::System:
        case ThemeChoice::Dark:
            break;
    }
    return Theme::dark();
}

QString familyOr(const QString& wanted, QFontDatabase::SystemFont fallback) {
    if (QFontDatabase::hasFamily(wanted))
        return wanted;
    return QFontDatabase::systemFont(fallback).family();
}

}  // namespace

const Theme& Theme::dark() {
    static const Theme theme = makeDark();
    return theme;
}

const Theme& Theme::light() {
    static const Theme theme = makeLight();
    return theme;
}

const Theme& Theme::highContrast() {
    static const Theme theme = makeHighContrast();
    return theme;
}

QPalette Theme::palette() const {
    QPalette p;
    p.setColor(QPalette::Window, background);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, surface);
    p.setColor(QPalette::AlternateBase, isDark ? surface.lighter(112) : surface.darker(102));
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::PlaceholderText, textDim);
    p.setColor(QPalette::Button, raised);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, text);
    p.setColor(QPalette::ToolTipBase, raised);
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::Highlight, selection);
    p.setColor(QPalette::HighlightedText, selectedText);
    p.setColor(QPalette::Link, accent);
    p.setColor(QPalette::LinkVisited, accent);
    p.setColor(QPalette::Light, isDark ? raised.lighter(125) : QColor(Qt::white));
    p.setColor(QPalette::Midlight, isDark ? raised.lighter(110) : raised.lighter(104));
    p.setColor(QPalette::Mid, border);
    p.setColor(QPalette::Dark, isDark ? background.darker(140) : border.darker(120));
    p.setColor(QPalette::Shadow, isDark ? QColor(Qt::black) : border.darker(160));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, stale);
    return p;
}

QString Theme::styleSheet() const {
    return QStringLiteral(
               "QToolTip { color: %1; background: %2; border: 1px solid %3; padding: 4px 6px; }"
               "QHeaderView::section { color: %4; background: %5; border: 0;"
               "  border-bottom: 1px solid %3; padding: 5px 8px; font-weight: normal; }"
               "QTableView, QTreeView, QListView { border: 0; gridline-color: %6;"
               "  selection-background-color: %7; selection-color: %8; }"
               "QSplitter::handle { background: %3; }"
               "QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }"
               "QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }"
               "QScrollBar::handle { background: %3; border-radius: 4px; margin: 2px;"
               "  min-height: 28px; min-width: 28px; }"
               "QScrollBar::handle:hover { background: %4; }"
               "QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }"
               "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
               "QDockWidget::title { padding: 6px 8px; background: %5; }"
               "QMenu { background: %2; border: 1px solid %3; padding: 4px; }"
               "QMenu::item { padding: 5px 24px 5px 12px; }"
               "QMenu::item:selected { background: %7; color: %8; }")
        .arg(text.name(), raised.name(), border.name(), textDim.name(), surface.name(), grid.name(),
             selection.name(), selectedText.name());
}

QFont Theme::font(double points, QFont::Weight weight) const {
    // DejaVu's figures all have one width, so columns of numbers do not jump.
    // Asked for with every paint; to look through the fonts takes longer than to paint a label.
    static const QString kFamily =
        familyOr(QStringLiteral("DejaVu Sans"), QFontDatabase::GeneralFont);
    QFont font(kFamily);
    font.setPointSizeF(points);
    font.setWeight(weight);
    return font;
}

QFont Theme::monoFont(double points) const {
    static const QString kFamily =
        familyOr(QStringLiteral("DejaVu Sans Mono"), QFontDatabase::FixedFont);
    QFont font(kFamily);
    font.setPointSizeF(points);
    font.setStyleHint(QFont::Monospace);
    return font;
}

ThemeController::ThemeController(ThemeChoice choice, QObject* parent)
    : QObject(parent), choice_(choice), theme_(&themeOf(choice, {})) {}

void ThemeController::setChoice(ThemeChoice choice) {
    choice_ = choice;
    resolve();
}

void ThemeController::setDesktopLook(const DesktopLook& look) {
    desktop_ = look;
    resolve();
}

void ThemeController::resolve() {
    const Theme* next = &themeOf(choice_, desktop_);
    if (next == theme_)
        return;
    theme_ = next;
    reapply();
    emit changed(*theme_);
}

void ThemeController::applyTo(QApplication& application) {
    application_ = &application;
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    reapply();
}

void ThemeController::reapply() {
    if (!application_)
        return;
    QApplication::setPalette(theme_->palette());
    QApplication::setFont(theme_->font());
    application_->setStyleSheet(theme_->styleSheet());
}

}  // namespace levee
