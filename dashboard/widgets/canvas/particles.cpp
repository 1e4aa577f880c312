// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/particles.h"

#include <QHash>
#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr double kSecondsOnTheWay = 2.4;
constexpr double kSlowest = 6;   ///< seconds, at a latency of ten seconds
constexpr double kRadius = 2.8;  ///< pixels

/// Spread over 0 to 1 without a pattern that the eye finds: the golden ratio's multiples.
double spread(std::size_t n) {
    constexpr double kGolden = 0.618033988749895;
    const double value = double(n) * kGolden;
    return value - std::floor(value);
}

int countFor(double rate) {
    if (!(rate > 0))
        return 0;
    return std::clamp(int(std::lround(1 + 2.5 * std::log10(1 + rate))), 1, kMostOnAnEdge);
}

ParticleShape shapeOf(const EdgeData& edge, std::size_t n) {
    const auto known = [](double share) { return std::isfinite(share) ? share : 0; };
    const double dice = spread(n * 7 + 3);
    if (dice < known(edge.errorShare))
        return ParticleShape::Diamond;
    return dice < known(edge.errorShare) + known(edge.shedShare) ? ParticleShape::Square
                                                                 : ParticleShape::Dot;
}

}  // namespace

std::vector<Particle> particlesOf(const EdgeData& edge, double seconds) {
    std::vector<Particle> particles;
    if (edge.stale || edge.health == Health::Idle)
        return particles;
    const int count = countFor(edge.requestRate);
    const double slow = std::isfinite(edge.latency) ? std::clamp(edge.latency / 10, 0.0, 1.0) : 0;
    const double wayTime = kSecondsOnTheWay + slow * (kSlowest - kSecondsOnTheWay);
    const double phase = double(qHash(edge.from) % 997 + qHash(edge.to) % 991) / 997;
    for (int i = 0; i < count; ++i) {
        const double way =
            seconds / wayTime + phase + double(i) / count + 0.3 * spread(std::size_t(i)) / count;
        const double round = std::floor(way);
        particles.push_back(
            {way - round, shapeOf(edge, std::size_t(round) * std::size_t(count) + std::size_t(i))});
    }
    return particles;
}

void paintParticles(QPainter& painter, const std::vector<Particle>& particles,
                    const std::vector<QPointF>& line, const Theme& theme) {
    if (line.size() < 2)
        return;
    std::vector<double> until{0};
    for (std::size_t i = 1; i < line.size(); ++i)
        until.push_back(until.back() + QLineF(line[i - 1], line[i]).length());
    painter.setPen(Qt::NoPen);
    for (const Particle& particle : particles) {
        const double at = particle.part * until.back();
        const auto next = std::ranges::upper_bound(until, at);
        const auto i =
            std::clamp<std::ptrdiff_t>(next - until.begin(), 1, std::ptrdiff_t(line.size()) - 1);
        const double piece = until[std::size_t(i)] - until[std::size_t(i) - 1];
        const double part = piece > 0 ? (at - until[std::size_t(i) - 1]) / piece : 0;
        const QPointF p =
            line[std::size_t(i) - 1] + (line[std::size_t(i)] - line[std::size_t(i) - 1]) * part;
        switch (particle.shape) {
            case ParticleShape::Dot:
                painter.setBrush(theme.text);
                painter.drawEllipse(p, kRadius, kRadius);
                break;
            case ParticleShape::Diamond: {
                const double r = kRadius * 1.9;
                painter.setBrush(theme.failing);
                painter.drawPolygon(QPolygonF{p + QPointF(0, -r), p + QPointF(r, 0),
                                              p + QPointF(0, r), p + QPointF(-r, 0)});
                break;
            }
            case ParticleShape::Square: {
                const double r = kRadius * 1.3;
                painter.setBrush(theme.throttled);
                painter.drawRect(QRectF(p - QPointF(r, r), QSizeF(2 * r, 2 * r)));
                break;
            }
        }
    }
}

}  // namespace levee
