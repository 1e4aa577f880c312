// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QWidget>
#include <functional>

namespace levee {

class SeenRows;

/// Refreshes a view only while somebody can see it: a page behind another one and a minimised
/// window do nothing, and catch up at once when they are shown. GUI thread only.
class WhenSeen final : public QObject {
    Q_OBJECT
public:
    /// Belongs to `view`.
    WhenSeen(QWidget& view, std::function<void()> refresh);

    /// There is news: refreshes now, or when the view is next seen.
    void request();
    bool isSeen() const;
    bool isBehind() const { return isBehind_; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void catchUp();

    QWidget& view_;
    const std::function<void()> refresh_;
    QPointer<QWidget> window_;  ///< that is watched
    bool isBehind_ = false;
};

/// `rows` follow the news while `view` is seen, and catch up when it comes into sight; then
/// `caughtUp` is called. REQUIRES: `rows` live as long as `view`.
void followWhileSeen(SeenRows& rows, QWidget& view, std::function<void()> caughtUp = {});

}  // namespace levee
