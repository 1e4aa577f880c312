// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/view_context.h"

class QToolButton;

namespace levee {

class TimelineBand;

/// The line of time below every page: how well the fleet was, and what happened when. Shares its
/// range, filter and chosen entry with the timeline page. GUI thread only.
class TimelineStrip final : public QWidget {
    Q_OBJECT
public:
    explicit TimelineStrip(const ViewContext& context, QWidget* parent = nullptr);

    TimelineBand& band() { return *band_; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    void showHeld();

    ViewContext context_;
    TimelineBand* band_;
    QToolButton* held_;  ///< how much is held by hand, and until when
};

/// What a click on an entry means everywhere: it is chosen, and its subject is selected.
void chooseTimelineEntry(const ViewContext& context, const std::string& id);

}  // namespace levee
