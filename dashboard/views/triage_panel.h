// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/view_context.h"

namespace levee {

class AttentionList;
class Section;

/// Where to look first: services that are not well, and guards that hold something back. GUI thread
/// only.
class TriagePanel final : public QWidget {
    Q_OBJECT
public:
    explicit TriagePanel(const ViewContext& context, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    void bind(AttentionList& list);

    ViewContext context_;
    Section* servicesPanel_;
    Section* guardsPanel_;
    AttentionList* services_;
    AttentionList* guards_;
};

}  // namespace levee
