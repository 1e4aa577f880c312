// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <array>
#include <string>

#include "dashboard/model/timeline_model.h"

namespace levee {

/// What of the timeline is in sight, shared by the strip and the page. GUI thread only.
class TimelineState final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Visible span in minutes, up to now.
    int minutes() const { return minutes_; }
    void setMinutes(int minutes);
    bool isShown(TimelineLane lane) const { return lanes_[static_cast<std::size_t>(lane)]; }
    void setShown(TimelineLane lane, bool shown);
    /// Words that all have to occur, in any case, in text, subject, rule or who.
    const QString& filter() const { return filter_; }
    void setFilter(const QString& words);
    /// Only what is about this service or edge; "": all. A service also matches its edges.
    const std::string& onlyAbout() const { return onlyAbout_; }
    void setOnlyAbout(std::string subject);
    /// Id of the chosen entry, or "".
    const std::string& chosen() const { return chosen_; }
    void choose(std::string id);

    bool accepts(const TimelineEntry& entry) const;

signals:
    void rangeChanged();
    void filterChanged();
    void chosenChanged();

private:
    int minutes_ = 15;
    std::array<bool, kTimelineLanes> lanes_{true, true, true, true};
    QString filter_;
    std::string onlyAbout_;
    std::string chosen_;
};

/// Whether an event's subject is this service or edge, or an edge of this service.
bool isAbout(const std::string& eventSubject, const std::string& subject);

}  // namespace levee
