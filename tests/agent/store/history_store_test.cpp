// SPDX-License-Identifier: Apache-2.0
#include "agent/store/history_store.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "agent/store/database.h"
#include "tests/support/model_builders.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr std::int64_t kStart = 1'700'000'040'000;  // not aligned to a block

std::shared_ptr<const AgentSnapshot> second(std::int64_t millis, double rate) {
    auto snapshot = std::make_shared<AgentSnapshot>();
    snapshot->millis = millis;
    snapshot->nodes = {test::makeNode("payment")};
    snapshot->nodes[0].traffic.requestRate = rate;
    snapshot->edges = {test::makeEdge("checkout", "payment")};
    return snapshot;
}

Event opened(std::int64_t id, const std::string& subject) {
    return {id,
            kStart + id,
            EventKind::Breaker,
            EventSeverity::Warning,
            subject,
            "opened",
            "r",
            3,
            "a=1",
            "would have stayed closed at a >= 2"};
}

}  // namespace

class HistoryStoreTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> directory_;

    std::unique_ptr<HistoryStore> open() {
        auto store = HistoryStore::open(directory_->path().toStdString(), kStart);
        return store ? std::move(*store) : nullptr;
    }
    /// Hands over `seconds` seconds, waiting for the disk now and then so that none is dropped.
    static void fill(HistoryStore& store, int seconds) {
        for (int i = 0; i < seconds; ++i) {
            store.record(second(kStart + i * 1000LL, i));
            if (i % 50 == 49)
                store.flush();
        }
        store.flush();
    }
private slots:
    void init() { directory_ = std::make_unique<QTemporaryDir>(); }

    void everySecondComesBack() {
        const auto store = open();
        fill(*store, 300);
        const auto points = store->series("payment", kStart, kStart + 300'000);
        QVERIFY(points.isOk());
        QCOMPARE(points->size(), std::size_t{300});
        QCOMPARE(points->front().millis, kStart);
        QCOMPARE(points->back().traffic.requestRate, 299.0);
        QCOMPARE(store->series("checkout->payment", kStart, kStart + 300'000)->size(),
                 std::size_t{300});
        QVERIFY(store->series("nobody", kStart, kStart + 300'000)->empty());
    }
    void whatWasUsedAndHowFarItWasComesBack() {
        const auto store = open();
        for (int i = 0; i < 60; ++i) {
            auto snapshot = std::make_shared<AgentSnapshot>(*second(kStart + i * 1000LL, i));
            snapshot->agent.host = "web-3";
            snapshot->host = test::makeHost();
            snapshot->nodes[0].usage.cpuCores = i % 2;
            snapshot->nodes[0].usage.cpuPressure = i % 2 * 0.5;
            snapshot->edges[0].sockets.minRtt = 0.25 * (1 + i % 2);
            store->record(std::move(snapshot));
        }
        store->flush();
        const auto node = store->series("payment", kStart, kStart + 60'000);
        QCOMPARE(node->at(1).footprint.cpuCores, 1.0);
        QVERIFY(std::isnan(node->at(1).footprint.rtt));
        const auto edge = store->series("checkout->payment", kStart, kStart + 60'000);
        QCOMPARE(edge->at(0).footprint.minRtt, 0.25);
        QVERIFY(std::isnan(edge->at(0).footprint.cpuCores));
        const auto host = store->series("host:web-3", kStart, kStart + 60'000);
        QCOMPARE(host->size(), std::size_t{60});
        QVERIFY(std::abs(host->at(0).footprint.cpuCores - 4 * 0.63) < 1e-6);
        QCOMPARE(host->at(0).footprint.memoryBytes, 2e9);
        // Ten seconds: the mean of what was used, the worst wait, the shortest way.
        const auto coarse = store->series("payment", kStart - 3 * 3'600'000LL, kStart + 60'000);
        QVERIFY(coarse->size() > 2);
        QCOMPARE(coarse->at(1).footprint.cpuCores, 0.5);
        QCOMPARE(coarse->at(1).footprint.cpuPressure, 0.5);
        const auto coarseEdge =
            store->series("checkout->payment", kStart - 3 * 3'600'000LL, kStart + 60'000);
        QCOMPARE(coarseEdge->at(1).footprint.minRtt, 0.25);
    }
    void itSurvivesARestart() {
        fill(*open(), 150);
        const auto store = open();
        QCOMPARE(store->series("payment", kStart, kStart + 300'000)->size(), std::size_t{150});
        store->record(second(kStart + 150'000, 7));
        store->flush();
        QCOMPARE(store->series("payment", kStart, kStart + 300'000)->back().traffic.requestRate,
                 7.0);
    }
    void aLongRangeComesCoarser() {
        const auto store = open();
        fill(*store, 1200);
        const auto points = store->series("payment", kStart - 3 * 3'600'000LL, kStart + 1'200'000);
        QVERIFY(points->size() >= 118 && points->size() <= 121);
        QCOMPARE(points->at(1).traffic.requestRate, 14.5);  // mean of 10 to 19
    }
    void oldSecondsArePrunedAndCoarserOnesKept() {
        const auto store = open();
        fill(*store, 130);
        store->record(second(kStart + 5 * 3'600'000LL, 1));
        store->flush();
        QVERIFY(store->series("payment", kStart, kStart + 130'000)->empty());
        QVERIFY(!store->series("payment", kStart - 3 * 3'600'000LL, kStart + 130'000)->empty());
    }
    void eventsComeInOrderAndBySubject() {
        const auto store = open();
        store->append({opened(1, "a"), opened(2, "b")});
        store->append({opened(3, "a")});
        const auto all = store->events(0, 10, "");
        QCOMPARE(all->size(), std::size_t{3});
        QCOMPARE(all->at(2).id, std::int64_t{3});
        QCOMPARE(all->at(0).detail, std::string("a=1"));
        QCOMPARE(all->at(0).counterfactual, std::string("would have stayed closed at a >= 2"));
        QCOMPARE(store->events(1, 10, "a")->size(), std::size_t{1});
        QCOMPARE(store->events(0, 2, "")->front().id, std::int64_t{2});
        QCOMPARE(store->newestEventId(), std::int64_t{3});
    }
    void aFileThatDoesNotKnowCounterfactualsKeepsItsEvents() {
        const std::string path = directory_->filePath("history.db").toStdString();
        {
            auto old = Database::open(path, Durability::Normal, kStart);
            QVERIFY(old->execute(
                "CREATE TABLE event(id INTEGER PRIMARY KEY, millis INTEGER NOT NULL, kind INTEGER "
                "NOT NULL, severity INTEGER NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, "
                "rule TEXT NOT NULL, revision INTEGER NOT NULL, detail TEXT NOT NULL);"
                "INSERT INTO event VALUES(1, 1700000000000, 0, 2, 'a', 'opened', 'r', 3, 'a=1')"));
        }
        const auto store = open();
        QVERIFY(store != nullptr);
        store->append({opened(2, "a")});
        const auto all = store->events(0, 10, "");
        QCOMPARE(all->size(), std::size_t{2});
        QCOMPARE(all->at(0).text, std::string("opened"));
        QCOMPARE(all->at(0).counterfactual, std::string());
        QCOMPARE(all->at(1).counterfactual, std::string("would have stayed closed at a >= 2"));
    }
    void learnedStateComesBack() {
        open()->saveState("guards", std::string("a\0b", 3));
        QCOMPARE(open()->loadState("guards"), std::string("a\0b", 3));
        QCOMPARE(open()->loadState("other"), std::string());
    }
    void aDamagedFileIsPutAsideAndNamed() {
        fill(*open(), 150);
        QFile file(directory_->filePath("history.db"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.write(QByteArray(4096, 'x'));
        file.close();
        const auto store = open();
        QVERIFY(store != nullptr);
        QVERIFY(store->notice().find("history.db.damaged-") != std::string::npos);
        QVERIFY(store->series("payment", kStart, kStart + 300'000)->empty());
        QCOMPARE(QDir(directory_->path()).entryList({"*.damaged-*"}).size(), 1);
    }
    void aFullQueueDropsWholeSecondsAndCountsThem() {
        const auto store = open();
        for (int i = 0; i < 20'000; ++i)
            store->record(second(kStart + i * 1000LL, 1));
        store->flush();
        const HistoryStats stats = store->stats();
        QCOMPARE(stats.secondsWritten + stats.secondsDropped, std::uint64_t{20'000});
        QCOMPARE(stats.failures, std::uint64_t{0});
    }
    void aDirectoryThatIsNotThereIsAnError() {
        const auto store = HistoryStore::open("/nonexistent/levee", kStart);
        QVERIFY(!store);
        QVERIFY(store.error().message.find("/nonexistent/levee/history.db") != std::string::npos);
    }
};

LEVEE_TEST(HistoryStoreTest)
#include "history_store_test.moc"
