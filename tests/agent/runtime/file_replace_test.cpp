// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/file_replace.h"

#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class FileReplaceTest : public QObject {
    Q_OBJECT
private slots:
    void aFileIsReplacedWhole() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath("f").toStdString();
        QVERIFY(replaceFile(path, "old and long"));
        QVERIFY(replaceFile(path, "new"));
        QCOMPARE(*readFile(path, 100), std::string("new"));
    }
    void aFileThatHasTheContentAlreadyIsLeftAlone() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath("f").toStdString();
        const auto node = [&path] {
            struct stat file {};
            return ::stat(path.c_str(), &file) == 0 ? file.st_ino : 0;
        };
        QVERIFY(replaceFile(path, "same"));
        const auto first = node();
        QVERIFY(replaceFile(path, "same"));
        QCOMPARE(node(), first);
        QVERIFY(replaceFile(path, "other"));
        QVERIFY(node() != first);
        QVERIFY(replaceFile(path, "othe"));
        QCOMPARE(*readFile(path, 100), std::string("othe"));
    }
    void aFileAtTheLimitIsReadAndOneByteMoreIsNot() {
        const QTemporaryDir directory;
        const std::string path = directory.filePath("f").toStdString();
        QVERIFY(replaceFile(path, std::string(10'000, 'x')));
        QVERIFY(readFile(path, 10'000));
        QCOMPARE(readFile(path, 9'999).error().kind, ErrorKind::Exhausted);
    }
    void missingPlacesAreNamed() {
        QCOMPARE(readFile("/nowhere/f", 1).error().kind, ErrorKind::NotFound);
        const Status status = replaceFile("/nowhere/f", "x");
        QVERIFY(!status);
        QVERIFY(status.error().message.find("/nowhere/f") != std::string::npos);
    }
};

LEVEE_TEST(FileReplaceTest)
#include "file_replace_test.moc"
