// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/diagnostic.h"

namespace levee {

/// Lines and columns of offsets in a text, each found by one binary search. Immutable once made.
class LinePlaces {
public:
    LinePlaces(std::string_view text, std::string file) : file_(std::move(file)) {
        for (std::size_t at = text.find('\n'); at != std::string_view::npos;
             at = text.find('\n', at + 1))
            starts_.push_back(at + 1);
    }

    SourcePlace at(std::size_t offset) const {
        const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
        SourcePlace place;
        place.file = file_;
        place.line = static_cast<int>(next - starts_.begin());
        place.column = 1 + static_cast<int>(offset - *(next - 1));
        return place;
    }

private:
    std::string file_;
    std::vector<std::size_t> starts_{0};  ///< of lines
};

}  // namespace levee
