// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/suspects.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <deque>
#include <set>

#include "dashboard/model/cell_values.h"
#include "dashboard/model/selection_state.h"

namespace levee {
namespace {

struct SuspectText {
    Q_DECLARE_TR_FUNCTIONS(levee::Suspects)
};

constexpr std::int64_t kBeforeMillis = 10 * 60'000;
constexpr std::size_t kMostReached = 500;  // services that are walked through

bool isUnwell(const TopologyStore& store, const std::string& name) {
    const FleetNode* node = store.node(name);
    return node && node->node.health >= Health::Degraded;
}

Health healthOf(const TopologyStore& store, const std::string& name) {
    const FleetNode* node = store.node(name);
    return node ? node->node.health : Health::Unknown;
}

/// Services reached from `start` along edges, nearest first, without it.
std::vector<std::string> reach(const TopologyStore& store, const std::string& start, bool callers) {
    std::vector<std::string> reached;
    std::set<std::string> seen{start};
    std::deque<std::string> next{start};
    while (!next.empty() && reached.size() < kMostReached) {
        const std::string at = next.front();
        next.pop_front();
        const auto edges = callers ? store.callersOf(at) : store.dependenciesOf(at);
        for (const FleetEdge* edge : edges) {
            const std::string& other = callers ? edge->edge.client : edge->edge.server;
            if (!seen.insert(other).second)
                continue;
            reached.push_back(other);
            next.push_back(other);
        }
    }
    return reached;
}

QString shareText(const FleetNode& node) {
    const double share = node.node.traffic.errorShare();
    return std::isfinite(share) ? QString::number(share * 100, 'f', 1) : QStringLiteral("-");
}

class Search {
public:
    Search(const TopologyStore& store, const TimelineModel& timeline, const std::string& subject,
           std::int64_t now)
        : store_(store), timeline_(timeline), now_(now) {
        const Selection about = Selection::ofSubject(subject);
        service_ = about.kind == Selection::Kind::Edge ? about.server : about.node;
        dependencies_ = reach(store, service_, false);
    }

    std::vector<Suspect> run() {
        const TimelineEntry* symptom = firstSymptom();
        addChanges(symptom ? symptom->millis : now_);
        addDependencies();
        if (symptom)
            found_.push_back({SuspectRole::FirstSymptom, subjectOnMap(symptom->subject),
                              toText(symptom->text), symptom->millis, symptom->id,
                              Health::Unknown});
        addImpact();
        return std::move(found_);
    }

private:
    bool concerns(const std::string& subject) const {
        const Selection told = Selection::ofSubject(subject);
        const std::string& name = told.kind == Selection::Kind::Edge ? told.server : told.node;
        return name == service_ || std::ranges::find(dependencies_, name) != dependencies_.end();
    }
    std::string subjectOnMap(const std::string& subject) const {
        const Selection told = Selection::ofSubject(subject);
        const bool isThere = store_.node(told.node) || store_.edge(told.client, told.server);
        return isThere ? subject : std::string();
    }

    const TimelineEntry* firstSymptom() const {
        const TimelineEntry* first = nullptr;
        for (const TimelineEntry& entry : timeline_.rows()) {  // newest first
            if (entry.millis < now_ - kSuspectWindowMillis)
                break;
            if (entry.severity >= EventSeverity::Warning && concerns(entry.subject))
                first = &entry;
        }
        return first;
    }

    void addChanges(std::int64_t before) {
        std::size_t count = 0;
        for (const TimelineEntry& entry : timeline_.rows()) {
            if (entry.millis < before - kBeforeMillis || count >= kMostSuspects)
                break;
            const bool isChange =
                entry.lane == TimelineLane::Rules || entry.lane == TimelineLane::Changes;
            if (!isChange || entry.millis >= before)
                continue;
            const auto seconds = static_cast<int>((before - entry.millis) / 1'000);
            //: %1 a change, %n seconds before the first symptom
            found_.push_back(
                {SuspectRole::PossibleCause, subjectOnMap(entry.subject),
                 SuspectText::tr("%1, %n s before", nullptr, seconds).arg(toText(entry.text)),
                 entry.millis, entry.id, Health::Unknown});
            ++count;
        }
    }

    void addDependencies() {
        std::size_t count = 0;
        for (const std::string& name : dependencies_) {
            if (!isUnwell(store_, name) || count >= kMostSuspects)
                continue;
            const auto theirs = store_.dependenciesOf(name);
            const bool isDeepest = std::ranges::none_of(
                theirs, [&](const FleetEdge* edge) { return isUnwell(store_, edge->edge.server); });
            if (!isDeepest)
                continue;
            found_.push_back({SuspectRole::PossibleCause,
                              name,
                              SuspectText::tr("it depends on this, which fails %1 % of its calls "
                                              "while all that it depends on itself is well")
                                  .arg(shareText(*store_.node(name))),
                              0,
                              {},
                              healthOf(store_, name)});
            ++count;
        }
    }

    void addImpact() {
        std::size_t count = 0;
        for (const std::string& name : reach(store_, service_, true)) {
            if (!isUnwell(store_, name) || count >= kMostSuspects)
                continue;
            found_.push_back({SuspectRole::Impact,
                              name,
                              SuspectText::tr("calls it, and fails %1 % of its own calls")
                                  .arg(shareText(*store_.node(name))),
                              0,
                              {},
                              healthOf(store_, name)});
            ++count;
        }
    }

    const TopologyStore& store_;
    const TimelineModel& timeline_;
    const std::int64_t now_;
    std::string service_;
    std::vector<std::string> dependencies_;
    std::vector<Suspect> found_;
};

}  // namespace

std::vector<Suspect> findSuspects(const TopologyStore& store, const TimelineModel& timeline,
                                  const std::string& subject, std::int64_t now) {
    if (subject.empty())
        return {};
    return Search(store, timeline, subject, now).run();
}

}  // namespace levee
