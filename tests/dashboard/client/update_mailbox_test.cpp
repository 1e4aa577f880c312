// SPDX-License-Identifier: Apache-2.0
#include "dashboard/client/update_mailbox.h"

#include <QTest>
#include <atomic>
#include <thread>

#include "tests/support/test_registry.h"

using namespace levee;

class UpdateMailboxTest : public QObject {
    Q_OBJECT
private slots:
    void updatesComeOutInOrder() {
        UpdateMailbox mailbox(4, 100);
        for (std::int64_t i = 0; i < 4; ++i)
            QVERIFY(mailbox.put(numbered(i)));
        const auto taken = mailbox.takeAll();
        QCOMPARE(taken.size(), std::size_t{4});
        QCOMPARE(taken.back().delta->sequence, std::int64_t{3});
        QVERIFY(mailbox.takeAll().empty());
    }
    void aFullMailboxMakesTheReaderWaitAndLosesNothing() {
        UpdateMailbox mailbox(2, 100);
        std::thread reader([&] {
            for (std::int64_t i = 0; i < 100; ++i)
                mailbox.put(numbered(i));
        });
        std::int64_t expected = 0;
        while (expected < 100) {
            const auto taken = mailbox.takeAll();
            QVERIFY(taken.size() <= 2);
            for (const LinkUpdate& update : taken)
                QCOMPARE(update.delta->sequence, expected++);
            std::this_thread::yield();
        }
        reader.join();
    }
    void theReaderWaitsForTheCountAndForTheRows_data() {
        QTest::addColumn<int>("capacity");
        QTest::addColumn<int>("mostRows");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("fitting");
        QTest::newRow("count") << 3 << 1000 << 1 << 3;
        QTest::newRow("rows, the last one exceeds") << 100 << 10 << 4 << 3;
        QTest::newRow("rows, exactly") << 100 << 10 << 5 << 2;
        QTest::newRow("one larger than all room") << 100 << 10 << 5000 << 1;
    }
    void theReaderWaitsForTheCountAndForTheRows() {
        QFETCH(int, capacity);
        QFETCH(int, mostRows);
        QFETCH(int, rows);
        QFETCH(int, fitting);
        UpdateMailbox box{std::size_t(capacity), std::size_t(mostRows)};
        std::atomic<int> put{0};
        std::thread reader([&] {
            for (int i = 0; i < fitting + 1 && box.put(deltaOf(std::size_t(rows))); ++i)
                ++put;
        });
        QTRY_COMPARE(put.load(), fitting);
        std::size_t taken = box.takeAll().size();
        QTRY_COMPARE(put.load(), fitting + 1);
        reader.join();
        taken += box.takeAll().size();
        QCOMPARE(taken, std::size_t(fitting + 1));
    }
    void closingEndsTheWait() {
        UpdateMailbox mailbox(1, 100);
        QVERIFY(mailbox.put({}));
        std::atomic<bool> wasPut = true;
        std::thread reader([&] { wasPut = mailbox.put({}); });
        mailbox.close();
        reader.join();
        QVERIFY(!wasPut);
        QVERIFY(!mailbox.put({}));
    }

private:
    static LinkUpdate deltaOf(std::size_t rows) {
        LinkUpdate update;
        update.delta.emplace().nodes.resize(rows);
        return update;
    }
    static LinkUpdate numbered(std::int64_t sequence) {
        LinkUpdate update;
        update.delta.emplace().sequence = sequence;
        return update;
    }
};

LEVEE_TEST(UpdateMailboxTest)
#include "update_mailbox_test.moc"
