// SPDX-License-Identifier: Apache-2.0
#include "agent/app/signal_board.h"

#include <QTest>

#include "agent/app/agent_counters.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

PackConfig pack(const std::string& name, const std::vector<std::string>& expressions) {
    PackConfig used;
    used.pack.name = name;
    for (std::size_t i = 0; i < expressions.size(); ++i)
        used.pack.signalList.push_back(
            {"s" + std::to_string(i), expressions[i], "count", "Help.", "normal"});
    return used;
}

}  // namespace

class SignalBoardTest : public QObject {
    Q_OBJECT
    test::ManualTimeSource time_;
    std::unique_ptr<LiveHistory> history_;
    std::unique_ptr<SignalBoard> board_;

    void scrape(int queues, double value) {
        ScrapeResult result;
        result.at = time_.monotonic();
        result.state.key = "t";
        result.state.health = TargetHealth::Up;
        for (int i = 0; i < queues; ++i)
            result.kept.push_back(
                {Series::make("depth", {{"queue", std::to_string(i)}, {"pack", "theirs"}}), value,
                 std::nullopt});
        history_->apply(result);
    }
private slots:
    void init() {
        history_ = std::make_unique<LiveHistory>(time_, SampleHistorySettings{});
        board_ = std::make_unique<SignalBoard>(*history_, time_);
    }
    void eachSignalSaysWhatItsFormulaGives() {
        board_->configure({pack("a", {"depth", "sum(depth) / 2", "1 + 1", "other"})});
        scrape(2, 4);
        const auto readings = board_->read();
        QCOMPARE(readings.size(), std::size_t{4});
        QCOMPARE(readings[0].elements.size(), std::size_t{2});
        QCOMPARE(readings[1].elements[0].value, 4.0);
        QCOMPARE(readings[2].elements[0].value, 2.0);
        QVERIFY(readings[3].elements.empty() && readings[3].problem.empty());
        QCOMPARE(readings[0].pack + '.' + readings[0].name, std::string("a.s0"));
    }
    void aFormulaThatCannotBeEvaluatedSaysWhy() {
        board_->configure({pack("a", {"depth / on (pack) depth"})});
        scrape(2, 4);
        QVERIFY(board_->read()[0].elements.empty());
        QVERIFY(board_->read()[0].problem.find("several series") != std::string::npos);
    }
    void itIsEvaluatedOnceASecondAtMost() {
        board_->configure({pack("a", {"depth"})});
        scrape(1, 1);
        QCOMPARE(board_->read()[0].elements[0].value, 1.0);
        time_.advance(SignalBoard::kEvery - 1ms);
        scrape(1, 2);
        QCOMPARE(board_->read()[0].elements[0].value, 1.0);
        time_.advance(1ms);
        QCOMPARE(board_->read()[0].elements[0].value, 2.0);
        board_->configure({pack("a", {"2 * depth"})});
        QCOMPARE(board_->read()[0].elements[0].value, 4.0);
    }
    void elementsAreBoundedAndTheRestIsCounted() {
        board_->configure({pack("a", {"depth"}), pack("b", {"depth"})});
        const int most = static_cast<int>(SignalBoard::kMostElements);
        scrape(most, 1);
        QCOMPARE(board_->read()[0].elements.size(), SignalBoard::kMostElements);
        QCOMPARE(board_->read()[0].leftOut, std::size_t{0});
        time_.advance(SignalBoard::kEvery);
        scrape(most + 1, 1);
        QCOMPARE(board_->read()[0].elements.size(), SignalBoard::kMostElements);
        QCOMPARE(board_->read()[0].leftOut, std::size_t{1});
        const std::vector<MetricValue> values = signalValues(board_->read());
        QCOMPARE(values.size(), 2 * SignalBoard::kMostElements + 2);
        QCOMPARE(values.back().value, 1.0);
        using Label = std::pair<std::string, std::string>;
        // The pack's own label wins.
        QCOMPARE(values[0].labels,
                 (std::vector<Label>{{"queue", "0"}, {"pack", "a"}, {"signal", "s0"}}));
    }
};

LEVEE_TEST(SignalBoardTest)
#include "signal_board_test.moc"
