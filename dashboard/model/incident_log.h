// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dashboard/model/timeline_model.h"
#include "shared/base/result.h"

namespace levee {

/// Something went wrong and somebody took command: from then on the timeline is its record.
struct Incident {
    std::string title;
    std::string subject;    ///< what it is about, or ""
    std::string commander;  ///< who took command
    std::int64_t startMillis = 0;
    std::int64_t endMillis = 0;  ///< 0: still open

    bool operator==(const Incident&) const = default;
};

/// The incident that is open, and the last ones, in a small file. GUI thread only.
class IncidentLog final : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 50;
    static constexpr int kLongestTitle = 200;

    /// `path` "": forgotten with the program.
    explicit IncidentLog(QString path = {}, QObject* parent = nullptr);

    /// Null when none is open.
    const Incident* current() const;
    const std::vector<Incident>& all() const { return incidents_; }  ///< oldest first
    /// Without effect while one is open. An error when it cannot be written; it is open all the
    /// same.
    Status open(Incident incident);
    Status rename(const std::string& title);
    Status close(std::int64_t millis);

signals:
    void changed();

private:
    Status save() const;
    void load();

    const QString path_;
    std::vector<Incident> incidents_;
};

/// The incident for a post-mortem: what, when, who, and the entries from ten minutes before its
/// start to its end. `entries` in any order.
QString incidentMarkdown(const Incident& incident, const std::vector<TimelineEntry>& entries);

}  // namespace levee
