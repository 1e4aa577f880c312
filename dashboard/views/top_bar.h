// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/scene_builder.h"
#include "dashboard/views/view_context.h"

class QToolButton;

namespace levee {

class FreshnessBadge;
class ThemedLabel;

/// Which agents, how fresh, how well: the line that is read first. GUI thread only.
class TopBar final : public QWidget {
    Q_OBJECT
public:
    explicit TopBar(const ViewContext& context, QWidget* parent = nullptr);

    FreshnessBadge& badge() { return *badge_; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    void showLock();

    ViewContext context_;
    ThemedLabel* fleet_;  ///< name of the context
    FreshnessBadge* lock_;
    ThemedLabel* agents_;
    FreshnessBadge* badge_;
    QToolButton* incident_;  ///< the open one, and for how long
    QToolButton* late_;      ///< "3 of 214 late": opens the fleet page
    ThemedLabel* health_;
    HealthLine healthLine_;
};

}  // namespace levee
