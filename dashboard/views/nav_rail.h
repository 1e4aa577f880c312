// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/view_context.h"

namespace levee {

/// The pages, with their keys. GUI thread only.
class NavRail final : public QWidget {
    Q_OBJECT
public:
    explicit NavRail(const ViewContext& context, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ViewContext context_;
};

}  // namespace levee
