// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include "dashboard/views/view_context.h"

namespace levee {

class Banner;
struct Alert;

/// What a notification says: "checkout → payment" and "opened: 10 of the last 10 calls failed".
QString alertTitle(const Alert& alert);
QString alertText(const Alert& alert);

/// The latest alert across the window until somebody looks at it: the same as the desktop's
/// notification, for desktops that show none. GUI thread only.
class AlertBanner final : public QWidget {
    Q_OBJECT
public:
    explicit AlertBanner(const ViewContext& context, QWidget* parent = nullptr);

private:
    void refresh();

    ViewContext context_;
    Banner* banner_;
};

}  // namespace levee
