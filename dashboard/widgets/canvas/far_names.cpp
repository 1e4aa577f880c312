// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/far_names.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <vector>

#include "dashboard/widgets/format.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr std::size_t kMostNames = 60;
constexpr double kWidest = 150;  ///< pixels
constexpr double kAway = 8;      ///< pixels from the middle of the dot to its name

struct Candidate {
    int rank = 0;
    const CardData* card = nullptr;
};

std::vector<Candidate> candidatesOf(const GraphScene& scene, const QSet<QString>* found) {
    std::vector<Candidate> candidates;
    for (const CardData& card : scene.cards) {
        if (card.members > 0)
            continue;  // a group bears its name itself
        const int rank = severityRank(visualState(card.health, card.stale, card.shedShare));
        const bool isFound = found && found->contains(card.id);
        if (found ? isFound : rank <= 3)
            candidates.push_back({rank, &card});
    }
    std::ranges::stable_sort(candidates, {}, &Candidate::rank);
    return candidates;
}

}  // namespace

void paintFarNames(QPainter& painter, const GraphScene& scene, const GraphLayout& layout,
                   const CanvasGeometry& geometry, const QSet<QString>* found, const QRectF& sight,
                   const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QFont font = theme.font(8.5, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    std::vector<QRectF> taken;
    for (const Candidate& candidate : candidatesOf(scene, found)) {
        if (taken.size() >= kMostNames)
            break;
        const CardData& card = *candidate.card;
        const QPointF dot = geometry.toView(layout.center(card.id));
        const QString name = metrics.elidedText(
            plainLine(card.title.isEmpty() ? card.id : card.title, 80), Qt::ElideMiddle, kWidest);
        const QRectF label(dot.x() + kAway, dot.y() - metrics.height() / 2,
                           metrics.horizontalAdvance(name) + 6, metrics.height());
        const bool isCovered = std::ranges::any_of(
            taken, [&](const QRectF& other) { return other.intersects(label); });
        if (isCovered || !label.intersects(sight))
            continue;
        taken.push_back(label);
        QColor ground = theme.background;
        ground.setAlphaF(0.82F);
        painter.setPen(Qt::NoPen);
        painter.setBrush(ground);
        painter.drawRoundedRect(label, 3, 3);
        painter.setPen(theme.text);
        painter.drawText(label.adjusted(3, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, name);
    }
    painter.restore();
}

}  // namespace levee
