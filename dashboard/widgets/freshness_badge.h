// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cmath>

namespace levee {

class ThemeController;

/// How far the picture can be trusted.
enum class Freshness {
    Live,
    Stale,
    Paused,
    Connecting,
    Reconnecting,
    TimeTravel,
    ReadOnly,
    Offline
};

/// The pill in the top bar: shape, word and age of the data. GUI thread only.
class FreshnessBadge : public QWidget {
    Q_OBJECT
public:
    explicit FreshnessBadge(ThemeController& themes, QWidget* parent = nullptr);

    /// `ageSeconds` NaN: no age shown. `detail` becomes the tool tip.
    void setFreshness(Freshness freshness, double ageSeconds = NAN, const QString& detail = {});
    Freshness freshness() const { return freshness_; }
    QString text() const;  ///< "LIVE 0.8 s"

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThemeController& themes_;
    Freshness freshness_ = Freshness::Offline;
    double ageSeconds_ = NAN;
};

}  // namespace levee
