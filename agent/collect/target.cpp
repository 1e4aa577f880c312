// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/target.h"

#include <algorithm>
#include <set>

#include "agent/collect/exposition_negotiation.h"
#include "shared/base/hash.h"
#include "shared/base/units.h"

namespace levee {
namespace {

constexpr Duration kLongestTimeout = std::chrono::seconds(10);
constexpr Duration kShortestInterval = std::chrono::milliseconds(10);

/// host[:port] without anything that could change the URL's meaning.
bool isAddress(const std::string& address) {
    return !address.empty() && address.find_first_of("/?#@\\ \t\r\n\"") == std::string::npos &&
           std::none_of(address.begin(), address.end(),
                        [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Labels targetLabels(const ScrapeJob& job, const std::string& address,
                    const std::map<std::string, std::string>& statics) {
    std::map<std::string, std::string> all = statics;
    all.emplace("job", job.name);
    all.emplace("instance", address);
    Labels labels;
    for (const auto& [name, value] : all) {
        if (!value.empty())
            labels.push_back({name, value});
    }
    return labels;
}

Error invalid(const ScrapeJob& job, const std::string& what) {
    return {"scrape job '" + job.name + "': " + what, ErrorKind::Invalid};
}

Status checkJob(const ScrapeJob& job) {
    if (job.scheme != "http" && job.scheme != "https")
        return invalid(job, "scheme must be http or https, not '" + job.scheme + "'");
    if (job.interval < kShortestInterval)
        return invalid(job, "the interval must be at least 10ms, not " +
                                formatDuration(std::max(job.interval, Duration::zero())));
    if (job.timeout <= Duration::zero())
        return invalid(job, "the timeout must be above 0");
    if (!job.metricsPath.starts_with('/'))
        return invalid(job, "metrics_path must begin with '/', not '" + job.metricsPath + "'");
    return Status::ok();
}

Target makeTarget(const ScrapeJob& job, const std::string& address,
                  const std::map<std::string, std::string>& statics) {
    Target target;
    target.url = job.scheme + "://" + address + job.metricsPath;
    target.labels = targetLabels(job, address, statics);
    target.interval = job.interval;
    target.timeout = std::min({job.timeout, job.interval, kLongestTimeout});
    target.limits = job.limits;
    target.fallback = formatOfProtocol(job.fallbackProtocol);
    return target;
}

}  // namespace

Duration Target::offset() const {
    if (interval <= Duration::zero())
        return Duration::zero();
    return Duration(
        static_cast<Duration::rep>(stableHash(url) % static_cast<std::uint64_t>(interval.count())));
}

std::string Target::key() const {
    return url + Series::make("", labels)->text();
}

bool Target::operator==(const Target& other) const {
    return url == other.url && labels == other.labels && interval == other.interval &&
           timeout == other.timeout && limits == other.limits && fallback == other.fallback;
}

Result<std::vector<Target>> makeTargets(const std::vector<ScrapeJob>& jobs) {
    std::vector<Target> targets;
    std::set<std::string> keys;
    for (const ScrapeJob& job : jobs) {
        if (Status checked = checkJob(job); !checked)
            return checked.error();
        for (const StaticTargets& group : job.statics) {
            for (const std::string& address : group.targets) {
                if (targets.size() == kMaxTargets)
                    return Error{"more than " + std::to_string(kMaxTargets) + " scrape targets: '" +
                                     address + "' of job '" + job.name + "' is one too many",
                                 ErrorKind::Exhausted};
                if (!isAddress(address))
                    return invalid(job, "a target must be host:port, not '" + address + "'");
                targets.push_back(makeTarget(job, address, group.labels));
                if (!keys.insert(targets.back().key()).second)
                    return invalid(job, "the target '" + address + "' stands there twice");
            }
        }
    }
    return targets;
}

std::string_view name(ScrapeFailure failure) {
    static constexpr std::array<std::string_view, kScrapeFailures> kNames{
        "none",     "timeout", "refused", "transfer", "headers", "bad_status",   "content_type",
        "encoding", "too_big", "bomb",    "memory",   "parse",   "sample_limit", "label_limit"};
    return kNames[static_cast<std::size_t>(failure)];
}

}  // namespace levee
