// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include "dashboard/app/dashboard.h"

namespace levee {

/// Waits until the dashboard has a picture and has watched for as long as asked, writes the window
/// to a PNG and ends the program: 0, or 1 with the reason on standard error when there was no
/// picture 15 s after that, or the file cannot be written. GUI thread only.
class Screenshot final : public QObject {
    Q_OBJECT
public:
    Screenshot(Dashboard& dashboard, const Options& options, const TimeSource& time);

signals:
    void finished(int exitCode);

private:
    void look();
    int grab();

    Dashboard& dashboard_;
    const Options options_;
    const TimeSource& time_;
    const MonotonicTime startedAt_;
    QTimer timer_;
};

}  // namespace levee
