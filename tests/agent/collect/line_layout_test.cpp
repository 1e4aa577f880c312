// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/line_layout.h"

#include <QTest>
#include <string>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr std::size_t kMany = 1000;

std::string line(int i) {
    return "name{id=\"" + std::to_string(i) + "\"} ";
}

/// A layout that knows lines 0 to n - 1, tagged with their numbers.
LineLayout layoutOf(int n) {
    LineLayout layout;
    layout.begin(kMany);
    for (int i = 0; i < n; ++i)
        layout.add(line(i), static_cast<std::uint32_t>(i));
    layout.end();
    layout.begin(kMany);
    return layout;
}

/// The tag of the line that a text begins with, or -1; it is accepted.
int found(LineLayout& layout, const std::string& text) {
    const LineLayout::Line* known = layout.find(text);
    if (known == nullptr)
        return -1;
    const auto tag = known->tag;
    layout.accept(*known, tag);
    return static_cast<int>(tag);
}

}  // namespace

class LineLayoutTest : public QObject {
    Q_OBJECT
private slots:
    void aLineIsKnownByItsBeginning() {
        LineLayout layout = layoutOf(3);
        QCOMPARE(found(layout, line(0) + "17\n"), 0);
        QCOMPARE(found(layout, line(1) + "17 5\n" + line(2)), 1);
        QCOMPARE(found(layout, "name{id=\"2\"}\t1\n"), -1);
        QCOMPARE(found(layout, line(2)), 2);
        QCOMPARE(found(layout, line(2)), -1);
    }
    void oneByteMakesAnotherLine() {
        for (const std::size_t size : {1UL, 7UL, 8UL, 15UL, 16UL, 17UL, 31UL, 32UL, 33UL, 100UL}) {
            const std::string text(size, 'a');
            LineLayout layout;
            layout.begin(kMany);
            layout.add(text, 0);
            layout.end();
            layout.begin(kMany);
            for (std::size_t at = 0; at < size; ++at) {
                std::string other = text;
                other[at] = 'b';
                QVERIFY(layout.find(other) == nullptr);
            }
            QVERIFY(layout.find(text) != nullptr);
            QVERIFY(layout.find(text.substr(1)) == nullptr);
        }
    }
    void missingLinesArePassedOverUpToTheLookAhead() {
        constexpr int kAhead = static_cast<int>(LineLayout::kLookAhead);
        LineLayout layout = layoutOf(100);
        QCOMPARE(found(layout, line(kAhead - 1)), kAhead - 1);
        QCOMPARE(found(layout, line(2 * kAhead)), -1);
        QCOMPARE(found(layout, line(2 * kAhead - 1)), 2 * kAhead - 1);
    }
    void newAndMissingLinesAreRemembered() {
        LineLayout layout = layoutOf(4);
        QCOMPARE(found(layout, line(0)), 0);
        layout.add("new 1", 9);
        QCOMPARE(found(layout, line(2)), 2);
        layout.end();
        QCOMPARE(layout.size(), std::size_t{3});
        layout.begin(kMany);
        QCOMPARE(found(layout, line(0)), 0);
        QCOMPARE(found(layout, "new 1"), 9);
        QCOMPARE(found(layout, line(2)), 2);
    }
    void aShorterScrapeForgetsTheRest() {
        LineLayout layout = layoutOf(4);
        QCOMPARE(found(layout, line(0)), 0);
        layout.end();
        QCOMPARE(layout.size(), std::size_t{1});
    }
    void noMoreLinesAreRememberedThanAllowed() {
        LineLayout layout;
        layout.begin(3);
        for (int i = 0; i < 4; ++i)
            layout.add(line(i), static_cast<std::uint32_t>(i));
        layout.end();
        QCOMPARE(layout.size(), std::size_t{3});
        layout.begin(3);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(found(layout, line(i)), i);
        QCOMPARE(found(layout, line(3)), -1);
        layout.begin(3);
        layout.add("new 1", 9);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(found(layout, line(i)), i);
        layout.end();
        QCOMPARE(layout.size(), std::size_t{3});
    }
    void aPassedLineIsNotRemembered() {
        LineLayout layout = layoutOf(3);
        QCOMPARE(found(layout, line(0)), 0);
        layout.pass(*layout.find(line(1)));
        QCOMPARE(found(layout, line(2)), 2);
        layout.end();
        QCOMPARE(layout.size(), std::size_t{2});
        layout.forget();
        QCOMPARE(layout.size(), std::size_t{0});
        QVERIFY(layout.find(line(0)) == nullptr);
    }
};

LEVEE_TEST(LineLayoutTest)
#include "line_layout_test.moc"
