// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/traces_panel.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/client/session_pool.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/section.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/waterfall/trace_waterfall.h"

namespace levee {
namespace {
constexpr int kGap = 12;
constexpr int kTraces = 50;
constexpr std::size_t kMostAsked = 16;  // agents that are asked for one list
constexpr auto kAgain = std::chrono::seconds(10);
}  // namespace

TracesPanel::TracesPanel(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      context_(context),
      model_(new TraceModel(this)),
      waterfall_(new TraceWaterfall(context.themes)),
      hint_(new ThemedLabel(context.themes, TextTone::Dim)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    auto* list = new Section(context.themes, tr("Slow and failed requests"));
    list->setFlush();
    table_ = new DataTable(context.themes, *model_,
                           {{TraceModel::State, 92},
                            {TraceModel::Duration, 84},
                            {TraceModel::Name, -1},
                            {TraceModel::Spans, 64},
                            {TraceModel::When, 84}},
                           DataTable::Sorting::AsModel);
    table_->setAccessibleName(tr("Slow and failed requests"));
    table_->setMinimumHeight(84);
    list->body().addWidget(table_);
    auto* one = new Section(context.themes, tr("Where its time went"));
    one->setFlush();
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(kGap, 0, kGap, 2);
    foot->addWidget(hint_);
    one->body().addWidget(waterfall_, 1);
    one->body().addLayout(foot);
    layout->addWidget(list, 4);
    layout->addWidget(one, 5);
    again_.setInterval(kAgain);
    connect(&again_, &QTimer::timeout, this, &TracesPanel::ask);
    connect(table_, &DataTable::rowChosen, this, &TracesPanel::open);
    connect(waterfall_, &TraceWaterfall::chosenChanged, hint_, &ThemedLabel::setText);
    setSubject({});
}

void TracesPanel::setSubject(const std::string& subject) {
    subject_ = subject;
    ++question_;
    opened_.clear();
    model_->setTraces({});
    table_->setEmptyText(tr("Asking for traces…"));
    waterfall_->clear(tr("Choose a request to see its spans."));
    if (isVisible())
        ask();
}

void TracesPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    ask();
    again_.start();
}

void TracesPanel::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    again_.stop();
}

void TracesPanel::ask() {
    if (subject_.empty())
        return;
    const std::uint64_t question = ++question_;
    coming_.clear();
    std::size_t asked = 0;
    for (std::size_t i = 0; i < context_.pool.size() && asked < kMostAsked; ++i) {
        if (!context_.pool.at(i).isReady())
            continue;
        ++asked;
        context_.pool.at(i).listTraces(
            {subject_, kTraces}, this,
            [this, i, question](const Result<std::vector<TraceSummary>>& result) {
                if (question == question_)
                    take(i, result);
            });
    }
    if (asked == 0)
        table_->setEmptyText(tr("No agent is connected that could be asked for traces."));
}

void TracesPanel::take(std::size_t agent, const Result<std::vector<TraceSummary>>& result) {
    if (!result) {
        table_->setEmptyText(plainText(result.error().message, 300));
        return;
    }
    for (const TraceSummary& summary : *result)
        coming_.push_back({agent, summary});
    model_->setTraces(coming_);
    table_->setEmptyText(
        tr("No trace of it was kept yet. Send spans to the agent's OTLP port 4318; the slowest and "
           "the newest failed ones stay here."));
    if (opened_.empty() && model_->rowCount() > 0) {
        table_->showKey(QString::fromStdString(model_->row(0).summary.id));
        open(0);
    }
}

void TracesPanel::open(int index) {
    const TraceRow& row = model_->row(index);
    opened_ = row.summary.id;
    context_.pool.at(row.agent).trace(
        row.summary.id, this, [this, id = row.summary.id](const Result<Trace>& result) {
            if (id != opened_)
                return;
            if (result)
                waterfall_->setTrace(*result);
            else
                waterfall_->clear(plainText(result.error().message, 300));
        });
}

}  // namespace levee
