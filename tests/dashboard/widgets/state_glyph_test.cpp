// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/state_glyph.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include "dashboard/widgets/theme.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr VisualState kStates[] = {
    VisualState::Idle,      VisualState::Ok,   VisualState::Degraded, VisualState::Failing,
    VisualState::Throttled, VisualState::Open, VisualState::Stale};

QImage drawn(VisualState state) {
    Theme grey = Theme::dark();
    // One colour for all: only the shape is left to tell them apart.
    grey.ok = grey.degraded = grey.failing = grey.throttled = grey.idle = grey.stale =
        grey.textDim = Qt::white;
    QImage image(16, 16, QImage::Format_RGB32);
    image.fill(Qt::black);
    QPainter painter(&image);
    drawStateGlyph(painter, QRectF(1, 1, 14, 14), state, grey);
    return image;
}

}  // namespace

class StateGlyphTest : public QObject {
    Q_OBJECT
private slots:
    void shapesDifferWithoutColour() {
        for (const VisualState a : kStates) {
            for (const VisualState b : kStates) {
                if (a != b)
                    QVERIFY2(drawn(a) != drawn(b), qPrintable(wordOf(a) + '/' + wordOf(b)));
            }
        }
    }
    void oldDataIsStaleWhateverItSaid() {
        QCOMPARE(visualState(Health::Failing, true), VisualState::Stale);
        QCOMPARE(visualState(Health::Ok, true, 0.5), VisualState::Stale);
    }
    void aFailureOutranksAThrottle() {
        QCOMPARE(visualState(Health::Failing, false, 0.5), VisualState::Failing);
        QCOMPARE(visualState(Health::Ok, false, 0.5), VisualState::Throttled);
        QCOMPARE(visualState(Health::Ok, false, 0.004), VisualState::Ok);
        QCOMPARE(visualState(Health::Ok, false, kUnknown), VisualState::Ok);
    }
    void theWorstSortsFirst() {
        QVERIFY(severityRank(VisualState::Failing) < severityRank(VisualState::Degraded));
        QVERIFY(severityRank(VisualState::Degraded) < severityRank(VisualState::Throttled));
        QVERIFY(severityRank(VisualState::Unknown) < severityRank(VisualState::Ok));
    }
    void aClosedGuardShowsNothing() {
        GuardState guard;
        guard.hasBreaker = true;
        guard.breaker = BreakerState::Closed;
        GuardBadge badge;
        QVERIFY(!badgeOf(guard, badge));
    }
    void aBreakerSaysItsStateAndTime() {
        GuardState guard;
        guard.hasBreaker = true;
        guard.breaker = BreakerState::Open;
        guard.reopenInSeconds = 1.84;
        GuardBadge badge;
        QVERIFY(badgeOf(guard, badge));
        QCOMPARE(textOf(badge), QString("OPEN 1.8 s"));
        guard.breaker = BreakerState::Ramp;
        guard.admitShare = 0.4;
        QVERIFY(badgeOf(guard, badge));
        QCOMPARE(textOf(badge), QString("RAMP 40 %"));
    }
    void aLimitShowsWhileItRefuses() {
        GuardState guard;
        guard.hasLimit = true;
        guard.limit = 24;
        GuardBadge badge;
        QVERIFY(!badgeOf(guard, badge));
        guard.shedRate = 3;
        QVERIFY(badgeOf(guard, badge));
        QCOMPARE(textOf(badge), QString("LIMIT 24"));
    }
};

LEVEE_TEST(StateGlyphTest)
#include "state_glyph_test.moc"
