// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace levee::host {

/// The lines of a text, one at a time, without their ends. Allocates nothing.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}

    bool next(std::string_view& line) {
        if (rest_.empty())
            return false;
        const auto end = rest_.find('\n');
        line = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        return true;
    }

private:
    std::string_view rest_;
};

/// The words of a line, between blanks and tabs. Allocates nothing.
class Words {
public:
    explicit Words(std::string_view line) : rest_(line) {}

    /// "" at the end.
    std::string_view next() {
        const auto start = rest_.find_first_not_of(" \t\n");
        if (start == std::string_view::npos)
            return {};
        rest_.remove_prefix(start);
        const auto word = rest_.substr(0, rest_.find_first_of(" \t\n"));
        rest_.remove_prefix(word.size());
        return word;
    }
    /// False at the end, and for a word that is no number of this type.
    template <typename Number>
    bool number(Number& out) {
        const std::string_view word = next();
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
        return error == std::errc{} && end == word.data() + word.size();
    }
    void skip(int words) {
        for (int i = 0; i < words; ++i)
            next();
    }

private:
    std::string_view rest_;
};

}  // namespace levee::host
