// SPDX-License-Identifier: GPL-3.0-or-later
// What flows along edges: dots for answered requests, diamonds for failed ones, squares for refused
// ones; the more a second, the denser; slower where answers take longer. Private to the canvas.
#pragma once

#include <QPointF>
#include <vector>

#include "dashboard/widgets/canvas/graph_scene.h"

class QPainter;

namespace levee {

struct Theme;

enum class ParticleShape { Dot, Diamond, Square };

struct Particle {
    double part = 0;  ///< of the way from client to server, 0 to 1
    ParticleShape shape = ParticleShape::Dot;
};

inline constexpr int kMostParticles = 4'000;  ///< in one picture
inline constexpr int kMostOnAnEdge = 16;

/// Those of one edge at `seconds` of a running clock. None on edges that are stale or idle. A pure
/// function: the same edge at the same time has the same particles.
std::vector<Particle> particlesOf(const EdgeData& edge, double seconds);

/// `line`: the edge's route in view pixels, as straight pieces.
void paintParticles(QPainter& painter, const std::vector<Particle>& particles,
                    const std::vector<QPointF>& line, const Theme& theme);

}  // namespace levee
