// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/note_book.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class NoteBookTest : public QObject {
    Q_OBJECT
private slots:
    void aNoteIsThereAfterARestart() {
        const QString path = dir_.filePath("deep/er/notes.jsonl");
        NoteBook book(path);
        const QSignalSpy changed(&book, &NoteBook::changed);
        QVERIFY(book.add({2'000, "ana", "payment", "  pool \"exhausted\"\n"}).isOk());
        QVERIFY(book.add({1'000, "ben", "", "支付失败"}).isOk());
        QCOMPARE(changed.count(), 2);
        const NoteBook again(path);
        QCOMPARE(again.notes().size(), std::size_t{2});
        QCOMPARE(again.notes()[0], (Note{1'000, "ben", "", "支付失败"}));
        QCOMPARE(again.notes()[1], (Note{2'000, "ana", "payment", "pool \"exhausted\""}));
    }
    void nothingIsNoNote() {
        NoteBook book;
        QVERIFY(book.add({1, "ana", "", " \t"}).isOk());
        QVERIFY(book.notes().empty());
    }
    void aBrokenLineIsPassedOverAndCounted() {
        const QString path = dir_.filePath("broken.jsonl");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            "{\"millis\":5,\"text\":\"kept\"}\nnot json\n{\"millis\":-1,\"text\":\"x\"}\n{\"mil");
        file.close();
        const NoteBook book(path);
        QCOMPARE(book.notes().size(), std::size_t{1});
        QCOMPARE(book.unreadable(), 3);
    }
    void theOldestGoesWhenThereAreTooMany() {
        NoteBook book;
        for (std::size_t i = 0; i < NoteBook::kMost; ++i)
            QVERIFY(book.add({static_cast<std::int64_t>(i + 1), "", "", "x"}).isOk());
        QCOMPARE(book.notes().size(), NoteBook::kMost);
        QVERIFY(book.add({9'999, "", "", "one more"}).isOk());
        QCOMPARE(book.notes().size(), NoteBook::kMost);
        QCOMPARE(book.notes().front().millis, std::int64_t{2});
    }
    void aLongTextIsCut() {
        NoteBook book;
        QVERIFY(book.add({1, "", "", std::string(NoteBook::kLongestText + 1, 'x')}).isOk());
        QCOMPARE(book.notes()[0].text.size(), std::size_t{NoteBook::kLongestText});
    }
    void aFileThatCannotBeWrittenIsSaidAndTheNoteStays() {
        NoteBook book("/proc/levee/notes.jsonl");
        const Status status = book.add({1, "", "", "x"});
        QVERIFY(!status.isOk());
        QVERIFY(status.error().message.find("/proc/levee/notes.jsonl") != std::string::npos);
        QCOMPARE(book.notes().size(), std::size_t{1});
    }

private:
    QTemporaryDir dir_;
};

LEVEE_TEST(NoteBookTest)
#include "note_book_test.moc"
