// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/model/suspects.h"
#include "dashboard/views/view_context.h"

namespace levee {

class AttentionList;

/// What may have caused it, what hurt first, whom it reaches: three lists with their evidence.
/// GUI thread only.
class SuspectsPanel final : public QWidget {
    Q_OBJECT
public:
    explicit SuspectsPanel(const ViewContext& context, QWidget* parent = nullptr);

    void setSubject(const std::string& subject);
    void refresh();
    const std::vector<Suspect>& suspects() const { return suspects_; }

private:
    AttentionList* addList(QLayout& layout, const QString& caption, const QString& empty);
    void choose(const QString& key);

    ViewContext context_;
    std::string subject_;
    std::vector<Suspect> suspects_;
    AttentionList* lists_[3];
};

}  // namespace levee
