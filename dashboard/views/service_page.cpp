// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/service_page.h"
#include "dashboard/views/connection_words.h"

#include <QButtonGroup>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

#include "dashboard/actions/view_actions.h"
#include "dashboard/client/session_pool.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/decision_model.h"
#include "dashboard/model/roles.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/service_model.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/difference_panel.h"
#include "dashboard/views/guard_stack.h"
#include "dashboard/views/heatmap_view.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/section.h"
#include "dashboard/views/service_details.h"
#include "dashboard/views/stat_tile.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"
#include "dashboard/widgets/chart/latency_heatmap.h"
#include "dashboard/widgets/chart/time_chart.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

constexpr int kGap = 12;
constexpr int kSideWidth = 320;
constexpr int kUpperHeight = 146;
constexpr int kLowerHeight = 110;
constexpr auto kLayoutPause = std::chrono::milliseconds(60);
constexpr std::size_t kTileSeconds = 60;
constexpr std::int64_t kHistoryMillis = 15 * 60 * 1'000;
constexpr std::int64_t kGapMillis = 2'500;  // a longer silence is a gap in the line
constexpr std::size_t kMaxMarks = 12;

using Samples = std::vector<SeriesSample>;

/// One line of a chart out of the samples, with a gap where seconds are missing.
template <typename Value>
ChartLine lineOf(const QString& name, LineTone tone, const Samples& samples, std::int64_t from,
                 Value value) {
    ChartLine line{name, tone, {}, false, false};
    std::int64_t last = 0;
    for (const SeriesSample& sample : samples) {
        if (sample.millis < from)
            continue;
        if (last > 0 && sample.millis - last > kGapMillis)
            line.points.push_back({last + 1, std::numeric_limits<double>::quiet_NaN()});
        line.points.push_back({sample.millis, static_cast<double>(value(sample))});
        last = sample.millis;
    }
    return line;
}

float shareOf(float part, float whole) {
    return whole > 0 ? part / whole : std::numeric_limits<float>::quiet_NaN();
}

LineTone toneOf(EventSeverity severity) {
    switch (severity) {
        case EventSeverity::Critical:
            return LineTone::Failing;
        case EventSeverity::Warning:
            return LineTone::Degraded;
        default:
            return LineTone::Dim;
    }
}

}  // namespace

ServicePage::ServicePage(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      context_(context),
      stack_(new QStackedWidget),
      services_(new ServiceModel(context.store, this)) {
    stack_->addWidget(buildList());
    stack_->addWidget(buildDetail());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(stack_);
    connect(&context.selection, &SelectionState::changed, this, &ServicePage::onSelection);
    auto* whenSeen = new WhenSeen(*this, [this] { refresh(); });
    connect(&context.store, &TopologyStore::changed, whenSeen, &WhenSeen::request);
    connect(&context.connection, &ConnectionState::modeChanged, whenSeen, &WhenSeen::request);
    connect(&context.views, &ViewActions::pageChanged, this, &ServicePage::refresh);
    onSelection();
}

QWidget* ServicePage::buildList() {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(kGap, kGap, kGap, kGap);
    auto* panel = new Section(context_.themes, tr("All services"));
    panel->setFlush();
    list_ = new DataTable(context_.themes, *services_,
                          {{ServiceModel::State, 120},
                           {ServiceModel::Name, -1},
                           {ServiceModel::Rate, 100},
                           {ServiceModel::Errors, 90},
                           {ServiceModel::Shed, 90},
                           {ServiceModel::P50, 100},
                           {ServiceModel::P95, 100},
                           {ServiceModel::P99, 100},
                           {ServiceModel::InFlight, 100},
                           {ServiceModel::Instances, 100}});
    keepEmptyWords(context_.connection, *this,
                   tr("No services yet: they appear with their first request."),
                   [this](const QString& words) { list_->setEmptyText(words); });
    list_->setAccessibleName(tr("All services"));
    panel->body().addWidget(list_);
    layout->addWidget(panel);
    setFocusProxy(list_);
    const auto open = [this](const QString& subject) {
        context_.selection.select(Selection::ofSubject(subject.toStdString()));
    };
    connect(list_, &DataTable::subjectActivated, this, open);
    connect(list_, &QTableView::clicked, this,
            [this, open](const QModelIndex& index) { open(index.data(SubjectRole).toString()); });
    return page;
}

QWidget* ServicePage::buildDetail() {
    auto* page = new QWidget;
    auto* columns = new QHBoxLayout(page);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(0);
    auto* body = new QWidget;
    auto* main = new QVBoxLayout(body);
    main->setContentsMargins(kGap + 4, kGap, kGap, kGap);
    main->setSpacing(kGap);
    main->addLayout(buildHead());
    main->addLayout(buildTiles());
    main->addLayout(buildCharts(), 3);
    details_ = new ServiceDetails(context_);
    bindHeatmap();
    main->addWidget(details_, 2);
    // On a low screen the page scrolls; the window does not have to be as high as the page.
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setAccessibleName(tr("Service"));
    scroll->setWidget(body);
    // What a box says is to be seen with it, once the layouts have passed its height up.
    connect(heatmap_, &HeatmapView::boxChosen, scroll, [this, scroll] {
        QTimer::singleShot(kLayoutPause, scroll,
                           [this, scroll] { scroll->ensureWidgetVisible(details_, 0, 0); });
    });
    columns->addWidget(scroll, 1);
    columns->addWidget(buildSide());
    return page;
}

QLayout* ServicePage::buildHead() {
    auto* head = new QHBoxLayout;
    head->setSpacing(kGap);
    auto* all = new QPushButton(tr("All services"));
    all->setFocusPolicy(Qt::TabFocus);
    connect(all, &QPushButton::clicked, this, [this] { context_.selection.clear(); });
    title_ = new ThemedLabel(context_.themes, TextTone::Title);
    subtitle_ = new ThemedLabel(context_.themes, TextTone::Dim);
    head->addWidget(all);
    head->addWidget(title_);
    head->addWidget(subtitle_, 1);
    auto* ranges = new QButtonGroup(this);
    for (const int minutes : {1, 5, 15}) {
        auto* button = new QToolButton;
        button->setText(tr("%1 min").arg(minutes));
        button->setCheckable(true);
        button->setChecked(minutes == minutes_);
        button->setMinimumSize(52, 26);
        ranges->addButton(button, minutes);
        head->addWidget(button);
    }
    connect(ranges, &QButtonGroup::idClicked, this, &ServicePage::setMinutes);
    return head;
}

QLayout* ServicePage::buildTiles() {
    auto* tiles = new QHBoxLayout;
    tiles->setSpacing(kGap);
    rateTile_ = new StatTile(context_.themes, tr("Requests"));
    errorTile_ = new StatTile(context_.themes, tr("Errors"));
    shedTile_ = new StatTile(context_.themes, tr("Shed"));
    latencyTile_ = new StatTile(context_.themes, tr("p99 latency"));
    inFlightTile_ = new StatTile(context_.themes, tr("In flight"));
    for (StatTile* tile : {rateTile_, errorTile_, shedTile_, latencyTile_, inFlightTile_})
        tiles->addWidget(tile, 1);
    return tiles;
}

QLayout* ServicePage::buildCharts() {
    auto* charts = new QVBoxLayout;
    charts->setSpacing(kGap);
    latency_ = new TimeChart(context_.themes);
    latency_->setTitle(tr("Latency"));
    latency_->setUnit(Unit::Seconds);
    shares_ = new TimeChart(context_.themes);
    shares_->setTitle(tr("Errors and shed, share of requests"));
    shares_->setUnit(Unit::Share);
    rates_ = new TimeChart(context_.themes);
    rates_->setTitle(tr("Requests"));
    rates_->setUnit(Unit::Rate);
    heatmap_ = new HeatmapView(context_);
    auto* upper = new QHBoxLayout;
    upper->setSpacing(kGap);
    upper->addWidget(latency_, 1);
    upper->addWidget(heatmap_, 1);
    charts->addLayout(upper, 5);
    // Lower than this their axes cannot be read: the page scrolls.
    latency_->setMinimumHeight(kUpperHeight);
    heatmap_->setMinimumHeight(kUpperHeight);
    shares_->setMinimumHeight(kLowerHeight);
    rates_->setMinimumHeight(kLowerHeight);
    auto* lower = new QHBoxLayout;
    lower->setSpacing(kGap);
    lower->addWidget(shares_, 1);
    lower->addWidget(rates_, 1);
    charts->addLayout(lower, 4);
    bindCharts();
    return charts;
}

void ServicePage::bindCharts() {
    const std::initializer_list<TimeChart*> charts = {latency_, shares_, rates_};
    for (TimeChart* from : charts) {
        for (TimeChart* to : charts) {
            if (from == to)
                continue;
            connect(from, &TimeChart::crosshairMoved, to,
                    [to](std::int64_t millis) { to->setCrosshair(millis); });
            connect(from, &TimeChart::crosshairLeft, to, [to] { to->setCrosshair(std::nullopt); });
        }
        LatencyHeatmap* map = &heatmap_->map();
        connect(from, &TimeChart::crosshairMoved, map, &LatencyHeatmap::setCrosshair);
        connect(from, &TimeChart::crosshairLeft, map, [map] { map->setCrosshair(std::nullopt); });
        connect(map, &LatencyHeatmap::crosshairMoved, from, &TimeChart::setCrosshair);
        connect(map, &LatencyHeatmap::crosshairLeft, from,
                [from] { from->setCrosshair(std::nullopt); });
    }
}

void ServicePage::bindHeatmap() {
    DifferencePanel& differences = details_->differences();
    connect(heatmap_, &HeatmapView::compared, &differences, &DifferencePanel::show);
    connect(&differences, &DifferencePanel::letGoAsked, heatmap_, &HeatmapView::letGo);
    connect(heatmap_, &HeatmapView::boxChosen, this,
            [this] { details_->show(ServiceDetails::View::Differences); });
    connect(&context_.actions[ActionId::Heatmap], &QAction::triggered, this, [this] {
        context_.views.showPage(Page::Service);
        if (!subject_.empty())
            heatmap_->setFocus(Qt::ShortcutFocusReason);
    });
}

QWidget* ServicePage::buildSide() {
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setAccessibleName(tr("Guards"));
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFixedWidth(kSideWidth);
    auto* panel = new Section(context_.themes, tr("Guards"), Section::Frame::Plain);
    guards_ = new GuardStack(context_.themes, context_.document);
    panel->body().addWidget(guards_);
    panel->body().addStretch(1);
    panel->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    scroll->setWidget(panel);
    return scroll;
}

void ServicePage::setMinutes(int minutes) {
    minutes_ = minutes;
    refresh();
}

std::int64_t ServicePage::nowMillis() const {
    return context_.store.fleet().millis;
}

void ServicePage::onSelection() {
    const Selection& selection = context_.selection.current();
    subject_ = selection.subject();
    historyOf_.clear();
    stack_->setCurrentIndex(subject_.empty() ? 0 : 1);
    list_->showSubject(QString::fromStdString(subject_));
    if (!subject_.empty()) {
        details_->setSelection(selection);
        heatmap_->setSubject(subject_);
        context_.store.series().watch(subject_);
    }
    refresh();
}

void ServicePage::fetchHistory() {
    // With several agents the parts would have to be added up second by second: recorded data only.
    if (context_.pool.size() != 1 || !context_.pool.at(0).isReady() || nowMillis() == 0)
        return;
    historyOf_ = subject_;
    context_.pool.at(0).series(
        {subject_, nowMillis() - kHistoryMillis, 0}, this,
        [this, subject = subject_](const Result<std::vector<SeriesPoint>>& result) {
            if (!result)
                return;
            context_.store.series().backfill(subject, *result);
            if (subject == subject_)
                refresh();
        });
}

void ServicePage::refresh() {
    if (subject_.empty() || context_.views.page() != Page::Service)
        return;
    // Not with the selection: it may be older than the connection.
    if (historyOf_ != subject_)
        fetchHistory();
    refreshHead();
    refreshCharts();
    refreshGuards();
    details_->refresh();
}

void ServicePage::refreshHead() {
    const Selection& selection = context_.selection.current();
    title_->setText(readableSubject(subject_));
    Traffic traffic;
    traffic.requestRate = kUnknown;
    double inFlight = kUnknown;
    QStringList facts;
    if (const FleetNode* node = context_.store.node(selection.node)) {
        const VisualState state = stateOf(context_.store, *node);
        facts << glyphOf(state) + QLatin1Char(' ') + wordOf(state) << wordOf(node->node.kind);
        if (node->node.instances > 0)
            facts << tr("%n instance(s)", nullptr, node->node.instances);
        if (!node->node.owner.team.empty())
            facts << tr("team %1").arg(plainText(node->node.owner.team));
        for (const std::string& host : node->node.hosts)
            facts << plainText(host);
        traffic = node->node.traffic;
        inFlight = node->node.inFlight;
    } else if (const FleetEdge* edge = context_.store.edge(selection.client, selection.server)) {
        const VisualState state = stateOf(context_.store, *edge);
        facts << glyphOf(state) + QLatin1Char(' ') + wordOf(state) << tr("edge");
        traffic = edge->edge.traffic;
    } else {
        facts << tr("not seen any more");
    }
    subtitle_->setText(facts.join(QStringLiteral(" · ")));
    refreshTiles(traffic, inFlight);
}

void ServicePage::refreshTiles(const Traffic& traffic, double inFlight) {
    rateTile_->setValue(
        formatRate(traffic.requestRate),
        std::isfinite(traffic.requestRate)
            ? tr("%1 reach it").arg(formatRate(traffic.requestRate - traffic.shedRate))
            : QString());
    rateTile_->setHistory(context_.store.series().recentRates(subject_, kTileSeconds, nowMillis()));
    errorTile_->setValue(formatShare(traffic.errorShare()),
                         tr("%1 fail").arg(formatRate(traffic.errorRate)));
    shedTile_->setValue(formatShare(traffic.shedShare()),
                        tr("%1 refused by guards").arg(formatRate(traffic.shedRate)));
    latencyTile_->setValue(
        formatLatency(traffic.p99),
        tr("p50 %1 · p95 %2").arg(formatLatency(traffic.p50), formatLatency(traffic.p95)));
    const auto guards = context_.store.guardsOf(subject_);
    const bool hasLimit = !guards.empty() && guards.front()->guard.hasLimit;
    inFlightTile_->setValue(formatCount(inFlight),
                            hasLimit ? tr("limit %1").arg(formatCount(guards.front()->guard.limit))
                                     : tr("no limit here"));
}

void ServicePage::refreshCharts() {
    const Samples samples = context_.store.series().samples(subject_);
    const std::int64_t to = nowMillis();
    const std::int64_t from = to - minutes_ * 60'000LL;
    if (to == 0)
        return;
    std::vector<ChartMark> marks;
    for (const Event& event : context_.decisions.about(subject_, from))
        if (event.severity != EventSeverity::Info)
            marks.push_back({event.millis, plainText(event.text, 60), toneOf(event.severity)});
    if (marks.size() > kMaxMarks)
        marks.erase(marks.begin(), marks.end() - static_cast<std::ptrdiff_t>(kMaxMarks));
    const auto line = [&](const QString& name, LineTone tone, auto value) {
        return lineOf(name, tone, samples, from, value);
    };
    latency_->setLines(
        {line(tr("p50"), LineTone::First, [](const SeriesSample& s) { return s.p50; }),
         line(tr("p95"), LineTone::Second, [](const SeriesSample& s) { return s.p95; }),
         line(tr("p99"), LineTone::Third, [](const SeriesSample& s) { return s.p99; })});
    ChartLine errors = line(tr("errors"), LineTone::Failing, [](const SeriesSample& s) {
        return shareOf(s.errorRate, s.requestRate);
    });
    ChartLine shed = line(tr("shed"), LineTone::Throttled,
                          [](const SeriesSample& s) { return shareOf(s.shedRate, s.requestRate); });
    errors.filled = shed.filled = true;
    shares_->setLines({errors, shed});
    ChartLine rate =
        line(tr("requests"), LineTone::First, [](const SeriesSample& s) { return s.requestRate; });
    rate.filled = true;
    rates_->setLines({rate, line(tr("answered"), LineTone::Second, [](const SeriesSample& s) {
                          return s.requestRate - s.shedRate - s.errorRate;
                      })});
    for (TimeChart* chart : {latency_, shares_, rates_}) {
        chart->setMarks(marks);
        chart->setTimeRange(from, to);
    }
    heatmap_->setRange(from, to, marks);
}

void ServicePage::refreshGuards() {
    auto guards = context_.store.guardsOf(subject_);
    const Selection& selection = context_.selection.current();
    if (selection.kind == Selection::Kind::Node)
        for (const FleetEdge* caller : context_.store.callersOf(selection.node)) {
            const auto ofEdge = context_.store.guardsOf(caller->edge.id());
            guards.insert(guards.end(), ofEdge.begin(), ofEdge.end());
        }
    guards_->setGuards(context_.store, guards, true);
}

}  // namespace levee
