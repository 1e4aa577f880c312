// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/startup_memory.h"

#include <QTest>
#include <memory>
#include <vector>

#include "agent/runtime/process_usage.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {
constexpr double kMiB = 1024 * 1024;

double resident() {
    return processUsage().rssBytes / kMiB;
}

/// 32 MiB in blocks of the heap, all of them touched.
std::vector<std::unique_ptr<std::vector<char>>> blocks() {
    std::vector<std::unique_ptr<std::vector<char>>> all;
    for (int i = 0; i < 32 * 1024; ++i)
        all.push_back(std::make_unique<std::vector<char>>(1024, 'x'));
    return all;
}
}  // namespace

class StartupMemoryTest : public QObject {
    Q_OBJECT
private slots:
    void freeHeapGoesBack() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("sanitizers have a heap of their own");
#endif
        auto used = blocks();
        const auto last = std::make_unique<std::vector<char>>(1024, 'y');  // keeps the heap's end
        used.clear();
        const double before = resident();
        releaseStartupMemory();
        QVERIFY2(resident() < before - 16, qPrintable(QString::number(before - resident())));
        QCOMPARE((*last)[1023], 'y');
    }
    void whatIsInUseStaysWhatItIs() {
        auto used = blocks();
        static std::vector<int> numbers{1, 2, 3};
        const QString words = QStringLiteral("words");
        for (int i = 0; i < 3; ++i)
            releaseStartupMemory();
        for (const auto& block : used)
            QCOMPARE(block->at(1023), 'x');
        QCOMPARE(numbers.at(2), 3);
        QCOMPARE(words, QString("words"));
        QVERIFY_EXCEPTION_THROWN(numbers.at(3), std::out_of_range);
    }
};

LEVEE_TEST(StartupMemoryTest)
#include "startup_memory_test.moc"
