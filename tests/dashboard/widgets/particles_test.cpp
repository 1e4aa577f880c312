// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/particles.h"

#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/support/test_registry.h"

using namespace levee;

class ParticlesTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        edge_ = {};
        edge_.from = "a";
        edge_.to = "b";
        edge_.health = Health::Ok;
        edge_.requestRate = 100;
    }
    void moreRequestsMoreParticlesUpToABound() {
        const auto count = [this](double rate) {
            edge_.requestRate = rate;
            return int(particlesOf(edge_, 1).size());
        };
        QCOMPARE(count(0), 0);
        QVERIFY(count(1) >= 1);
        QVERIFY(count(1'000) > count(10));
        QCOMPARE(count(1e12), kMostOnAnEdge);
    }
    void whatIsOldOrIdleDoesNotMove() {
        edge_.stale = true;
        QVERIFY(particlesOf(edge_, 1).empty());
        edge_.stale = false;
        edge_.health = Health::Idle;
        QVERIFY(particlesOf(edge_, 1).empty());
    }
    void shapesComeInTheSharesOfTheOutcomes() {
        edge_.errorShare = 0.25;
        edge_.shedShare = 0.5;
        int counts[3] = {};
        int all = 0;
        for (int second = 0; second < 3'000; ++second)
            for (const Particle& particle : particlesOf(edge_, second * 2.4)) {
                QVERIFY(particle.part >= 0 && particle.part < 1);
                ++counts[int(particle.shape)];
                ++all;
            }
        const auto share = [&](ParticleShape shape) { return double(counts[int(shape)]) / all; };
        QVERIFY(std::abs(share(ParticleShape::Diamond) - 0.25) < 0.02);
        QVERIFY(std::abs(share(ParticleShape::Square) - 0.5) < 0.02);
    }
    void theyMoveFromClientToServer() {
        edge_.requestRate = 0.2;
        const double before = particlesOf(edge_, 10).front().part;
        const double after = particlesOf(edge_, 10.01).front().part;
        QVERIFY(after > before || after < 0.1);
    }

private:
    EdgeData edge_;
};

LEVEE_TEST(ParticlesTest)
#include "particles_test.moc"
