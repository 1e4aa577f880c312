// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace levee::ingest {

/// Keeps copies of text at fixed places until it is cleared; one block is kept for the next use.
/// Confined to one thread.
class TextArena {
public:
    std::string_view add(std::string_view text) {
        if (text.empty())
            return {};
        if (text.size() > left_) {
            const std::size_t size = std::max(kBlock, text.size());
            blocks_.push_back(std::make_unique<char[]>(size));
            next_ = blocks_.back().get();
            left_ = size;
        }
        std::memcpy(next_, text.data(), text.size());
        const std::string_view kept(next_, text.size());
        next_ += text.size();
        left_ -= text.size();
        return kept;
    }
    void clear() {
        if (blocks_.empty())
            return;
        blocks_.resize(1);  // the first block has kBlock bytes or more
        next_ = blocks_.front().get();
        left_ = kBlock;
    }

private:
    static constexpr std::size_t kBlock = 64 * 1024;

    std::vector<std::unique_ptr<char[]>> blocks_;
    char* next_ = nullptr;
    std::size_t left_ = 0;
};

}  // namespace levee::ingest
