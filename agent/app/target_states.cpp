// SPDX-License-Identifier: Apache-2.0
#include "agent/app/target_states.h"

#include <algorithm>
#include <tuple>

#include "agent/collect/collector.h"
#include "rules/lang/scalar_reader.h"

namespace levee {

std::vector<TargetState> targetStates(const Collector& collector) {
    std::vector<TargetState> states;
    for (TargetStatus& status : collector.targets()) {
        TargetState state;
        state.job = std::move(status.job);
        state.url = std::move(status.url);
        state.up = status.health == TargetHealth::Up;
        state.durationSeconds = toSeconds(status.duration);
        state.samples = static_cast<int>(status.samples);
        state.error = std::move(status.error);
        state.scrapedMillis =
            status.health == TargetHealth::Unknown ? 0 : toUnixMillis(status.scrapedAt);
        states.push_back(std::move(state));
    }
    std::sort(states.begin(), states.end(), [](const TargetState& a, const TargetState& b) {
        return std::tie(a.job, a.url) < std::tie(b.job, b.url);
    });
    return states;
}

namespace {

/// "http://10.0.0.1:9100/metrics" -> "10.0.0.1:9100".
std::string addressOf(const std::string& url) {
    const std::size_t begin = url.find("://") + 3;
    return url.substr(begin, url.find('/', begin) - begin);
}

bool isStatic(const ScrapeJob& job, const std::string& address, const std::string& service) {
    return std::any_of(job.statics.begin(), job.statics.end(), [&](const StaticTargets& group) {
        const auto label = group.labels.find("service");
        return label != group.labels.end() && label->second == service &&
               std::find(group.targets.begin(), group.targets.end(), address) !=
                   group.targets.end();
    });
}

}  // namespace

void addNamedTargets(const std::vector<TargetStatus>& targets, std::vector<ScrapeJob>& jobs) {
    for (const TargetStatus& target : targets) {
        const auto label = target.labels.find("service");
        if (label == target.labels.end() || !isName(label->second))
            continue;
        const std::string address = addressOf(target.url);
        for (ScrapeJob& job : jobs) {
            if (job.name == target.job && !isStatic(job, address, label->second))
                job.statics.push_back({{address}, {{"service", label->second}}});
        }
    }
}

}  // namespace levee
