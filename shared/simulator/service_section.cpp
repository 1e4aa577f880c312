// SPDX-License-Identifier: Apache-2.0
// spec.services: what serves, what stands in front of it, and whom it calls.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/lang/settings_reader.h"
#include "rules/lang/source_text.h"
#include "shared/base/units.h"
#include "shared/simulator/scenario_file.h"
#include "shared/simulator/scenario_sections.h"
#include "shared/simulator/scenario_values.h"

namespace levee::simulator::sections {
namespace {

using namespace std::chrono_literals;

void readBreaker(FieldReader& fields, CallSpec& call) {
    GuardSettings settings;
    readSettings("breaker", fields, settings);
    call.hasBreaker = true;
    call.breaker = settings.breaker;
    if (call.breaker.maxOpenFor < call.breaker.openFor)
        fields.findings().error(
            "conflict",
            fmt::format("{} is {}, below openFor, which is {}; raise maxOpenFor or lower openFor",
                        fields.pathOf("maxOpenFor"), formatDuration(call.breaker.maxOpenFor),
                        formatDuration(call.breaker.openFor)),
            fields.node().span);
}

/// Where each call was written: its target is looked up when all services are known.
struct CallPlace {
    std::size_t service = 0;
    std::string to;
    std::string path;
    YamlSpan span;
};

class ServiceReader {
public:
    ServiceReader(Scenario& scenario, SubjectNames& names, Findings& findings)
        : scenario_(scenario), names_(names), findings_(findings) {}

    void read(const YamlNode& node, const std::string& path) {
        FieldReader fields(node, path, findings_);
        if (!fields.isSound())
            return;
        ServiceSpec service;
        if (const YamlNode* name = fields.name("name", service.name))
            names_.claim(service.name, fields.pathOf("name"), name->span, findings_);
        fields.require("name", "give the service a name");
        fields.integer("instances", service.instances, {1, 64});
        fields.integer("servers", service.servers, {1, 10'000});
        readWork(fields, service);
        fields.integer("backlog", service.backlog, {0, 1'000'000});
        fields.boolean("holdsServer", service.holdsServer);
        fields.mapping("limiter", [&](FieldReader& f) { readLimiter(f, service); });
        readList(fields, "calls", 0, kMostCalls,
                 [&](const YamlNode& item, const std::string& itemPath) {
                     readCall(item, itemPath, service);
                 });
        fields.finish();
        scenario_.services.push_back(std::move(service));
    }

    void checkCalls() {
        for (const CallPlace& call : calls_) {
            if (indexOf(call.to) == scenario_.services.size())
                reportUnknownService(call.to, call.path, call.span, scenario_, findings_);
        }
        marks_.assign(scenario_.services.size(), Mark::New);
        for (std::size_t service = 0; service < scenario_.services.size(); ++service)
            visit(service);
    }

private:
    enum class Mark { New, OnPath, Done };

    void readWork(FieldReader& fields, ServiceSpec& service) {
        const YamlNode* node = fields.any("work");
        if (node == nullptr)
            return fields.require("work", "write for example work: exponential 20ms");
        if (const auto law = readLaw(*node, fields.pathOf("work"), findings_))
            service.law = *law;
    }

    static void readLimiter(FieldReader& fields, ServiceSpec& service) {
        LimiterSpec& limiter = service.limiter;
        std::string place;
        if (fields.word("place", place, {"none", "gateway", "in-process"}))
            limiter.place = place == "none"      ? LimiterSpec::Place::None
                            : place == "gateway" ? LimiterSpec::Place::Gateway
                                                 : LimiterSpec::Place::InProcess;
        GuardSettings settings;
        readSettings("limiter", fields, settings, {"kind"});
        limiter.settings = settings.limiter;
        fields.boolean("selfTime", limiter.knowsSelfTime);
        fields.boolean("priorities", limiter.usesPriorities);
        fields.integer("gateways", limiter.gateways, {1, 64});
        readSeconds(fields, "deadline", limiter.deadline, {0s, 1h});
        readSeconds(fields, "queueTimeout", limiter.queueTimeout, {0s, 1h});
        readSeconds(fields, "serviceTimeout", limiter.serviceTimeout, {0s, 1h});
        if (limiter.settings.minLimit > limiter.settings.maxLimit)
            fields.findings().error(
                "conflict",
                fmt::format("{} is {}, above max, which is {}; lower min or raise max",
                            fields.pathOf("min"), limiter.settings.minLimit,
                            limiter.settings.maxLimit),
                fields.node().span);
        for (const std::string_view key : {"gateways", "queueTimeout", "serviceTimeout"}) {
            const YamlNode* node = fields.node().find(key);
            if (node != nullptr && limiter.place != LimiterSpec::Place::Gateway)
                fields.findings().error(
                    "conflict", fields.pathOf(key) + " has a meaning for place: gateway only",
                    node->span);
        }
    }

    void readCall(const YamlNode& node, const std::string& path, ServiceSpec& service) {
        FieldReader fields(node, path, findings_);
        if (!fields.isSound())
            return;
        CallSpec call;
        if (const YamlNode* to = fields.name("to", call.to))
            calls_.push_back({scenario_.services.size(), call.to, fields.pathOf("to"), to->span});
        fields.require("to", "name the service that is called");
        fields.share("share", call.share, {0, 1, true});
        fields.boolean("parallel", call.parallel);
        readSeconds(fields, "timeout", call.timeout, {0s, 1h});
        fields.integer("attempts", call.attempts, {1, 10});
        fields.share("retryBudget", call.retryBudget, {0, 1});
        fields.boolean("required", call.required);
        fields.mapping("breaker", [&](FieldReader& f) { readBreaker(f, call); });
        fields.finish();
        service.calls.push_back(std::move(call));
    }

    std::size_t indexOf(const std::string& name) const {
        const auto it = std::find_if(scenario_.services.begin(), scenario_.services.end(),
                                     [&](const ServiceSpec& s) { return s.name == name; });
        return static_cast<std::size_t>(it - scenario_.services.begin());
    }

    /// Depth first; reports the call that leads back to a service on the path.
    void visit(std::size_t service) {
        if (marks_[service] != Mark::New)
            return;
        marks_[service] = Mark::OnPath;
        path_.push_back(service);
        for (const CallPlace& call : calls_) {
            const std::size_t target = indexOf(call.to);
            if (call.service != service || target == scenario_.services.size())
                continue;
            if (marks_[target] == Mark::OnPath)
                reportCycle(call, target);
            else
                visit(target);
        }
        path_.pop_back();
        marks_[service] = Mark::Done;
    }

    void reportCycle(const CallPlace& call, std::size_t target) {
        std::string circle;
        for (auto it = std::find(path_.begin(), path_.end(), target); it != path_.end(); ++it)
            circle += scenario_.services[*it].name + " -> ";
        findings_.error("cycle",
                        fmt::format("{} closes a circle of calls: {}{}; calls must end somewhere",
                                    call.path, circle, scenario_.services[target].name),
                        call.span);
    }

    Scenario& scenario_;
    SubjectNames& names_;
    Findings& findings_;
    std::vector<CallPlace> calls_;
    std::vector<Mark> marks_;
    std::vector<std::size_t> path_;
};

}  // namespace

double capacityOf(const ServiceSpec& service) {
    return service.servers * service.instances / service.law.meanSeconds();
}

void readServices(FieldReader& spec, Scenario& scenario, SubjectNames& names) {
    ServiceReader reader(scenario, names, spec.findings());
    spec.require("services", "a scenario has at least one service");
    readList(spec, "services", 1, kMostServices,
             [&](const YamlNode& item, const std::string& path) { reader.read(item, path); });
    reader.checkCalls();
}

}  // namespace levee::simulator::sections
