// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/canvas/job_thread.h"

#include <utility>

namespace levee {

JobThread::JobThread() : thread_([this] { run(); }) {}

JobThread::~JobThread() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void JobThread::start(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        work_ = std::move(work);
    }
    wake_.notify_one();
}

void JobThread::drop() {
    const std::lock_guard lock(mutex_);
    work_ = nullptr;
}

void JobThread::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return isEnding_ || work_; });
        if (isEnding_)
            return;
        std::function<void()> work = std::exchange(work_, nullptr);
        lock.unlock();
        work();
        work = nullptr;  // what it holds goes before anybody hears of its end
        emit done();
        lock.lock();
    }
}

}  // namespace levee
