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
        UpdateMailbox mailbox(4);
        for (std::int64_t i = 0; i < 4; ++i)
            QVERIFY(mailbox.put(numbered(i)));
        const auto taken = mailbox.takeAll();
        QCOMPARE(taken.size(), std::size_t{4});
        QCOMPARE(taken.back().delta->sequence, std::int64_t{3});
        QVERIFY(mailbox.takeAll().empty());
    }
    void aFullMailboxMakesTheReaderWaitAndLosesNothing() {
        UpdateMailbox mailbox(2);
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
    void closingEndsTheWait() {
        UpdateMailbox mailbox(1);
        QVERIFY(mailbox.put({}));
        std::atomic<bool> wasPut = true;
        std::thread reader([&] { wasPut = mailbox.put({}); });
        mailbox.close();
        reader.join();
        QVERIFY(!wasPut);
        QVERIFY(!mailbox.put({}));
    }

private:
    static LinkUpdate numbered(std::int64_t sequence) {
        LinkUpdate update;
        update.delta.emplace().sequence = sequence;
        return update;
    }
};

LEVEE_TEST(UpdateMailboxTest)
#include "update_mailbox_test.moc"
