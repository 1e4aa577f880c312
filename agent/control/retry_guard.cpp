// SPDX-License-Identifier: Apache-2.0
#include "agent/control/retry_guard.h"

#include <cmath>

#include "agent/control/request_window.h"

namespace levee {

void RetryGuard::configure(const RetryBudgetSettings& settings, GuardMode mode) {
    mode_ = mode;
    const bool isOn =
        settings.on == RetryOn::Failure && settings.most > 0 && mode != GuardMode::Off;
    if (!isOn) {
        budget_.reset();
        share_ = 1;
    } else if (!budget_) {
        budget_.emplace(settings);
    } else if (!(settings == settings_)) {
        budget_->reconfigure(settings);
    }
    settings_ = settings;
}

void RetryGuard::add(const RequestRecord& record) {
    if (!isActive() || isShed(record.outcome))
        return;
    requests_ += record.weight;
    retries_ += std::uint64_t{record.weight} * record.retries;
    if (!isFailed(record.outcome))
        return;
    failed_ += record.weight;
    if (record.isRetryBarred)
        barred_ += record.weight;
}

void RetryGuard::tick(MonotonicTime now) {
    if (!isActive())
        return;
    if (mode_ == GuardMode::Shadow) {
        retries_ = static_cast<std::uint64_t>(std::llround(share_ * static_cast<double>(failed_)));
        barred_ = failed_ - retries_;
    }
    budget_->onWindow(requests_, retries_, barred_, now);
    requests_ = retries_ = barred_ = failed_ = 0;
    share_ = budget_->allowedShare(now);
}

void RetryGuard::addTo(GuardState& state, MonotonicTime now) const {
    if (!isActive())
        return;
    state.retryShare = budget_->share(now);
    state.retriesAllowed = share_;
}

}  // namespace levee
