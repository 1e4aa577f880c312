// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QSplitter>
#include <QStackedWidget>
#include <QWidget>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dashboard/model/map_view_state.h"
#include "dashboard/views/view_context.h"

namespace levee {

class MapTable;
class MapToolbar;
class ThemedLabel;
class TopologyCanvas;
class WhenSeen;

/// Where to look first at the left, the live map or its table in the middle, what is selected at
/// the right. GUI thread only.
class TopologyPage final : public QWidget {
    Q_OBJECT
public:
    explicit TopologyPage(const ViewContext& context, QWidget* parent = nullptr);

    TopologyCanvas& canvas() { return *canvas_; }
    MapToolbar& toolbar() { return *toolbar_; }
    /// Made when it is first asked for.
    MapTable& table();
    MapViewState& mapView() { return view_; }
    /// Writes the whole map as PNG, or as SVG where the name ends so; false when it cannot.
    bool exportMap(const QString& path);
    QByteArray saveState() const { return splitter_->saveState(); }
    void restoreState(const QByteArray& state) { splitter_->restoreState(state); }
    void resetLayout();

private:
    void buildMiddle(QWidget& middle);
    QWidget* buildFoot();
    void bindCanvas();
    void bindActions();
    void bindMapActions();
    void bindWalk();
    void compose();
    void refreshScene();
    void refreshMarks();
    void refreshTable(bool isFinding);
    void refreshState();
    void showSelection();
    void stepMatch(bool forward);
    void showMenu(const QString& id, const QPoint& at);
    void showEdgeMenu(const QString& from, const QString& to, const QPoint& at);
    void chooseExport();
    void showTable(bool on);
    std::string nameOf(const QString& id) const { return names_.value(id, id.toStdString()); }

    ViewContext context_;
    MapViewState view_;
    MapIndex index_;
    MapPicture picture_;
    std::shared_ptr<const FleetView> pictured_;  ///< what picture_ points into
    std::set<std::string> shown_;                ///< services that stand on the map
    QHash<QString, std::string> names_;          ///< of the canvas' ids
    std::vector<std::string> matches_;           ///< of the Find expression
    QSplitter* splitter_;
    QStackedWidget* middle_;
    TopologyCanvas* canvas_;
    MapTable* table_ = nullptr;
    MapToolbar* toolbar_;
    ThemedLabel* summary_;
    WhenSeen* whenSeen_;
};

}  // namespace levee
