// SPDX-License-Identifier: Apache-2.0
// From the jobs of the configuration, and what discovery found for them, to targets. A target is a
// label set until its rules have run: __address__, __scheme__, __metrics_path__, __param_NAME,
// __scrape_interval__ and __scrape_timeout__ say then how it is scraped.
#include <curl/curl.h>

#include <algorithm>
#include <set>

#include "agent/collect/exposition_negotiation.h"
#include "agent/collect/target.h"
#include "shared/base/units.h"

namespace levee {
namespace {

constexpr Duration kLongestTimeout = std::chrono::seconds(10);
constexpr Duration kShortestInterval = std::chrono::milliseconds(10);
constexpr std::string_view kParamPrefix = "__param_";

/// host[:port] without anything that could change the URL's meaning.
bool isAddress(std::string_view address) {
    return !address.empty() && address.find_first_of("/?#@\\ \t\r\n\"") == std::string::npos &&
           std::none_of(address.begin(), address.end(),
                        [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

/// An address that ends with a port, "[::1]:80" for IPv6.
bool hasPort(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string_view::npos)
        return false;
    return address.find(':') == colon || address[colon - 1] == ']';
}

std::string escaped(const std::string& text) {
    char* const out = curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size()));
    if (out == nullptr)
        return {};
    std::string copy(out);
    curl_free(out);
    return copy;
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

/// Makes the targets of one job.
class TargetMaker {
public:
    explicit TargetMaker(const ScrapeJob& job)
        : job_(job), client_(std::make_shared<const HttpClientConfig>(job.client)) {}

    Status prepare() {
        if (Status checked = checkJob(job_); !checked)
            return checked;
        if (!job_.relabel.empty()) {
            auto rules = Relabeler::make(job_.relabel);
            if (!rules)
                return invalid(job_, rules.error().message);
            relabel_ = *std::move(rules);
        }
        if (!job_.metricRelabel.empty()) {
            auto rules = Relabeler::make(job_.metricRelabel);
            if (!rules)
                return invalid(job_, rules.error().message);
            metricRelabel_ = *std::move(rules);
        }
        return Status::ok();
    }

    /// Nothing: a rule drops it.
    Result<std::optional<Target>> make(const std::string& address,
                                       const std::map<std::string, std::string>& given) const {
        LabelBuilder labels = initialLabels(address, given);
        if (relabel_ != nullptr && !relabel_->apply(labels))
            return std::optional<Target>();
        return finished(labels);
    }

private:
    LabelBuilder initialLabels(const std::string& address,
                               const std::map<std::string, std::string>& given) const {
        std::map<std::string, std::string> all = given;
        const auto add = [&all](const std::string& name, const std::string& value) {
            std::string& slot = all[name];
            if (slot.empty())
                slot = value;
        };
        add("__address__", address);
        add("job", job_.name);
        add("__scheme__", job_.scheme);
        add("__metrics_path__", job_.metricsPath);
        add("__scrape_interval__", formatDuration(job_.interval));
        add("__scrape_timeout__", formatDuration(job_.timeout));
        for (const auto& [name, values] : job_.params) {
            if (!values.empty())
                all[std::string(kParamPrefix) + name] = values[0];
        }
        Labels labels;
        for (auto& [name, value] : all) {
            if (!value.empty())
                labels.push_back({name, value});
        }
        return LabelBuilder(std::move(labels));
    }

    Result<std::optional<Target>> finished(const LabelBuilder& labels) const {
        std::string address(labels.get("__address__"));
        if (address.empty())
            return wrong("a target is left without an __address__");
        if (!isAddress(address))
            return wrong("a target must be host:port, not '" + address.substr(0, 256) + "'");
        const std::string scheme(labels.get("__scheme__"));
        if (scheme != "http" && scheme != "https")
            return wrong("the __scheme__ of '" + address + "' must be http or https, not '" +
                         scheme + "'");
        const std::string path(labels.get("__metrics_path__"));
        if (!hasPort(address))
            address += scheme == "https" ? ":443" : ":80";
        Target target;
        target.url = scheme + "://" + address + (path.starts_with('/') ? "" : "/") + path;
        if (std::any_of(target.url.begin(), target.url.end(),
                        [](unsigned char c) { return c <= 0x20 || c == 0x7f; }))
            return wrong("the __metrics_path__ of '" + address + "' has a blank");
        const std::string query = queryOf(labels);
        if (!query.empty())
            target.url += (path.find('?') == std::string::npos ? '?' : '&') + query;
        if (Status timed = setTimes(labels, target); !timed)
            return timed.error();
        setLabels(labels, address, target);
        target.limits = job_.limits;
        target.fallback = formatOfProtocol(job_.fallbackProtocol);
        target.client = client_;
        target.honorLabels = job_.honorLabels;
        target.honorTimestamps = job_.honorTimestamps;
        target.metricRelabel = metricRelabel_;
        return std::optional<Target>(std::move(target));
    }

    /// The job's parameters, of each the first as its label has it.
    std::string queryOf(const LabelBuilder& labels) const {
        std::map<std::string, std::vector<std::string>> params = job_.params;
        for (const Label& label : labels.labels()) {
            if (!label.name.starts_with(kParamPrefix))
                continue;
            std::vector<std::string>& values = params[label.name.substr(kParamPrefix.size())];
            values.resize(std::max<std::size_t>(values.size(), 1));
            values[0] = label.value;
        }
        std::string query;
        for (const auto& [name, values] : params) {
            for (const std::string& value : values)
                query += (query.empty() ? "" : "&") + escaped(name) + '=' + escaped(value);
        }
        return query;
    }

    Status setTimes(const LabelBuilder& labels, Target& target) const {
        const auto interval = parseDuration(labels.get("__scrape_interval__"));
        const auto timeout = parseDuration(labels.get("__scrape_timeout__"));
        if (!interval)
            return wrong("__scrape_interval__: " + interval.error().message);
        if (!timeout)
            return wrong("__scrape_timeout__: " + timeout.error().message);
        if (*interval < kShortestInterval || *timeout <= Duration::zero())
            return wrong(
                "__scrape_interval__ must be at least 10ms and __scrape_timeout__ above 0");
        target.interval = *interval;
        target.timeout = std::min({*timeout, *interval, kLongestTimeout});
        return Status::ok();
    }

    static void setLabels(const LabelBuilder& labels, const std::string& address, Target& target) {
        for (const Label& label : labels.labels()) {
            if (!label.name.starts_with("__"))
                target.labels.push_back(label);
        }
        if (labels.get("instance").empty())
            target.labels.push_back({"instance", address});
        std::sort(target.labels.begin(), target.labels.end(),
                  [](const Label& a, const Label& b) { return a.name < b.name; });
    }

    Error wrong(const std::string& what) const { return invalid(job_, what); }

    const ScrapeJob& job_;
    std::shared_ptr<const HttpClientConfig> client_;
    std::shared_ptr<const Relabeler> relabel_;
    std::shared_ptr<const Relabeler> metricRelabel_;
};

/// Collects the targets of all jobs.
class TargetList {
public:
    explicit TargetList(RefusedTargets& refused) : refused_(refused) {}

    Status addStatics(const ScrapeJob& job, const TargetMaker& maker) {
        for (const StaticTargets& group : job.statics) {
            for (const std::string& address : group.targets) {
                auto made = maker.make(address, group.labels);
                if (!made)
                    return made.error();
                if (!*made)
                    continue;
                if (Status done = add(job, address, *std::move(*made), job.relabel.empty()); !done)
                    return done;
            }
        }
        return Status::ok();
    }

    Status addDiscovered(const ScrapeJob& job, const std::vector<StaticTargets>& groups,
                         const TargetMaker& maker) {
        for (const StaticTargets& group : groups) {
            for (const std::string& address : group.targets) {
                auto made = maker.make(address, group.labels);
                if (!made) {
                    if (refused_.count++ == 0)
                        refused_.first = made.error().message;
                } else if (*made) {
                    if (Status done = add(job, address, *std::move(*made), false); !done)
                        return done;
                }
            }
        }
        return Status::ok();
    }

    std::vector<Target> take() { return std::move(targets_); }

private:
    Status add(const ScrapeJob& job, const std::string& address, Target target, bool isOnce) {
        if (!keys_.insert(target.key()).second)
            return isOnce ? Status(invalid(job, "the target '" + address + "' stands there twice"))
                          : Status::ok();
        if (targets_.size() == kMaxTargets)
            return Error{"more than " + std::to_string(kMaxTargets) + " scrape targets: '" +
                             address + "' of job '" + job.name + "' is one too many",
                         ErrorKind::Exhausted};
        targets_.push_back(std::move(target));
        return Status::ok();
    }

    RefusedTargets& refused_;
    std::vector<Target> targets_;
    std::set<std::string> keys_;
};

}  // namespace

Result<std::vector<Target>> makeTargets(const std::vector<ScrapeJob>& jobs,
                                        const DiscoveredTargets& discovered,
                                        RefusedTargets* refused) {
    RefusedTargets ignored;
    TargetList list(refused != nullptr ? *refused : ignored);
    for (const ScrapeJob& job : jobs) {
        TargetMaker maker(job);
        Status done = maker.prepare();
        if (done)
            done = list.addStatics(job, maker);
        const auto found = discovered.find(job.name);
        if (done && found != discovered.end())
            done = list.addDiscovered(job, found->second, maker);
        if (!done)
            return done.error();
    }
    return list.take();
}

}  // namespace levee
