// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "dashboard/widgets/canvas/job_thread.h"

namespace levee {

/// Work on a thread of its own, of which only the newest result is wanted. A new start(), or
/// drop(), makes the one before stale: it is not begun, or its result is thrown away. Confined to
/// the GUI thread; the work must hold all it needs by value. Destruction waits for work that has
/// begun.
template <typename Result>
class NewestJob {
public:
    /// `take` is called on the GUI thread, from its event loop.
    explicit NewestJob(std::function<void(Result)> take) : take_(std::move(take)) {
        QObject::connect(&thread_, &JobThread::done, &context_, [this] { arrive(); });
    }
    NewestJob(const NewestJob&) = delete;
    NewestJob& operator=(const NewestJob&) = delete;

    void start(std::function<Result()> work) {
        isRunning_ = true;
        thread_.start([this, id = ++newest_, work = std::move(work)] {
            Result result = work();
            const std::lock_guard lock(mutex_);
            result_ = std::move(result);
            resultId_ = id;
        });
    }
    void drop() {
        ++newest_;
        isRunning_ = false;
        thread_.drop();
    }
    bool isRunning() const { return isRunning_; }

private:
    void arrive() {
        std::optional<Result> result;
        {
            const std::lock_guard lock(mutex_);
            if (resultId_ == newest_)
                result = std::exchange(result_, std::nullopt);
        }
        if (!result)
            return;
        isRunning_ = false;
        take_(std::move(*result));
    }

    std::function<void(Result)> take_;
    quint64 newest_ = 0;
    bool isRunning_ = false;
    std::mutex mutex_;  ///< of the two below
    std::optional<Result> result_;
    quint64 resultId_ = 0;
    QObject context_;
    JobThread thread_;  ///< last: uses all of the above
};

}  // namespace levee
