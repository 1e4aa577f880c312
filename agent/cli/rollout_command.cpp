// SPDX-License-Identifier: Apache-2.0
// `levee rules apply --agents A,B,C`: checked on every host, put in force on the first one and
// watched, then on the rest and watched; taken back everywhere where a host is worse off.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <set>
#include <thread>
#include <tuple>

#include "agent/cli/agent_client.h"
#include "agent/cli/author.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/rollout_judge.h"
#include "agent/cli/rule_text.h"
#include "shared/base/units.h"

namespace levee::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMillisBefore = 60'000;  // what "before" is
/// The second in which the rules change belongs to neither side.
constexpr std::int64_t kMillisBetween = 1'000;

volatile std::sig_atomic_t interrupted = 0;

struct Host {
    explicit Host(const AgentAt& agent) : address(agent.address), client(agent) {}

    std::string address;
    AgentClient client;
    std::int64_t revisionBefore = 0;
    std::int64_t revision = 0;  ///< 0: not applied
    std::int64_t begun = 0;     ///< ms by the host's clock: when it, or the first host, was changed
};

void say(const Host& host, const std::string& text) {
    std::printf("%s: %s\n", host.address.c_str(), text.c_str());
    std::fflush(stdout);
}
void complain(const Host& host, const std::string& text) {
    std::fprintf(stderr, "levee: %s: %s\n", host.address.c_str(), text.c_str());
}

Result<std::int64_t> activeRevision(Host& host) {
    const auto active = host.client.revisions(1, false, -1);
    if (!active)
        return active.error();
    return active->empty() ? 0 : active->front().revision;
}

/// What is worse: host (where it matters), subject, harm.
using Finding = std::tuple<std::string, std::string, Harm>;

class Rollout {
public:
    Rollout(const RulesOptions& options, std::string text, Duration watch)
        : options_(options), text_(std::move(text)), watch_(watch) {
        for (const std::string& address : options.agents)
            hosts_.push_back(std::make_unique<Host>(AgentAt{address, options.agent.access}));
    }

    int run() {
        if (const int code = checkEverywhere(); code != kOk)
            return code;
        if (const int code = advance(0, 1); code != kOk)
            return code;
        if (const int code = advance(1, hosts_.size()); code != kOk)
            return code;
        std::printf("in force on %zu of %zu hosts\n", hosts_.size(), hosts_.size());
        return kOk;
    }

private:
    /// Nothing changes anywhere unless every host takes it.
    int checkEverywhere() {
        int code = kOk;
        for (const auto& host : hosts_) {
            const auto revision = activeRevision(*host);
            const auto answer = revision ? host->client.check(text_, ruleTextName(options_.files),
                                                              !options_.replace)
                                         : Result<RuleAnswer>(revision.error());
            if (!answer) {
                complain(*host, answer.error().message);
                code = kFailure;
                continue;
            }
            host->revisionBefore = *revision;
            std::fputs(format(answer->diagnostics).c_str(), stderr);
            if (hasErrors(answer->diagnostics)) {
                complain(*host, "refuses these rules");
                code = kFailure;
            }
            for (const std::string& change : answer->changes)
                say(*host, change);
            if (answer->changes.empty())
                say(*host, "nothing changes");
        }
        if (code != kOk)
            std::fprintf(stderr, "levee: nothing was changed on any host\n");
        return code;
    }

    /// Applies to the hosts [from, to) and watches all that have the rules by then.
    int advance(std::size_t from, std::size_t to) {
        if (from == to)
            return kOk;
        for (std::size_t i = from; i < to; ++i) {
            if (const int code = apply(*hosts_[i]); code != kOk)
                return undo(code);
        }
        std::printf("watching %s for %s\n", to == 1 ? hosts_[0]->address.c_str() : "all of them",
                    formatDuration(watch_).c_str());
        std::fflush(stdout);
        return watch(to);
    }

    int apply(Host& host) {
        // From here on the first host differs from the others, which it is compared with.
        if (&host == hosts_.front().get())
            for (const auto& each : hosts_)
                if (const auto now = each->client.snapshot())
                    each->begun = now->millis;
        const auto answer =
            host.client.apply(text_, ruleTextName(options_.files), !options_.replace,
                              host.revisionBefore, authorOr(options_.author), options_.reason);
        if (!answer || !answer->isApplied) {
            complain(host, answer ? format(answer->diagnostics) : answer.error().message);
            return answer && answer->isConflict ? kConflict : kFailure;
        }
        host.revision = answer->activeRevision;
        const auto now = host.client.snapshot();
        if (!now) {
            complain(host, now.error().message);
            return kFailure;
        }
        if (&host != hosts_.front().get())
            host.begun = now->millis;
        for (const GuardState& guard : now->guards)
            if (guard.enforcement == Enforcement::Refused) {
                complain(host, guard.subject + " is not in force: " + guard.enforcementDetail);
                return kFailure;
            }
        say(host, fmt::format("revision {} is in force", host.revision));
        return kOk;
    }

    int watch(std::size_t applied) {
        const auto until = std::chrono::steady_clock::now() + watch_;
        while (std::chrono::steady_clock::now() < until && interrupted == 0) {
            std::this_thread::sleep_for(1s);
            if (!judge(applied))
                return undo(kFailure);
        }
        if (interrupted == 0) {
            if (!doAllAnswer(applied))
                return undo(kFailure);
            tellOfSilence(applied);
            return kOk;
        }
        std::fprintf(stderr,
                     "levee: interrupted; the new rules stay in force on %zu of %zu hosts\n"
                     "  to undo: levee --agent HOST rules rollback\n",
                     applied, hosts_.size());
        return kFailure;
    }

    /// False where a host is worse off, the rules are the difference, and it was so a look before:
    /// what befalls all hosts does not show on all of them in the same second.
    bool judge(std::size_t applied) {
        for (std::size_t i = applied; i < hosts_.size(); ++i)
            for (const Worsening& each : worsened(*hosts_[i]))
                elsewhere_.insert({"", each.subject, each.harm});
        std::set<Finding> seen;
        bool isGood = true;
        for (std::size_t i = 0; i < applied; ++i) {
            for (const Worsening& each : worsened(*hosts_[i])) {
                const Finding finding{hosts_[i]->address, each.subject, each.harm};
                if (elsewhere_.contains({"", each.subject, each.harm})) {
                    if (excused_.insert(finding).second)
                        say(*hosts_[i], fmt::format("{}: {}; so it is on hosts without the new "
                                                    "rules: not held against them",
                                                    each.subject, each.text));
                    continue;
                }
                seen.insert(finding);
                if (!suspected_.contains(finding))
                    continue;
                complain(*hosts_[i],
                         fmt::format("worse since the new rules: {}: {}", each.subject, each.text));
                isGood = false;
            }
        }
        suspected_ = std::move(seen);
        return isGood;
    }

    std::vector<Worsening> worsened(Host& host) {
        std::vector<Worsening> found;
        const auto now = host.client.snapshot();
        if (!now)
            return {};  // doAllAnswer tells of it
        for (const GuardState& guard : now->guards) {
            const auto before =
                host.client.series(guard.subject, host.begun - kMillisBefore, host.begun);
            const auto after = host.client.series(guard.subject, host.begun + kMillisBetween, 0);
            if (!before || !after)
                continue;
            for (Worsening& each : worsenings(guard.subject, *before, *after, limits()))
                found.push_back(std::move(each));
        }
        return found;
    }

    /// An agent that is gone since it has the rules has not shown that they do no harm.
    bool doAllAnswer(std::size_t applied) {
        bool doAll = true;
        for (std::size_t i = 0; i < applied; ++i) {
            if (const auto now = hosts_[i]->client.snapshot(); !now) {
                complain(*hosts_[i], "since the new rules: " + now.error().message);
                doAll = false;
            }
        }
        return doAll;
    }

    /// Without traffic nothing can be worse, and nobody should take that for a proof.
    void tellOfSilence(std::size_t applied) {
        for (std::size_t i = 0; i < applied; ++i) {
            double requests = 0;
            if (const auto now = hosts_[i]->client.snapshot())
                for (const GuardState& guard : now->guards)
                    if (const auto after = hosts_[i]->client.series(
                            guard.subject, hosts_[i]->begun + kMillisBetween, 0))
                        requests += requestsIn(*after);
            if (requests < 1)
                say(*hosts_[i], "had no traffic meanwhile: whether the rules do harm is not known");
        }
    }

    RolloutLimits limits() const {
        RolloutLimits limits;
        limits.refused = options_.mostRefused;
        limits.latency = options_.mostSlower;
        return limits;
    }

    /// Takes the rules back from every host that has them. Returns `code`.
    int undo(int code) {
        for (const auto& host : hosts_) {
            if (host->revision == 0)
                continue;
            const auto active = activeRevision(*host);
            if (active && *active != host->revision) {
                complain(*host, fmt::format("revision {} was put in force meanwhile: left alone",
                                            *active));
                continue;
            }
            const auto answer = host->client.rollback(0, authorOr(options_.author),
                                                      "rolled back: " + options_.reason);
            if (answer && answer->isApplied)
                say(*host,
                    fmt::format("rolled back: revision {} is in force", answer->activeRevision));
            else
                complain(*host, "could not be rolled back: " + (answer ? format(answer->diagnostics)
                                                                       : answer.error().message));
        }
        return code;
    }

    const RulesOptions& options_;
    std::string text_;
    Duration watch_;
    std::vector<std::unique_ptr<Host>> hosts_;
    std::set<Finding> suspected_;  ///< in the last look
    std::set<Finding> elsewhere_;  ///< on hosts while they had the old rules; without a host
    std::set<Finding> excused_;    ///< and told
};

}  // namespace

int rulesRollout(const RulesOptions& options) {
    const auto usage = [](const std::string& text) {
        std::fprintf(stderr, "levee: %s\n", text.c_str());
        return kUsage;
    };
    const Result<Duration> watch = parseDuration(options.watch);
    if (!watch)
        return usage("--watch: " + watch.error().message);
    if (*watch < 5s || *watch > 1h)
        return usage("--watch is " + options.watch + "; it is 5s to 1h");
    if (options.revision != 0)
        return usage("--revision is of one agent; with --agents each has its own");
    if (std::set(options.agents.begin(), options.agents.end()).size() != options.agents.size())
        return usage("--agents names a host twice");
    const Result<std::string> text = joinedRuleText(options.files);
    if (!text) {
        std::fprintf(stderr, "levee: %s\n", text.error().message.c_str());
        return kFailure;
    }
    std::signal(SIGINT, [](int) { interrupted = 1; });
    return Rollout(options, *text, *watch).run();
}

}  // namespace levee::cli
