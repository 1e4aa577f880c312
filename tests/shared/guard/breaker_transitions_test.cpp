// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/breaker_transitions.h"

#include <QTest>
#include <set>
#include <utility>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

// One row a state, one column an event, in the order of the declarations; '.' is illegal.
// D disabled, C closed, O open, H half-open, R ramp, o forced open, c forced closed.
constexpr const char* kExpected[kBreakerStates] = {
    // Trip, OpenElapsed, ProbesPassed, ProbesFailed, RampFailed, RampDone, Enable, Disable,
    // ForceOpen, ForceClosed, ForceEnds
    "......C.oc.",  // Disabled
    "O.....CDoc.",  // Closed
    ".H.....Doc.",  // Open
    "..RO...Doc.",  // HalfOpen
    "....OC.Doc.",  // Ramp
    ".......DocH",  // ForcedOpen
    ".......DocC",  // ForcedClosed
};

BreakerState stateOf(char c) {
    switch (c) {
        case 'D':
            return BreakerState::Disabled;
        case 'C':
            return BreakerState::Closed;
        case 'O':
            return BreakerState::Open;
        case 'H':
            return BreakerState::HalfOpen;
        case 'R':
            return BreakerState::Ramp;
        case 'o':
            return BreakerState::ForcedOpen;
        default:
            return BreakerState::ForcedClosed;
    }
}

}  // namespace

class BreakerTransitionsTest : public QObject {
    Q_OBJECT
private slots:
    void everyCellOfTheTableIsAsDrawn() {
        for (std::size_t s = 0; s < kBreakerStates; ++s) {
            QCOMPARE(std::char_traits<char>::length(kExpected[s]), kBreakerEvents);
            for (std::size_t e = 0; e < kBreakerEvents; ++e) {
                const auto next =
                    nextState(static_cast<BreakerState>(s), static_cast<BreakerEvent>(e));
                const char expected = kExpected[s][e];
                QCOMPARE(next.has_value(), expected != '.');
                if (next) {
                    QCOMPARE(*next, stateOf(expected));
                }
            }
        }
    }
    void noPairStandsInTheTableTwice() {
        std::set<std::pair<BreakerState, BreakerEvent>> seen;
        for (const BreakerTransition& t : kBreakerTransitions) {
            QVERIFY(seen.insert({t.from, t.event}).second);
        }
    }
};

LEVEE_TEST(BreakerTransitionsTest)
#include "breaker_transitions_test.moc"
