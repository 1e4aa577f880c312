// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "shared/guard/limit.h"

namespace levee::test {

/// Keeps the windows it is given and decides what the test says.
class FakeLimit final : public Limit {
public:
    struct Window {
        WindowSample sample;
        MonotonicTime end;
    };
    std::vector<Window> windows;
    LimitDecision next;
    std::function<void()> onEach = [] {};  ///< called after each window

    void onWindow(const WindowSample& sample, MonotonicTime now) override {
        windows.push_back({sample, now});
        onEach();
    }
    LimitDecision decision() const override { return next; }
    void reconfigure(const LimiterSettings& settings) override { next.limit = settings.limit; }
    LimitMemory save() const override { return {}; }
    void restore(const LimitMemory&) override {}
};

}  // namespace levee::test
