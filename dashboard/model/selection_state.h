// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <string>
#include <vector>

namespace levee {

/// What is selected: nothing, a node, or an edge. Immutable.
struct Selection {
    enum class Kind { None, Node, Edge };
    Kind kind = Kind::None;
    std::string node;    ///< of a node
    std::string client;  ///< of an edge
    std::string server;

    static Selection ofNode(std::string name) { return {Kind::Node, std::move(name), {}, {}}; }
    static Selection ofEdge(std::string from, std::string to) {
        return {Kind::Edge, {}, std::move(from), std::move(to)};
    }
    /// "payment" or "checkout->payment" as written everywhere; None: "".
    static Selection ofSubject(const std::string& subject);
    std::string subject() const;
    bool operator==(const Selection&) const = default;
};

/// One selection for map, tables, inspector and pages, with a way back. GUI thread only.
class SelectionState final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const Selection& current() const { return current_; }
    void select(Selection selection);
    void clear() { select({}); }
    /// To the selection before this one; false when there is none.
    bool back();

signals:
    void changed(const levee::Selection& selection);

private:
    Selection current_;
    std::vector<Selection> before_;  ///< at most 64
};

}  // namespace levee
