// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/heatmap_view.h"

#include <QVBoxLayout>

#include "dashboard/model/latency_feed.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/chart/latency_heatmap.h"

namespace levee {
namespace {

HeatmapData dataOf(LatencyGrid grid) {
    HeatmapData data;
    data.fromMillis = grid.fromMillis;
    data.sliceMillis = grid.sliceMillis;
    data.columns = grid.columns;
    data.rows = kLatencyBuckets;
    data.counts = std::move(grid.counts);
    for (int bucket = 0; bucket <= kLatencyBuckets; ++bucket)
        data.bounds.push_back(latencyBound(bucket));
    data.knownFrom = grid.knownFrom;
    data.knownUntil = grid.knownUntil;
    return data;
}

}  // namespace

HeatmapView::HeatmapView(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      context_(context),
      feed_(new LatencyFeed(context.pool, this)),
      map_(new LatencyHeatmap(context.themes)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(map_);
    setFocusProxy(map_);
    map_->setTitle(tr("Requests by latency"));
    map_->setEmptyText(emptyText());
    connect(feed_, &LatencyFeed::changed, this, &HeatmapView::refresh);
    connect(map_, &LatencyHeatmap::boxChosen, this, [this](const std::optional<HeatmapBox>& box) {
        box_.reset();
        if (box)
            box_ = LatencyBox{box->fromMillis, box->toMillis, box->lowRow, box->highRow};
        compare();
        if (box_)
            emit boxChosen();
    });
}

void HeatmapView::setSubject(const std::string& subject) {
    if (subject == feed_->subject())
        return;
    letGo();
    feed_->setSubject(subject);
}

void HeatmapView::letGo() {
    box_.reset();
    map_->setBox(std::nullopt);
    compare();
}

void HeatmapView::setRange(std::int64_t fromMillis, std::int64_t toMillis,
                           const std::vector<ChartMark>& marks) {
    from_ = fromMillis;
    to_ = toMillis;
    map_->setTimeRange(from_, to_);
    map_->setMarks(marks);
    refresh();
}

QString HeatmapView::emptyText() const {
    if (!feed_->problem().isEmpty())
        return plainText(feed_->problem().toStdString(), 300);
    if (feed_->isAwaited())
        return tr("Asking the agent…");
    return tr("no answered request in this window");
}

void HeatmapView::refresh() {
    if (from_ >= to_)
        return;
    map_->setEmptyText(emptyText());
    map_->setData(dataOf(latencyGrid(feed_->history(), feed_->subject(), from_, to_)));
    // What has left the sight cannot be compared any more.
    if (box_ && box_->toMillis <= from_)
        letGo();
    else if (box_)
        compare();
}

void HeatmapView::compare() {
    emit compared(box_, box_ ? compareLatency(feed_->history(), feed_->subject(), *box_, from_, to_)
                             : LatencyComparison());
}

void HeatmapView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    feed_->setWatched(true);
}

void HeatmapView::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    feed_->setWatched(false);
}

}  // namespace levee
