// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "shared/base/time.h"

namespace levee {

/// The text of a configuration, line by line.
class ConfigLines {
public:
    template <typename... Args>
    void line(fmt::format_string<Args...> text, Args&&... args) {
        fmt::format_to(std::back_inserter(text_), text, std::forward<Args>(args)...);
        text_ += '\n';
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

/// One word of the configuration, whatever it holds. Control characters cannot be written in one
/// and have no place in a header either: they become spaces.
inline std::string quotedWord(std::string_view text) {
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'')
            word += "'\\''";
        else
            word += std::iscntrl(static_cast<unsigned char>(c)) != 0 ? ' ' : c;
    }
    return word + "'";
}

inline std::int64_t configMillis(Duration duration) {
    return std::max<std::int64_t>(1, duration / std::chrono::milliseconds(1));
}

}  // namespace levee
