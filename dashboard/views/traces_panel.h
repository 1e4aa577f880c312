// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>
#include <vector>

#include "dashboard/model/trace_model.h"
#include "dashboard/views/view_context.h"
#include "shared/base/result.h"

namespace levee {

class DataTable;
class ThemedLabel;
class TraceWaterfall;

/// The slow and failed requests that the agents kept as examples of a service or an edge, and the
/// chosen one as a waterfall. Asks while it is in sight only. GUI thread only.
class TracesPanel final : public QWidget {
    Q_OBJECT
public:
    explicit TracesPanel(const ViewContext& context, QWidget* parent = nullptr);

    void setSubject(const std::string& subject);
    TraceModel& model() { return *model_; }
    TraceWaterfall& waterfall() { return *waterfall_; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void ask();
    void take(std::size_t agent, const Result<std::vector<TraceSummary>>& result);
    void open(int row);

    ViewContext context_;
    TraceModel* model_;
    DataTable* table_;
    TraceWaterfall* waterfall_;
    ThemedLabel* hint_;
    QTimer again_;
    std::string subject_;
    std::vector<TraceRow> coming_;  ///< answers to the newest question so far
    std::uint64_t question_ = 0;    ///< drops the answers to older ones
    std::string opened_;            ///< id of the trace in the waterfall
};

}  // namespace levee
