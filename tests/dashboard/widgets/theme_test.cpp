// SPDX-License-Identifier: GPL-3.0-or-later
// The palettes keep what they promise: contrast, and distance between states for four kinds of
// colour vision (Machado, Oliveira and Fernandes 2009, severity 1; CIE 1976 difference).
#include "dashboard/widgets/theme.h"

#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "dashboard/widgets/chart/heat_colors.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

constexpr Matrix kNormal{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kProtan{{{0.152286, 1.052583, -0.204868},
                          {0.114503, 0.786281, 0.099216},
                          {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeutan{{{0.367322, 0.860646, -0.227968},
                          {0.280085, 0.672501, 0.047413},
                          {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritan{{{1.255528, -0.076749, -0.178779},
                          {-0.078411, 0.930809, 0.147602},
                          {0.004733, 0.691367, 0.303900}}};

Vector times(const Matrix& m, const Vector& v) {
    Vector result{};
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j)
            result[i] += m[i][j] * v[j];
    }
    return result;
}

Vector linear(const QColor& color) {
    const auto one = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return {one(color.redF()), one(color.greenF()), one(color.blueF())};
}

double luminance(const QColor& color) {
    const Vector rgb = linear(color);
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

double contrast(const QColor& a, const QColor& b) {
    const double high = std::max(luminance(a), luminance(b));
    const double low = std::min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

Vector lab(Vector rgb) {
    constexpr Matrix kToXyz{{{0.4124564, 0.3575761, 0.1804375},
                             {0.2126729, 0.7151522, 0.0721750},
                             {0.0193339, 0.1191920, 0.9503041}}};
    for (double& c : rgb)
        c = std::clamp(c, 0.0, 1.0);
    const Vector xyz = times(kToXyz, rgb);
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116.0; };
    const double x = f(xyz[0] / 0.95047);
    const double y = f(xyz[1]);
    const double z = f(xyz[2] / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/// The smallest difference between two states over all four kinds of vision.
double worstDistance(const Theme& theme) {
    const QColor states[] = {theme.ok, theme.degraded, theme.failing, theme.throttled, theme.stale};
    double worst = 1e9;
    for (const Matrix& vision : {kNormal, kProtan, kDeutan, kTritan}) {
        for (std::size_t i = 0; i < std::size(states); ++i) {
            for (std::size_t j = i + 1; j < std::size(states); ++j) {
                const Vector a = lab(times(vision, linear(states[i])));
                const Vector b = lab(times(vision, linear(states[j])));
                worst = std::min(worst, std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
            }
        }
    }
    return worst;
}

}  // namespace

class ThemeTest : public QObject {
    Q_OBJECT
private slots:
    void textCanBeReadOnEveryGround() {
        for (const Theme* theme : {&Theme::dark(), &Theme::light(), &Theme::highContrast()}) {
            for (const QColor& ground : {theme->background, theme->surface, theme->raised}) {
                QVERIFY(contrast(theme->text, ground) >= 4.5);
                QVERIFY2(contrast(theme->textDim, ground) >= 4.5,
                         qPrintable(QString::number(contrast(theme->textDim, ground))));
            }
            QVERIFY(contrast(theme->selectedText, theme->selection) >= 4.5);
            QVERIFY(contrast(theme->accentText, theme->accent) >= 4.5);
            for (const QColor& code :
                 {theme->codeKey, theme->codeString, theme->codeNumber, theme->codeComment})
                QVERIFY(contrast(code, theme->surface) >= 4.5);
        }
    }
    void statesStandOutFromCardsAndCanvas() {
        for (const Theme* theme : {&Theme::dark(), &Theme::light(), &Theme::highContrast()}) {
            for (const QColor& state :
                 {theme->ok, theme->degraded, theme->failing, theme->throttled, theme->stale}) {
                QVERIFY2(contrast(state, theme->surface) >= 3.2, qPrintable(state.name()));
                QVERIFY2(contrast(state, theme->background) >= 2.9, qPrintable(state.name()));
            }
            QVERIFY(contrast(theme->accent, theme->background) >= 3);
        }
    }
    void highContrastIsHigh() {
        const Theme& theme = Theme::highContrast();
        for (const QColor& ground : {theme.background, theme.surface, theme.raised}) {
            QVERIFY(contrast(theme.text, ground) >= 7);
            QVERIFY(contrast(theme.textDim, ground) >= 7);
        }
        QVERIFY(contrast(theme.selectedText, theme.selection) >= 7);
        QVERIFY(contrast(theme.accentText, theme.accent) >= 7);
        QVERIFY(contrast(theme.border, theme.surface) >= 3);
        for (const QColor& code :
             {theme.codeKey, theme.codeString, theme.codeNumber, theme.codeComment})
            QVERIFY(contrast(code, theme.surface) >= 7);
        for (const QColor& state :
             {theme.ok, theme.degraded, theme.failing, theme.throttled, theme.stale})
            QVERIFY2(contrast(state, theme.surface) >= 4.5, qPrintable(state.name()));
    }
    void statesStayApartForEveryKindOfColourVision() {
        qInfo("worst distance: dark %.1f, light %.1f, high contrast %.1f",
              worstDistance(Theme::dark()), worstDistance(Theme::light()),
              worstDistance(Theme::highContrast()));
        QVERIFY(worstDistance(Theme::highContrast()) >= 40);
        QVERIFY(worstDistance(Theme::dark()) >= 30);
        QVERIFY(worstDistance(Theme::light()) >= 30);
    }
    void heatIsEvenForEveryKindOfColourVisionAndApartFromNone() {
        for (const Theme* theme : {&Theme::dark(), &Theme::light(), &Theme::highContrast()}) {
            QVERIFY(contrast(heatColors(*theme)[0], theme->surface) >= 1.5);
            for (const Matrix& vision : {kNormal, kProtan, kDeutan, kTritan}) {
                std::vector<double> steps;
                for (std::size_t i = 1; i < heatColors(*theme).size(); ++i)
                    steps.push_back(lab(times(vision, linear(heatColors(*theme)[i])))[0] -
                                    lab(times(vision, linear(heatColors(*theme)[i - 1])))[0]);
                const auto [least, most] =
                    std::ranges::minmax(steps, {}, [](double step) { return std::abs(step); });
                QVERIFY(least * most > 0);  // always lighter, or always darker
                QVERIFY2(std::abs(least) >= 9, qPrintable(QString::number(least)));
                QVERIFY2(std::abs(most) <= 1.5 * std::abs(least),
                         qPrintable(QString::number(most / least)));
            }
        }
    }
    void aNewChoiceIsToldOnce() {
        ThemeController themes(ThemeChoice::Dark);
        const QSignalSpy changes(&themes, &ThemeController::changed);
        themes.setChoice(ThemeChoice::Dark);
        QCOMPARE(changes.count(), 0);
        themes.setChoice(ThemeChoice::Light);
        QCOMPARE(changes.count(), 1);
        QVERIFY(!themes.theme().isDark);
    }
    void theDesktopIsFollowedUntilThePersonChooses() {
        qunsetenv("LEVEE_THEME");
        ThemeController themes(ThemeChoice::System);
        themes.setDesktopLook({false, false});
        QVERIFY(&themes.theme() == &Theme::light());
        themes.setDesktopLook({true, false});
        QVERIFY(&themes.theme() == &Theme::dark());
        themes.setDesktopLook({true, true});
        QVERIFY(&themes.theme() == &Theme::highContrast());
        themes.setChoice(ThemeChoice::Light);
        themes.setDesktopLook({true, false});
        QVERIFY(&themes.theme() == &Theme::light());
    }
};

LEVEE_TEST(ThemeTest)
#include "theme_test.moc"
