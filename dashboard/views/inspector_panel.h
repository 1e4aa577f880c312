// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

#include <vector>

#include "dashboard/views/scene_builder.h"
#include "dashboard/views/view_context.h"

class QPushButton;
class QVBoxLayout;
class QGridLayout;

namespace levee {

class AttentionList;
class GuardStack;
class Section;
class Sparkline;
class ThemedLabel;
struct FleetEdge;
struct FleetNode;
struct Traffic;

/// What is selected, in numbers and words; with nothing selected, the agents. GUI thread only.
class InspectorPanel final : public QScrollArea {
    Q_OBJECT
public:
    explicit InspectorPanel(const ViewContext& context, QWidget* parent = nullptr);

private:
    enum Fact { Requests, Errors, Shed, P50, P95, P99, InFlight, Instances, FactCount };

    void build();
    void buildToDo(QVBoxLayout& layout);
    void refresh();
    void showLock();
    void showNothing();
    void showNode(const FleetNode& node);
    void showEdge(const FleetEdge& edge);
    void showTraffic(const Traffic& traffic, const std::string& subject);
    void setFact(Fact fact, const QString& value);
    void setSelected(bool hasSelection);

    ViewContext context_;
    Section* head_;
    ThemedLabel* title_;
    ThemedLabel* subtitle_;
    QWidget* numbers_;
    ThemedLabel* names_[FactCount];
    ThemedLabel* values_[FactCount];
    Sparkline* spark_;
    Section* toDo_;
    bool isUnwell_ = false;
    Section* guardsPanel_;
    GuardStack* guards_;
    Section* neighboursPanel_;
    AttentionList* neighbours_;
    Section* advicePanel_;
    ThemedLabel* advice_;
    QPushButton* open_;
    Section* agentsPanel_;
    ThemedLabel* agents_;
    HealthLine healthLine_;
    std::vector<QPushButton*> lockedButtons_;  ///< while nothing may be changed
};

}  // namespace levee
