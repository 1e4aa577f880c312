// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

namespace levee {

class Sparkline;
class ThemeController;
class ThemedLabel;

/// One number that matters: caption, value, a note below it, and where it came from as a
/// sparkline. GUI thread only.
class StatTile final : public QWidget {
    Q_OBJECT
public:
    StatTile(ThemeController& themes, const QString& caption, QWidget* parent = nullptr);

    void setValue(const QString& value, const QString& note = {});
    /// Oldest first, NaN unknown; not called: no sparkline.
    void setHistory(std::vector<double> values);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThemeController& themes_;
    ThemedLabel* value_;
    ThemedLabel* note_;
    Sparkline* spark_;
};

}  // namespace levee
