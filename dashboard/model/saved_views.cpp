// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/saved_views.h"

#include <algorithm>

namespace levee {
namespace {

bool isRight(const QString& name) {
    return !name.isEmpty() && name.size() <= SavedViews::kLongestName &&
           std::ranges::all_of(name, [](QChar c) { return c.isPrint(); });
}

}  // namespace

const SavedView* SavedViews::find(const QString& name) const {
    const auto found = std::ranges::find(views_, name.trimmed(), &SavedView::name);
    return found == views_.end() ? nullptr : &*found;
}

bool SavedViews::put(const SavedView& view) {
    const auto place = std::ranges::lower_bound(views_, view.name, {}, &SavedView::name);
    if (place != views_.end() && place->name == view.name)
        place->link = view.link;
    else if (views_.size() < kMostViews)
        views_.insert(place, view);
    else
        return false;
    return true;
}

void SavedViews::load(const std::vector<SavedView>& views) {
    views_.clear();
    for (const SavedView& view : views)
        if (isRight(view.name))
            (void)put(view);
}

QString SavedViews::save(const QString& name, const QString& link) {
    const QString wanted = name.trimmed();
    if (!isRight(wanted))
        return tr("A name has 1 to %1 characters: :save-view payments").arg(kLongestName);
    if (!put({wanted, link}))
        return tr("%1 views are saved, the most there can be: delete one with :delete-view")
            .arg(kMostViews);
    emit changed();
    return {};
}

QString SavedViews::remove(const QString& name) {
    const auto count =
        std::erase_if(views_, [&](const SavedView& view) { return view.name == name.trimmed(); });
    if (count == 0)
        return tr("No view is saved as \"%1\".").arg(name.trimmed());
    emit changed();
    return {};
}

}  // namespace levee
