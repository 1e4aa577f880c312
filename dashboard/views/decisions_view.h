// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "dashboard/views/view_context.h"

namespace levee {

class DataTable;

/// The list of decisions and state changes, newest first. Strip: the always visible one at the
/// bottom. Page: with rule and host, and the inputs of the chosen one. GUI thread only.
class DecisionsView final : public QWidget {
    Q_OBJECT
public:
    enum class Form { Strip, Page };
    DecisionsView(const ViewContext& context, Form form, QWidget* parent = nullptr);

    QSize sizeHint() const override { return {800, 190}; }

private:
    ViewContext context_;
    DataTable* table_;
};

}  // namespace levee
