// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/event_queue.h"

#include <QTest>
#include <algorithm>

#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::simulator;

class EventQueueTest : public QObject {
    Q_OBJECT
private slots:
    void eventsComeInOrderOfTimeWhateverTheOrderOfScheduling() {
        EventQueue queue;
        Random random(3);
        std::vector<double> times;
        double now = 0;
        for (int k = 0; k < 20'000; ++k) {  // grows, shrinks, and is scheduled into while it runs
            if (queue.isEmpty() || random.uniform() < (k < 10'000 ? 0.7 : 0.3)) {
                const double at = now + random.uniform();
                times.push_back(at);
                queue.push(at, EventKind::Arrival, 0);
            } else {
                const auto least = std::min_element(times.begin(), times.end());
                QCOMPARE(queue.next().at, *least);
                now = *least;
                times.erase(least);
                queue.pop();
            }
        }
        for (std::sort(times.begin(), times.end()); !queue.isEmpty(); queue.pop()) {
            QCOMPARE(queue.next().at, times.front());
            times.erase(times.begin());
        }
        QVERIFY(times.empty());
    }

    void eventsOfTheSameInstantComeInOrderOfScheduling() {
        EventQueue queue;
        for (std::uint32_t k = 0; k < 1000; ++k) {
            queue.push(k % 2 == 0 ? 1.0 : 2.0, k % 3 == 0 ? EventKind::WorkDone : EventKind::Fail,
                       k, k + 7);
        }
        for (std::uint32_t k = 0; k < 1000; ++k, queue.pop()) {
            const std::uint32_t expected = k < 500 ? 2 * k : 2 * (k - 500) + 1;
            QCOMPARE(queue.next().index, expected);
            QCOMPARE(queue.next().stamp, expected + 7);
            QVERIFY(queue.next().kind() ==
                    (expected % 3 == 0 ? EventKind::WorkDone : EventKind::Fail));
        }
    }
};

LEVEE_TEST(EventQueueTest)
#include "event_queue_test.moc"
