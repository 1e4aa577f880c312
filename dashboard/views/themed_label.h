// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace levee {

class ThemeController;

/// What a text is for; size, weight and colour follow from it and the theme.
enum class TextTone { Normal, Dim, Strong, Title, Caption, Number, Mono };

/// Plain text in a tone of the theme. One line is elided with the whole text as tool tip; wrapped
/// text takes the height that it needs. Never interprets markup. GUI thread only.
class ThemedLabel final : public QWidget {
    Q_OBJECT
public:
    enum class Overflow { Elide, Wrap };

    ThemedLabel(ThemeController& themes, TextTone tone, const QString& text = {},
                Overflow overflow = Overflow::Elide, QWidget* parent = nullptr);

    const QString& text() const { return text_; }
    void setText(const QString& text);
    void setAlignment(Qt::Alignment alignment);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    void applyTheme();
    void measure();

    ThemeController& themes_;
    const TextTone tone_;
    const Overflow overflow_;
    Qt::Alignment alignment_ = Qt::AlignLeft | Qt::AlignVCenter;
    QString text_;
    int height_ = 0;  ///< of the text at the present width
};

}  // namespace levee
