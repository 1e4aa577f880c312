// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <utility>

namespace levee {

/// Rows that follow the news only while somebody looks at them, and catch up later. Until setSeen()
/// is called somebody always does. GUI thread only.
class SeenRows {
public:
    virtual ~SeenRows() = default;

    void setSeen(std::function<bool()> isSeen) { isSeen_ = std::move(isSeen); }
    /// To be called when they come into sight.
    void catchUp() {
        if (std::exchange(isBehind_, false))
            reload();
    }

protected:
    virtual void reload() {}
    void onNews() {
        if (isSeen_ && !isSeen_()) {
            isBehind_ = true;
            return;
        }
        isBehind_ = false;
        reload();
    }

private:
    std::function<bool()> isSeen_;
    bool isBehind_ = false;
};

}  // namespace levee
