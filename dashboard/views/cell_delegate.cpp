// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/cell_delegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <optional>

#include "dashboard/model/freshness.h"
#include "dashboard/model/roles.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/state_glyph.h"
#include "dashboard/widgets/theme.h"

namespace levee {
namespace {

constexpr int kPadding = 8;
constexpr int kGlyph = 11;
constexpr double kOffsetThatMatters = 1;  // seconds

ValueKind kindOf(const QModelIndex& index) {
    return static_cast<ValueKind>(index.data(ValueKindRole).toInt());
}

bool isStale(const QModelIndex& index) {
    const QVariant age = index.data(AgeRole);
    return age.isValid() && age.toDouble() > toSeconds(kLateAfter);
}

/// The shape in front of the text, where the cell has one.
std::optional<VisualState> glyphFor(const QModelIndex& index) {
    const int value = index.data(Qt::DisplayRole).toInt();
    switch (kindOf(index)) {
        case ValueKind::Health:
            return visualState(static_cast<Health>(value), isStale(index),
                               index.data(ShedShareRole).toDouble());
        case ValueKind::Severity:
            return visualState(static_cast<EventSeverity>(value));
        case ValueKind::Breaker:
            return visualState(static_cast<BreakerState>(value));
        case ValueKind::Enforcement:
            return visualState(static_cast<Enforcement>(value));
        case ValueKind::Reach:
            return visualState(static_cast<DataAge>(value));
        case ValueKind::Behind:
            return value > 0 ? std::optional(VisualState::Degraded) : std::nullopt;
        case ValueKind::Offset:
            return std::abs(index.data(Qt::DisplayRole).toDouble()) > kOffsetThatMatters
                       ? std::optional(VisualState::Degraded)
                       : std::nullopt;
        case ValueKind::Missing:
            return value > 0    ? VisualState::Degraded
                   : value == 0 ? VisualState::Ok
                                : VisualState::Idle;
        default:
            return std::nullopt;
    }
}

QString missingText(int missing) {
    if (missing == 0)
        return CellDelegate::tr("enough");
    return missing > 0 ? CellDelegate::tr("%1 more").arg(missing)
                       : CellDelegate::tr("%1 fewer").arg(-missing);
}

QString behindText(double revisions) {
    if (!std::isfinite(revisions))
        return QStringLiteral("-");
    const int behind = static_cast<int>(revisions);
    return behind <= 0 ? QStringLiteral("-") : CellDelegate::tr("behind by %n", nullptr, behind);
}

QString offsetText(double seconds) {
    if (!std::isfinite(seconds))
        return QStringLiteral("-");
    const QString size = formatLatency(std::abs(seconds));
    return (seconds < 0 ? QStringLiteral("−") : QStringLiteral("+")) + size;
}

/// A bar of how much is used, in front of its number; full and in the colour of trouble beyond.
void paintLoad(QPainter& painter, QRect& area, double share, const Theme& theme) {
    constexpr int kBarWidth = 64;
    constexpr int kBarHeight = 6;
    const QRectF track(area.left(), area.center().y() - kBarHeight / 2.0 + 0.5, kBarWidth,
                       kBarHeight);
    area.setLeft(area.left() + kBarWidth + 8);
    if (!std::isfinite(share))
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.border);
    painter.drawRoundedRect(track, kBarHeight / 2.0, kBarHeight / 2.0);
    QRectF used = track;
    used.setWidth(std::max<double>(kBarHeight, kBarWidth * std::clamp(share, 0.0, 1.0)));
    painter.setBrush(colorOf(share > 1 ? VisualState::Degraded : VisualState::Ok, theme));
    painter.drawRoundedRect(used, kBarHeight / 2.0, kBarHeight / 2.0);
}

}  // namespace

CellDelegate::CellDelegate(ThemeController& themes, QObject* parent)
    : QStyledItemDelegate(parent), themes_(themes) {}

QString CellDelegate::textOf(const QModelIndex& index) {
    const QVariant value = index.data(Qt::DisplayRole);
    switch (kindOf(index)) {
        case ValueKind::Health:
            return wordOf(*glyphFor(index));
        case ValueKind::NodeKind:
            return wordOf(static_cast<NodeKind>(value.toInt()));
        case ValueKind::Rate:
            return formatRate(value.toDouble());
        case ValueKind::Seconds:
            return formatLatency(value.toDouble());
        case ValueKind::Share:
            return formatShare(value.toDouble());
        case ValueKind::Count:
            return formatCount(value.toDouble());
        case ValueKind::Integer:
            return QLocale().toString(value.toLongLong());
        case ValueKind::Clock:
            return formatClock(value.toLongLong());
        case ValueKind::Severity:
            return wordOf(static_cast<EventSeverity>(value.toInt()));
        case ValueKind::Breaker:
            return wordOf(static_cast<BreakerState>(value.toInt()));
        case ValueKind::Enforcement:
            return wordOf(static_cast<Enforcement>(value.toInt()));
        case ValueKind::Confidence:
            return wordOf(static_cast<Confidence>(value.toInt()));
        case ValueKind::Load:
            return formatShare(value.toDouble());
        case ValueKind::Missing:
            return missingText(value.toInt());
        case ValueKind::Reach:
            return wordOf(static_cast<DataAge>(value.toInt()));
        case ValueKind::Age:
            return std::isfinite(value.toDouble()) ? formatAge(value.toDouble())
                                                   : QStringLiteral("-");
        case ValueKind::Bytes:
            return formatBytes(value.toDouble());
        case ValueKind::Behind:
            return behindText(value.toDouble());
        case ValueKind::Offset:
            return offsetText(value.toDouble());
        case ValueKind::Lane:
            return wordOf(static_cast<TimelineLane>(value.toInt()));
        case ValueKind::Subject:
            return plainLine(value.toString(), 1'000)
                .replace(QLatin1String("->"), QStringLiteral(" → "));
        case ValueKind::Text:
            break;
    }
    return plainLine(value.toString(), 1'000);
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
    const Theme& theme = themes_.theme();
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    if (isSelected)
        painter->fillRect(option.rect, theme.selection);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, theme.raised);

    QRect area = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    if (const auto glyph = glyphFor(index)) {
        const QRectF box(area.left(), area.center().y() - kGlyph / 2.0 + 0.5, kGlyph, kGlyph);
        drawStateGlyph(*painter, box, *glyph, theme);
        area.setLeft(area.left() + kGlyph + 7);
    }
    if (kindOf(index) == ValueKind::Load)
        paintLoad(*painter, area, index.data(Qt::DisplayRole).toDouble(), theme);
    const QString text = textOf(index);
    const bool isQuiet =
        isStale(index) || text == QLatin1String("-") || kindOf(index) == ValueKind::Clock;
    painter->setPen(isSelected ? theme.selectedText : isQuiet ? theme.textDim : theme.text);
    painter->setFont(option.font);
    const int alignment = index.data(Qt::TextAlignmentRole).toInt();
    if (option.features.testFlag(QStyleOptionViewItem::WrapText)) {
        const QRect block = area.adjusted(0, 4, 0, -4);
        painter->setClipRect(area);
        const QRect needed = option.fontMetrics.boundingRect(
            block, static_cast<int>(Qt::TextWordWrap) | alignment, text);
        if (needed.height() <= block.height()) {
            painter->drawText(block, static_cast<int>(Qt::TextWordWrap) | alignment, text);
            painter->restore();
            return;
        }
    }
    painter->drawText(area, alignment | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, area.width()));
    painter->restore();
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const int glyph = glyphFor(index) ? kGlyph + 7 : 0;
    return {option.fontMetrics.horizontalAdvance(textOf(index)) + glyph + 2 * kPadding,
            option.fontMetrics.height() + 10};
}

bool CellDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view,
                             const QStyleOptionViewItem& option, const QModelIndex& index) {
    if (event->type() != QEvent::ToolTip || !index.isValid())
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QStringList lines;
    const QString text = textOf(index);
    if (option.fontMetrics.horizontalAdvance(text) > option.rect.width() - 2 * kPadding)
        lines << text;
    const QString detail = plainLine(index.data(DetailRole).toString(), 1'000);
    if (!detail.isEmpty() && detail != text)
        lines << detail;
    // A tool tip that looks like markup would be read as markup.
    const QString html = lines.join(QLatin1Char('\n'))
                             .toHtmlEscaped()
                             .replace(QLatin1Char('\n'), QLatin1String("<br>"));
    QToolTip::showText(event->globalPos(), html.isEmpty() ? html : "<qt>" + html + "</qt>", view);
    return true;
}

}  // namespace levee
