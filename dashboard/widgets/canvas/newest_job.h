// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace levee {

/// Work for another thread of which only the newest result is wanted. A new start(), or drop(),
/// makes the one before stale: it is not begun, or its result is thrown away. Confined to the GUI
/// thread; the work itself runs on the global thread pool and must hold all it needs by value.
///
/// Both work and result change hands under a lock of ours, not only in Qt's queues, which
/// ThreadSanitizer cannot look into.
template <typename Result>
class NewestJob {
public:
    /// `take` is called on the GUI thread, from its event loop.
    explicit NewestJob(std::function<void(Result)> take)
        : take_(std::move(take)), desk_(std::make_shared<Desk>()) {
        desk_->context = &context_;
    }
    ~NewestJob() {
        const std::lock_guard lock(desk_->mutex);
        desk_->context = nullptr;
        desk_->work = nullptr;
    }
    NewestJob(const NewestJob&) = delete;
    NewestJob& operator=(const NewestJob&) = delete;

    void start(std::function<Result()> work) {
        isRunning_ = true;
        {
            const std::lock_guard lock(desk_->mutex);
            desk_->work = std::move(work);
            desk_->workId = ++newest_;
        }
        QThreadPool::globalInstance()->start([this, desk = desk_] { run(*desk); });
    }
    void drop() {
        ++newest_;
        isRunning_ = false;
        const std::lock_guard lock(desk_->mutex);
        desk_->work = nullptr;
    }
    bool isRunning() const { return isRunning_; }

private:
    /// Outlives the job's owner as long as the work goes on.
    struct Desk {
        std::mutex mutex;
        QObject* context = nullptr;
        std::function<Result()> work;
        quint64 workId = 0;
        std::optional<Result> result;
        quint64 resultId = 0;
    };

    /// On a thread of the pool; of `this` nothing but the address is used.
    void run(Desk& desk) {
        std::function<Result()> work;
        quint64 id = 0;
        {
            const std::lock_guard lock(desk.mutex);
            work = std::exchange(desk.work, nullptr);
            id = desk.workId;
        }
        if (!work)
            return;  // dropped, or done as part of a start() before
        Result result = work();
        // While the lock is held the receiver cannot go; once it has gone, so have its events.
        const std::lock_guard lock(desk.mutex);
        if (desk.context == nullptr || id < desk.resultId)
            return;
        desk.result = std::move(result);
        desk.resultId = id;
        QMetaObject::invokeMethod(
            desk.context, [this] { arrive(); }, Qt::QueuedConnection);
    }

    void arrive() {
        std::optional<Result> result;
        {
            const std::lock_guard lock(desk_->mutex);
            if (desk_->resultId == newest_)
                result = std::exchange(desk_->result, std::nullopt);
        }
        if (!result)
            return;
        isRunning_ = false;
        take_(std::move(*result));
    }

    std::function<void(Result)> take_;
    std::shared_ptr<Desk> desk_;
    QObject context_;
    quint64 newest_ = 0;
    bool isRunning_ = false;
};

}  // namespace levee
