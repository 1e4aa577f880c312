// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QBoxLayout>
#include <QWidget>

namespace levee {

class ThemeController;
class ThemedLabel;

/// A surface with a caption, a place for something small at its right, and a body below. GUI thread
/// only.
class Section final : public QWidget {
    Q_OBJECT
public:
    /// Framed: a card with round corners on the background. Plain: the surface up to its edges.
    enum class Frame { Card, Plain };

    Section(ThemeController& themes, const QString& caption, Frame frame = Frame::Card,
            QWidget* parent = nullptr);

    QVBoxLayout& body() { return *body_; }
    void setCaption(const QString& caption);
    void addTrailing(QWidget* widget);
    /// The body goes up to the edges: for lists and tables.
    void setFlush();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ThemeController& themes_;
    const Frame frame_;
    ThemedLabel* caption_;
    QHBoxLayout* head_;
    QVBoxLayout* body_;
};

}  // namespace levee
