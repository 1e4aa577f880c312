// SPDX-License-Identifier: GPL-3.0-or-later
// One set of colour and font tokens for the whole dashboard. Every widget paints from these and
// from nothing else, so that all three themes are complete by construction.
//
// State colours are the outcome of a search over normal, protan, deutan and tritan vision and keep
// a contrast of 3.2:1 or better on `surface`; they are never used for text. `text` and `textDim`
// keep 4.5:1 on `background`, `surface` and `raised`. Colour is always the last of four signals:
// shape, glyph, word, colour.
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>
#include <optional>

class QApplication;

namespace levee {

/// What the person asked for; System follows LEVEE_THEME=dark|light|contrast, then what the desktop
/// says, then its palette.
enum class ThemeChoice { System, Dark, Light, HighContrast };

/// What the desktop says about its appearance; nothing where it does not tell.
struct DesktopLook {
    std::optional<bool> isDark;
    bool wantsContrast = false;

    bool operator==(const DesktopLook&) const = default;
};

/// The tokens of one theme. Immutable.
struct Theme {
    bool isDark = true;

    // Ground, from the back to the front.
    QColor background;  ///< the window and the canvas
    QColor surface;     ///< panels, cards, charts, editors
    QColor raised;      ///< buttons, fields, hovered rows, tool tips
    QColor border;      ///< hairlines and card outlines
    QColor grid;        ///< chart and canvas grids, fainter than border

    QColor text;
    QColor textDim;       ///< units, captions, ages
    QColor accent;        ///< focus ring, links, default buttons, selected edges
    QColor accentText;    ///< text on accent
    QColor selection;     ///< ground of selected rows and text
    QColor selectedText;  ///< text on selection

    // States of a service or an edge.
    QColor ok;
    QColor degraded;
    QColor failing;
    QColor throttled;
    QColor stale;
    QColor idle;

    // Lines of a chart that say nothing about health: p50, p95, p99, ...
    QColor line[4];

    // Rule editor.
    QColor codeKey;
    QColor codeString;
    QColor codeNumber;
    QColor codeComment;

    static const Theme& dark();
    static const Theme& light();
    /// White and bright on black: text at 7:1 or better, states at 4.5:1, borders that can be seen.
    static const Theme& highContrast();

    QPalette palette() const;
    /// A small style sheet on top of Fusion: tool tips, headers, scroll bars, focus ring.
    QString styleSheet() const;

    /// DejaVu Sans with figures of equal width, or the desktop's sans where it is missing.
    QFont font(double points = 9.5, QFont::Weight weight = QFont::Normal) const;
    /// DejaVu Sans Mono, or the desktop's fixed face.
    QFont monoFont(double points = 10) const;
};

/// Holds the theme in use and tells the widgets when it changes. GUI thread only.
/// Must outlive every widget that was given a reference to it.
class ThemeController : public QObject {
    Q_OBJECT
public:
    explicit ThemeController(ThemeChoice choice = ThemeChoice::System, QObject* parent = nullptr);

    const Theme& theme() const { return *theme_; }
    ThemeChoice choice() const { return choice_; }
    void setChoice(ThemeChoice choice);
    /// Followed while the choice is System.
    void setDesktopLook(const DesktopLook& look);

    /// Sets Fusion, palette, style sheet and font of the application, now and at every change.
    void applyTo(QApplication& application);

signals:
    void changed(const levee::Theme& theme);

private:
    void reapply();
    void resolve();

    ThemeChoice choice_;
    DesktopLook desktop_;
    const Theme* theme_;
    QApplication* application_ = nullptr;
};

}  // namespace levee
