// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/text_diff.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <random>

#include "tests/support/test_registry.h"

using namespace levee;

class TextDiffTest : public QObject {
    Q_OBJECT
private slots:
    void nothingForTheSame() { QCOMPARE(unifiedDiff("a\n", "a\n", "x", "y"), std::string()); }
    void aChangedLineStandsInItsContext() {
        QCOMPARE(unifiedDiff("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nfive\n6\n", "x", "y"),
                 std::string("--- x\n+++ y\n@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5\n+five\n 6\n"));
    }
    void aFileThatWasNotThere() {
        QCOMPARE(unifiedDiff("", "1\n2\n", "/dev/null", "y"),
                 std::string("--- /dev/null\n+++ y\n@@ -0,0 +1,2 @@\n+1\n+2\n"));
    }
    void aMissingLastNewlineIsSaid() {
        QCOMPARE(unifiedDiff("a", "a\n", "x", "y"),
                 std::string("--- x\n+++ y\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"));
    }
    /// patch(1) makes the one out of the other, whatever they are.
    void patchAppliesIt() {
        if (QProcess::execute("patch", {"--version"}) != 0)
            QSKIP("patch is not installed");
        QTemporaryDir directory;
        std::mt19937 random(7);
        for (int round = 0; round < 60; ++round) {
            std::string texts[2];
            for (std::string& text : texts) {
                const unsigned lines = random() % (round % 10 == 9 ? 3000 : 25);
                for (unsigned i = 0; i < lines; ++i)
                    text += std::string(1, static_cast<char>('a' + random() % 3)) + "\n";
                if (!text.empty() && random() % 3 == 0)
                    text.pop_back();
            }
            const std::string file = directory.filePath("f").toStdString();
            const std::string diff = file + ".diff";
            std::ofstream(file) << texts[0];
            std::ofstream(diff) << unifiedDiff(texts[0], texts[1], "f", "f");
            if (texts[0] == texts[1])
                continue;
            QProcess patch;
            patch.start("patch", {"-s", "--no-backup-if-mismatch", QString::fromStdString(file),
                                  QString::fromStdString(diff)});
            QVERIFY(patch.waitForFinished());
            QVERIFY2(patch.exitCode() == 0, patch.readAllStandardOutput());
            std::ifstream made(file);
            const std::string text((std::istreambuf_iterator<char>(made)), {});
            QCOMPARE(text, texts[1]);
        }
    }
};

LEVEE_TEST(TextDiffTest)
#include "text_diff_test.moc"
