// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QMutex>
#include <QMutexLocker>
#include <QObject>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <utility>

namespace levee {

/// Work for another thread of which only the newest result is wanted. A new start(), or drop(),
/// makes the one under way stale: its result is thrown away when it comes. Confined to the GUI
/// thread; the work itself runs on the global thread pool and must hold all it needs by value.
template <typename Result>
class NewestJob {
public:
    /// `take` is called on the GUI thread, from its event loop.
    explicit NewestJob(std::function<void(Result)> take)
        : take_(std::move(take)), link_(std::make_shared<Link>()) {
        link_->context = &context_;
    }
    ~NewestJob() {
        const QMutexLocker lock(&link_->mutex);
        link_->context = nullptr;
    }
    NewestJob(const NewestJob&) = delete;
    NewestJob& operator=(const NewestJob&) = delete;

    template <typename Work>
    void start(Work work) {
        const quint64 id = ++newest_;
        isRunning_ = true;
        QThreadPool::globalInstance()->start([this, link = link_, id, work = std::move(work)] {
            auto result = std::make_shared<Result>(work());
            // While the lock is held the receiver cannot go; once it has gone, so have its events.
            const QMutexLocker lock(&link->mutex);
            if (!link->context)
                return;
            QMetaObject::invokeMethod(
                link->context, [this, id, result] { arrive(id, std::move(*result)); },
                Qt::QueuedConnection);
        });
    }
    void drop() {
        ++newest_;
        isRunning_ = false;
    }
    bool isRunning() const { return isRunning_; }

private:
    /// Outlives the job's owner as long as the work goes on.
    struct Link {
        QMutex mutex;
        QObject* context = nullptr;
    };

    void arrive(quint64 id, Result result) {
        if (id != newest_)
            return;
        isRunning_ = false;
        take_(std::move(result));
    }

    std::function<void(Result)> take_;
    std::shared_ptr<Link> link_;
    QObject context_;
    quint64 newest_ = 0;
    bool isRunning_ = false;
};

}  // namespace levee
