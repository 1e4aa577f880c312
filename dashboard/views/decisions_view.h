// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cstdint>
#include <optional>

#include "dashboard/views/view_context.h"

namespace levee {

class DataTable;

/// The list of decisions and state changes below the pages, newest first. GUI thread only.
class DecisionsView final : public QWidget {
    Q_OBJECT
public:
    explicit DecisionsView(const ViewContext& context, QWidget* parent = nullptr);

    QSize sizeHint() const override { return {800, 150}; }

private:
    void hideWhatCameLater();

    ViewContext context_;
    DataTable* table_;
    std::optional<std::int64_t> end_;  ///< what came later is not shown; nothing: all is
};

}  // namespace levee
