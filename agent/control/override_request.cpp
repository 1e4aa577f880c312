// SPDX-License-Identifier: Apache-2.0
#include "agent/control/override_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "shared/base/suggestion.h"
#include "shared/base/units.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kShortest = 1s;
constexpr std::uint32_t kHighestLimit = 100'000;
constexpr double kLeastFactor = 0.01;
constexpr double kMostFactor = 100;
constexpr std::size_t kLongestClass = 128;  // of a name in a message

std::string span(Duration duration) {
    return formatDuration(std::chrono::duration_cast<std::chrono::milliseconds>(duration));
}

/// "payment" of "payment" and of "checkout->payment".
std::string serviceOf(const std::string& subject) {
    const std::size_t arrow = subject.find("->");
    return arrow == std::string::npos ? subject : subject.substr(arrow + 2);
}

bool isProtected(const std::string& subject, const OverrideConfig& config) {
    const auto& all = config.protectedServices;
    return std::find(all.begin(), all.end(), serviceOf(subject)) != all.end();
}

std::string limitProblem(const OverrideRequest& request, const GuardState* guard) {
    const bool hasFactor = request.factor != 0;
    if (hasFactor == (request.limit != 0))
        return fmt::format("give either a limit, 1 to {}, or a factor, {} to {}", kHighestLimit,
                           kLeastFactor, kMostFactor);
    if (!hasFactor && request.limit > kHighestLimit)
        return fmt::format("the limit is {}; it must be from 1 to {}", request.limit,
                           kHighestLimit);
    if (hasFactor && !(request.factor >= kLeastFactor && request.factor <= kMostFactor))
        return fmt::format("the factor is {:g}; it must be from {} to {}", request.factor,
                           kLeastFactor, kMostFactor);
    if (guard == nullptr)
        return {};
    if (guard->hasBreaker && !guard->hasLimit)
        return fmt::format("{} has a breaker and no limit; limits stand before services: {}",
                           request.subject, serviceOf(request.subject));
    if (hasFactor && !(guard->limit > 0))
        return fmt::format("{} has no limit to take {:g} times of; give a number", request.subject,
                           request.factor);
    return {};
}

std::string classProblem(const OverrideRequest& request, const GuardState* guard) {
    if (guard == nullptr)
        return request.className.empty() ? "name the class to shed" : "";
    if (guard->hasBreaker && !guard->hasLimit)
        return fmt::format("{} has a breaker and no classes; classes stand before services: {}",
                           request.subject, serviceOf(request.subject));
    if (guard->classes.empty())
        return fmt::format(
            "{} has no priority classes in force; a rule in mode enforce gives it "
            "some, by spec.priority",
            request.subject);
    std::string most = guard->classes.front().name;
    std::vector<std::string> names;
    for (std::size_t i = 1; i < guard->classes.size(); ++i)
        names.push_back(guard->classes[i].name);
    const std::string can = fmt::format("{} can shed: {}", request.subject, fmt::join(names, ", "));
    if (request.className == most)
        return fmt::format("{} is the most important class, so nothing would be left; {}", most,
                           can);
    if (std::find(names.begin(), names.end(), request.className) != names.end())
        return {};
    const std::string near = nearestWord(request.className, names);
    return fmt::format("{} has no class '{}'{}; {}", request.subject,
                       request.className.substr(0, kLongestClass),
                       near.empty() ? "" : ", is " + near + " meant?", can);
}

std::string kindProblem(const OverrideRequest& request, const GuardState* guard) {
    switch (request.kind) {
        case OverrideKind::Limit:
            return limitProblem(request, guard);
        case OverrideKind::Shed:
            return classProblem(request, guard);
        case OverrideKind::ForceOpen:
        case OverrideKind::ForceClosed:
            break;
    }
    return guard != nullptr && !guard->hasBreaker
               ? fmt::format(
                     "{} has a limit and no breaker; breakers stand on calls, such as "
                     "'client->{}'",
                     request.subject, request.subject)
               : std::string();
}

}  // namespace

Result<Duration> overrideTtl(Duration asked, const OverrideConfig& config) {
    const Duration ttl = asked == Duration::zero() ? config.defaultTtl : asked;
    if (ttl < kShortest || ttl > config.maxTtl)
        return Error{fmt::format("the time is {}; it must be from {} to {} (override.max_ttl)",
                                 span(ttl), span(kShortest), span(config.maxTtl)),
                     ErrorKind::Invalid};
    return ttl;
}

Status checkOverride(const OverrideRequest& request, const GuardState* guard,
                     const OverrideConfig& config) {
    std::vector<std::string> problems;
    if (request.reason.empty() || request.reason.size() > kLongestReason)
        problems.push_back(request.reason.empty()
                               ? "a reason is required: say why the rule must not decide"
                               : fmt::format("the reason has {} bytes; at most {} are kept",
                                             request.reason.size(), kLongestReason));
    if (request.author.size() > kLongestReason)
        problems.push_back(fmt::format("the author has {} bytes; at most {} are kept",
                                       request.author.size(), kLongestReason));
    const Result<Duration> ttl = overrideTtl(request.ttl, config);
    if (!ttl)
        problems.push_back(ttl.error().message);
    if (request.author.starts_with(kAutomationAuthor) != request.byAutomation)
        problems.push_back(fmt::format("the author is '{}'; that name is for automations",
                                       request.author.substr(0, kLongestClass)));
    if (const std::string problem = kindProblem(request, guard); !problem.empty())
        problems.push_back(problem);
    if (isProtected(request.subject, config) && !request.evenProtected)
        problems.push_back(fmt::format(
            "{} is protected (override.protected in agent.yaml); {}", serviceOf(request.subject),
            request.byAutomation ? "no automation acts on it"
                                 : "say --even-protected if you mean it"));
    if (problems.empty())
        return Status::ok();
    return Error{fmt::format("{}", fmt::join(problems, "; ")), ErrorKind::Invalid};
}

Override makeOverride(const OverrideRequest& request, const GuardState& guard) {
    Override value;
    value.subject = request.subject;
    value.kind = request.kind;
    value.author = request.author.empty() ? "unknown" : request.author;
    value.reason = request.reason;
    if (request.kind == OverrideKind::Shed)
        value.className = request.className;
    if (request.kind != OverrideKind::Limit)
        return value;
    value.limit = request.limit;
    if (request.factor != 0) {
        value.factor = request.factor;
        value.limit = static_cast<std::uint32_t>(
            std::clamp(std::round(guard.limit * request.factor), 1.0, double{kHighestLimit}));
    }
    return value;
}

}  // namespace levee
