// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace levee {

/// A thread that does the newest work it was given, one at a time, and sleeps otherwise. Confined
/// to the thread that made it, but for done(), which comes from the thread itself: connect it to
/// an object of another thread.
///
/// Not Qt's thread pool: its hand-over is a lock inside Qt, which is not instrumented, and so
/// ThreadSanitizer takes each job for a race. Here all that both threads touch is seen by it.
class JobThread : public QObject {
    Q_OBJECT
public:
    JobThread();
    /// Waits for work that has begun.
    ~JobThread() override;

    /// Takes the place of work that has not begun.
    void start(std::function<void()> work);
    /// Work that has not begun will not be.
    void drop();

signals:
    void done();

private:
    void run();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::function<void()> work_;
    bool isEnding_ = false;
    std::thread thread_;
};

}  // namespace levee
