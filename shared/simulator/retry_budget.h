// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

namespace levee::simulator {

/// Retries as a share of calls: each call earns the share, each retry costs one, and at most
/// kMostSaved are saved up. It starts empty, so retries never exceed share * calls.
class RetryBudget {
public:
    static constexpr double kMostSaved = 10;

    /// A negative share: unbounded.
    explicit RetryBudget(double share) : share_(share) {}

    void onCall() { saved_ = std::min(saved_ + share_, kMostSaved); }
    /// Whether there may be one retry more; takes it.
    bool take() {
        if (share_ < 0) {
            return true;
        }
        if (saved_ < 1 - 1e-9) {  // ten tenths are one
            return false;
        }
        saved_ -= 1;
        return true;
    }

private:
    double share_;
    double saved_ = 0;
};

}  // namespace levee::simulator
