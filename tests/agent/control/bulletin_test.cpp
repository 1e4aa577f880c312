// SPDX-License-Identifier: Apache-2.0
#include "agent/control/bulletin.h"

#include <QTest>
#include <thread>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

Event about(const std::string& subject) {
    Event event;
    event.subject = subject;
    return event;
}

std::shared_ptr<const AgentSnapshot> numbered(std::int64_t sequence) {
    auto snapshot = std::make_shared<AgentSnapshot>();
    snapshot->sequence = sequence;
    return snapshot;
}

}  // namespace

class BulletinTest : public QObject {
    Q_OBJECT
    RealTimeSource time_;
    std::vector<Event> kept_;
private slots:
    void init() { kept_.clear(); }

    void eventsCountOnFromTheDiskWithoutGaps() {
        Bulletin bulletin(time_, 41, [this](const Event& event) { kept_.push_back(event); });
        bulletin.add(about("a"));
        bulletin.add(about("b"));
        QCOMPARE(kept_.size(), std::size_t{2});
        QCOMPARE(kept_[0].id, std::int64_t{41});
        QCOMPARE(kept_[1].id, std::int64_t{42});
        QVERIFY(kept_[0].millis > 0);
        QCOMPARE(bulletin.eventsAfter(41, 10).size(), std::size_t{1});
        QCOMPARE(bulletin.eventsAfter(0, 1).front().subject, std::string("b"));
    }
    void onlyTheNewestThousandAreKeptInMemory() {
        Bulletin bulletin(time_, 1, [](const Event&) {});
        for (int i = 0; i < 1001; ++i)
            bulletin.add(about("x"));
        const auto all = bulletin.eventsAfter(0, 5000);
        QCOMPARE(all.size(), std::size_t{1000});
        QCOMPARE(all.front().id, std::int64_t{2});
    }
    void aReaderWakesForASnapshotAndForAnEvent() {
        Bulletin bulletin(time_, 1, [](const Event&) {});
        std::thread writer([&] { bulletin.publish(numbered(1)); });
        Bulletin::News news = bulletin.await(0, 0, 10s);
        writer.join();
        QVERIFY(news.snapshot != nullptr && news.events.empty());
        std::thread second([&] { bulletin.add(about("a")); });
        news = bulletin.await(1, 0, 10s);
        second.join();
        QVERIFY(news.snapshot == nullptr);
        QCOMPARE(news.events.size(), std::size_t{1});
    }
    void patienceEndsWithoutNews() {
        Bulletin bulletin(time_, 1, [](const Event&) {});
        const Bulletin::News news = bulletin.await(0, 0, 1ms);
        QVERIFY(news.snapshot == nullptr && news.events.empty() && !news.isClosed);
    }
    void closingLetsReadersGo() {
        Bulletin bulletin(time_, 1, [](const Event&) {});
        std::thread closer([&] { bulletin.close(); });
        QVERIFY(bulletin.await(0, 0, 10s).isClosed);
        closer.join();
    }
};

LEVEE_TEST(BulletinTest)
#include "bulletin_test.moc"
