// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include "dashboard/model/map_scope.h"

namespace levee {

/// What the person asked of the map: scope, focus, groups, what to find and what to hide. Shared by
/// the map and its table. GUI thread only.
class MapViewState final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const MapWish& wish() const { return wish_; }
    const MapQuery& find() const { return find_; }

    void setShowAll(bool on);
    void setErrorsOnly(bool on);
    void setGrouping(MapGrouping grouping);
    void openGroup(const std::string& name);
    void focusOn(const std::string& service);  ///< "": everything again; hops start at 1
    void changeHops(int by);                   ///< within 1 to kMostHops
    void setKept(const std::string& service);
    void setFind(const MapQuery& query);
    void setHide(const MapQuery& query);
    /// Undoes one thing, the innermost first: the focus, open groups, errors only, all. False when
    /// there is nothing to undo.
    bool back();

signals:
    void changed();      ///< what stands on the map
    void findChanged();  ///< what is marked on it

private:
    MapWish wish_;
    MapQuery find_;
};

}  // namespace levee
