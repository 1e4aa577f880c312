// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "dashboard/views/locator_items.h"

class QLineEdit;

namespace levee {

class ThemedLabel;

/// The field over the window that finds services, hosts, rules, pages and commands, and runs verbs.
/// Up and Down choose, Enter goes, Tab completes, Escape closes. GUI thread only.
class Locator final : public QWidget {
    Q_OBJECT
public:
    /// REQUIRES: `verbs` outlives this. `parent`: the window it lies over.
    Locator(const ViewContext& context, const Verbs& verbs, QWidget* parent);

    /// Shows itself with this text and takes the keyboard; gives it back when it closes.
    void open(const QString& text);
    const std::vector<LocatorItem>& items() const { return items_; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void search();
    void go();
    void close();
    void step(int by);
    void place();

    ViewContext context_;
    const Verbs& verbs_;
    std::vector<LocatorItem> items_;
    QLineEdit* field_;
    AttentionList* list_;
    ThemedLabel* hint_;
    int chosen_ = 0;
    QWidget* before_ = nullptr;  ///< had the focus; may be gone by the end
};

}  // namespace levee
