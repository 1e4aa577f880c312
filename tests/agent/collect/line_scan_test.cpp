// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/line_scan.h"

#include <QTest>
#include <memory>
#include <string>

#include "tests/support/test_registry.h"

using namespace levee;

class LineScanTest : public QObject {
    Q_OBJECT
private slots:
    /// Every place in and around the blocks of 16 and 32 bytes, in an exact heap copy, so that a
    /// sanitizer sees a read beyond it.
    void theFirstStopIsFound() {
        for (std::size_t size = 1; size < 100; ++size) {
            for (std::size_t stop = 0; stop < size; ++stop) {
                const auto text = std::make_unique<char[]>(size);
                for (std::size_t i = 0; i < size; ++i)
                    text[i] = i < stop ? 'x' : i % 2 == 0 ? '"' : '\n';
                unsigned char seen = 0;
                QVERIFY((findFirstOf<'"', '\n'>(text.get(), text.get() + size, seen)) ==
                        text.get() + stop);
                QCOMPARE(seen & 0x80, 0);
            }
        }
    }
    void bytesThatAreNotAsciiAreSeenBeforeTheStopOnly() {
        for (std::size_t stop = 0; stop < 80; ++stop) {
            for (std::size_t high = 0; high < 80; ++high) {
                std::string text(80, 'x');
                text[high] = '\xc3';
                text[stop] = '"';
                unsigned char seen = 0;
                const char* found = findFirstOf<'"'>(text.data(), text.data() + text.size(), seen);
                QVERIFY(found == text.data() + stop);
                QCOMPARE((seen & 0x80) != 0, high < stop);
            }
        }
    }
};

LEVEE_TEST(LineScanTest)
#include "line_scan_test.moc"
