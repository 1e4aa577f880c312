// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/latency_feed.h"

#include "dashboard/client/session_pool.h"
#include "dashboard/model/cell_values.h"

namespace levee {
namespace {
constexpr auto kAgain = std::chrono::seconds(2);
constexpr std::size_t kMostAsked = 16;  // agents that are asked for one subject
}  // namespace

LatencyFeed::LatencyFeed(SessionPool& pool, QObject* parent) : QObject(parent), pool_(pool) {
    again_.setInterval(kAgain);
    connect(&again_, &QTimer::timeout, this, &LatencyFeed::ask);
}

void LatencyFeed::setSubject(const std::string& subject) {
    if (subject == subject_)
        return;
    subject_ = subject;
    ++question_;
    answers_ = 0;
    problem_.clear();
    history_.clear();
    emit changed();
    if (isWatched_)
        ask();
}

void LatencyFeed::setWatched(bool isWatched) {
    if (isWatched == isWatched_)
        return;
    isWatched_ = isWatched;
    if (!isWatched) {
        again_.stop();
        return;
    }
    again_.start();
    ask();
}

void LatencyFeed::ask() {
    if (subject_.empty())
        return;
    std::size_t asked = 0;
    for (std::size_t i = 0; i < pool_.size() && asked < kMostAsked; ++i) {
        if (!pool_.at(i).isReady())
            continue;
        ++asked;
        pool_.at(i).latency({subject_, history_.untilOf(i)}, this,
                            [this, i, question = question_](const Result<LatencyMap>& result) {
                                if (question == question_)
                                    take(i, result);
                            });
    }
    if (asked == 0 && answers_ == 0) {
        problem_ = tr("No agent is connected that could be asked.");
        emit changed();
    }
}

void LatencyFeed::take(std::size_t agent, const Result<LatencyMap>& result) {
    if (result) {
        ++answers_;
        problem_.clear();
        history_.take(agent, *result);
    } else if (answers_ == 0) {
        problem_ = toText(result.error().message);
    }
    emit changed();
}

}  // namespace levee
