// SPDX-License-Identifier: Apache-2.0
// Shadow and enforce take the same decisions on the same input: recorded traffic of the demo, which
// payment fails in the middle of, damaged and at other speeds, under rules drawn at random.
// tests/data/control/demo_traffic.log: what the demo's gateway logged of payment (listener 0) and
// checkout->payment (1), without the traces.
#include <fmt/format.h>

#include <QTest>
#include <cmath>
#include <fstream>

#include "agent/control/guarded_listener.h"
#include "agent/enforce/log_line.h"
#include "rules/lang/rule_parser.h"
#include "shared/base/random.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

struct Recorded {
    RequestRecord request;
    Duration at{};  ///< when it had ended, from the first one on
};

std::vector<Recorded> demoTraffic() {
    std::ifstream file(LEVEE_TEST_DATA "/control/demo_traffic.log");
    std::vector<Recorded> traffic;
    std::int64_t first = 0;
    for (std::string line; std::getline(file, line);) {
        const auto parsed = parseLogLine(line);
        if (!parsed)
            qFatal("not a log line: %s", line.c_str());
        const std::int64_t end = parsed->record.arrivalMicros + parsed->record.durationMicros;
        first = traffic.empty() ? end : first;
        traffic.push_back({parsed->record, std::chrono::microseconds(end - first)});
    }
    return traffic;
}

/// A rule of a service and one of the call to it, with settings drawn at random.
std::string rules(Random& random, const char* mode) {
    const auto from = [&random](int low, int high) {
        return low + static_cast<int>(random.next() % static_cast<std::uint64_t>(high - low + 1));
    };
    std::string text = fmt::format(
        "apiVersion: levee/v1\nkind: Guard\nmetadata: {{name: edge}}\nspec:\n"
        "  mode: {}\n  match: {{client: checkout, service: payment}}\n"
        "  breaker: {{openFor: {}ms, ramp: {}ms, failureShare: {}%, minimumCalls: {}, "
        "consecutiveFailures: {}, slowerThan: {}ms, slowShare: {}%}}\n",
        mode, from(200, 5000), from(500, 5000), from(5, 90), from(5, 50), from(0, 30), from(1, 60),
        from(10, 90));
    text += fmt::format(
        "---\napiVersion: levee/v1\nkind: Guard\nmetadata: {{name: service}}\nspec:\n"
        "  mode: {}\n  match: {{service: payment}}\n  limiter: ",
        mode);
    const char* const limiters[] = {"{kind: adaptive}", "{kind: fixed, limit: 3}"};
    text += limiters[random.next() % 2];
    return text + "\n";
}

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

}  // namespace

class ShadowTest : public QObject {
    Q_OBJECT

    static ListenerConfig listener(Direction direction) {
        ListenerConfig config;
        config.direction = direction;
        config.client = direction == Direction::Outbound ? "checkout" : "";
        config.service = "payment";
        config.targets = {"127.0.0.1:1"};
        return config;
    }

    /// One guard in either mode.
    struct Pair {
        Pair(Direction direction, const RuleSet& enforced, const RuleSet& watched,
             std::uint64_t seed, MonotonicTime now)
            : enforce(listener(direction), seed, now), shadow(listener(direction), seed, now) {
            enforce.setRules({1, enforced}, now);
            shadow.setRules({1, watched}, now);
        }
        GuardedListener enforce;
        GuardedListener shadow;
    };

    static void compare(Pair& pair, MonotonicTime now) {
        const GuardState a = pair.enforce.state(nullptr, now);
        const GuardState b = pair.shadow.state(nullptr, now);
        QCOMPARE(a.mode, GuardMode::Enforce);
        QCOMPARE(b.mode, GuardMode::Shadow);
        QCOMPARE(a.breaker, b.breaker);
        QCOMPARE(a.trips, b.trips);
        for (const auto field :
             {&GuardState::admitShare, &GuardState::distanceToTrip, &GuardState::failureShare,
              &GuardState::slowShare, &GuardState::reopenInSeconds, &GuardState::limit,
              &GuardState::queueLimit, &GuardState::baseline, &GuardState::inFlight})
            QVERIFY2(same(a.*field, b.*field),
                     fmt::format("{}: {} and {}", a.subject, a.*field, b.*field).c_str());
        // What shadow only says, enforce does.
        const DesiredState::Listener done = pair.enforce.desired();
        const DesiredState::Listener left = pair.shadow.desired();
        QCOMPARE(done.admitShare, b.admitShare);
        if (b.hasLimit)
            QCOMPARE(static_cast<double>(done.maxInFlight), b.limit);
        QCOMPARE(left.admitShare, 1.0);
        QCOMPARE(left.maxInFlight, 0U);
        const std::vector<Event> did = pair.enforce.takeEvents();
        const std::vector<Event> said = pair.shadow.takeEvents();
        QCOMPARE(did.size(), said.size());
        for (std::size_t i = 0; i < did.size(); ++i) {
            QCOMPARE("in shadow: " + did[i].text, said[i].text);
            QCOMPARE(did[i].counterfactual, said[i].counterfactual);
        }
    }

private slots:
    void bothDecideTheSame() {
        const std::vector<Recorded> traffic = demoTraffic();
        QVERIFY(traffic.size() > 1000);
        int trips = 0;
        int cuts = 0;
        for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
            Random random(seed);
            Random twin(seed);
            const ParsedRules enforced = parseRules(rules(random, "enforce"), "enforce.yaml");
            const ParsedRules watched = parseRules(rules(twin, "shadow"), "shadow.yaml");
            QVERIFY2(!hasErrors(enforced.diagnostics), format(enforced.diagnostics).c_str());
            MonotonicTime now{1h};
            Pair service(Direction::Inbound, enforced.rules, watched.rules, seed, now);
            Pair edge(Direction::Outbound, enforced.rules, watched.rules, seed, now);
            // The first run is what was recorded.
            const double speed = seed == 1 ? 1 : 0.5 + 1.5 * random.uniform();
            const double lost = seed == 1 ? 0 : 0.3 * random.uniform();
            const double failing = seed == 1 ? 0 : 0.2 * random.uniform();
            MonotonicTime tick = now + 100ms;
            for (const Recorded& each : traffic) {
                const auto at =
                    MonotonicTime(1h) + std::chrono::duration_cast<Duration>(each.at / speed);
                for (; tick <= at; tick += 100ms) {
                    for (Pair* pair : {&service, &edge}) {
                        pair->enforce.tick(100ms, tick);
                        pair->shadow.tick(100ms, tick);
                        compare(*pair, tick);
                        if (QTest::currentTestFailed())
                            return;
                    }
                }
                if (random.uniform() < lost)
                    continue;
                RequestRecord request = each.request;
                if (request.outcome == Outcome::Success && random.uniform() < failing)
                    request.outcome = Outcome::Failure;
                Pair& pair = request.listener == 0 ? service : edge;
                const MonotonicTime began = at - std::chrono::microseconds(request.durationMicros);
                pair.enforce.add(request, began, at);
                pair.shadow.add(request, began, at);
            }
            trips += edge.enforce.state(nullptr, tick).trips;
            cuts += service.enforce.state(nullptr, tick).limit < 1000 ? 1 : 0;
        }
        // Nothing is proven by guards that never act.
        QVERIFY2(trips > 500 && cuts > 500,
                 fmt::format("{} trips, {} limits", trips, cuts).c_str());
    }
};

LEVEE_TEST(ShadowTest)
#include "shadow_test.moc"
