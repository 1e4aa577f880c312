// SPDX-License-Identifier: Apache-2.0
#include "dashboard/model/picture_history.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr std::int64_t kStart = 1'700'000'000'000;

std::shared_ptr<const FleetView> picture(std::int64_t millis, std::size_t nodes = 1) {
    auto fleet = std::make_shared<FleetView>();
    fleet->millis = millis;
    fleet->nodes = std::vector<FleetNode>(nodes);
    return fleet;
}

}  // namespace

class PictureHistoryTest : public QObject {
    Q_OBJECT
private slots:
    void theNewestThatIsNotLaterIsFound() {
        PictureHistory history;
        QCOMPARE(history.at(kStart), nullptr);
        for (int i = 0; i < 10; ++i)
            history.record(picture(kStart + i * 2'000), MonotonicTime(std::chrono::seconds(i)));
        QCOMPARE(history.size(), std::size_t{10});
        QCOMPARE(history.at(kStart + 4'000)->fleet->millis, kStart + 4'000);
        QCOMPARE(history.at(kStart + 5'999)->fleet->millis, kStart + 4'000);
        QCOMPARE(history.at(kStart + 5'999)->shownAt, MonotonicTime(std::chrono::seconds(2)));
        QCOMPARE(history.at(kStart - 1)->fleet->millis, kStart);
        QCOMPARE(history.at(kStart + 99'000)->fleet->millis, kStart + 18'000);
    }
    void picturesThatFollowTooCloselyAreNotKept() {
        PictureHistory history;
        history.record(picture(kStart), {});
        history.record(picture(kStart + PictureHistory::kLeastGapMillis - 1), {});
        QCOMPARE(history.size(), std::size_t{1});
        history.record(picture(kStart + PictureHistory::kLeastGapMillis), {});
        QCOMPARE(history.size(), std::size_t{2});
    }
    void whatIsOlderThanAnHourGoes() {
        PictureHistory history;
        history.record(picture(kStart), {});
        history.record(picture(kStart + 2'000), {});
        history.record(picture(kStart + PictureHistory::kHorizonMillis), {});
        QCOMPARE(history.oldestMillis(), kStart);
        history.record(picture(kStart + PictureHistory::kHorizonMillis + 2'000), {});
        QCOMPARE(history.oldestMillis(), kStart + 2'000);
    }
    void aClockThatWasSetBackBeginsAnew() {
        PictureHistory history;
        history.record(picture(kStart + 10'000), {});
        history.record(picture(kStart), {});
        QCOMPARE(history.size(), std::size_t{1});
        QCOMPARE(history.oldestMillis(), kStart);
    }
    void theNumberOfPicturesHasABoundAndTheWayBackStays() {
        PictureHistory history;
        for (std::size_t i = 0; i < PictureHistory::kMostPictures; ++i)
            history.record(picture(kStart + static_cast<std::int64_t>(i) * 2'000), {});
        QCOMPARE(history.size(), PictureHistory::kMostPictures);
        QCOMPARE(history.thinned(), std::size_t{0});
        history.record(
            picture(kStart + static_cast<std::int64_t>(PictureHistory::kMostPictures) * 2'000), {});
        QVERIFY(history.size() < PictureHistory::kMostPictures);
        QVERIFY(history.thinned() > 0);
        QCOMPARE(history.oldestMillis(), kStart);
    }
    void theMemoryHasABound() {
        PictureHistory history(1'000'000);
        for (int i = 0; i < 500; ++i) {
            history.record(picture(kStart + i * 2'000, 100), {});
            QVERIFY(history.bytes() <= 1'000'000);
        }
        QVERIFY(history.size() > 4);
        QVERIFY(history.thinned() > 0);
        // One that is too large by itself is the only one.
        history.record(picture(kStart + 2'000'000, 10'000), {});
        QCOMPARE(history.size(), std::size_t{1});
        QCOMPARE(history.oldestMillis(), kStart + 2'000'000);
    }
    void rowsThatPicturesShareAreCountedOnce() {
        PictureHistory history;
        auto first = std::make_shared<FleetView>(*picture(kStart, 1'000));
        history.record(first, {});
        const std::size_t one = history.bytes();
        auto second = std::make_shared<FleetView>(*first);
        second->millis += 2'000;
        history.record(second, {});
        QVERIFY(history.bytes() < one + one / 10);
    }
};

LEVEE_TEST(PictureHistoryTest)
#include "picture_history_test.moc"
