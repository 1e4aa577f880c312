// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QListView>
#include <vector>

#include "dashboard/widgets/state_glyph.h"

namespace levee {

class ThemeController;

/// One line of what wants attention: shape, name, and at the right why.
struct AttentionItem {
    QString subject;  ///< "payment" or "checkout->payment"
    QString title;
    QString note;  ///< "34 % errors", short
    VisualState state = VisualState::Unknown;
    bool operator==(const AttentionItem&) const = default;
};

/// A short list of such lines. Takes as much height as its items need, up to eight of them. GUI
/// thread only.
class AttentionList final : public QListView {
    Q_OBJECT
public:
    explicit AttentionList(ThemeController& themes, QWidget* parent = nullptr);

    /// The current subject stays current where it is still there.
    void setItems(std::vector<AttentionItem> items);
    void setEmptyText(const QString& text);
    void showSubject(const QString& subject);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void subjectChosen(const QString& subject);
    void subjectActivated(const QString& subject);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Model;
    class Delegate;

    /// Where a row does not fit side by side, every note stands under its title.
    void chooseHeight();

    ThemeController& themes_;
    Model* model_;
    Delegate* delegate_;
    QString emptyText_;
    QString shownSubject_;
};

}  // namespace levee
