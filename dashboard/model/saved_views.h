// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <vector>

namespace levee {

/// What somebody looks at again and again, under a name: a levee:// link.
struct SavedView {
    QString name;
    QString link;

    bool operator==(const SavedView&) const = default;
};

/// GUI thread only.
class SavedViews final : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t kMostViews = 100;
    static constexpr int kLongestName = 60;  ///< characters

    using QObject::QObject;

    const std::vector<SavedView>& all() const { return views_; }  ///< by name
    const SavedView* find(const QString& name) const;
    /// Takes what was kept; what is wrong with it is left out.
    void load(const std::vector<SavedView>& views);
    /// In place of the one of this name. Returns what is wrong, or "".
    QString save(const QString& name, const QString& link);
    QString remove(const QString& name);

signals:
    void changed();  ///< to be kept

private:
    bool put(const SavedView& view);

    std::vector<SavedView> views_;
};

}  // namespace levee
