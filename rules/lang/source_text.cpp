// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/source_text.h"

#include <algorithm>

namespace levee {
namespace {

/// Bytes of the UTF-8 sequence at the front of `text`, 0 when it is not well formed.
std::size_t sequenceLength(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    }
    // Overlong forms, surrogates, and code points above U+10FFFF.
    const unsigned char second = byte(1);
    const bool bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    return bad ? 0 : length;
}

/// Bytes of the quoted scalar at the front of `text` with both quotes, 0 when it is not closed.
std::size_t quotedLength(std::string_view text) {
    const char quote = text[0];
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == quote) {
            if (quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'')
                ++i;
            else
                return i + 1;
        }
    }
    return 0;
}

bool isQuote(char c) {
    return c == '"' || c == '\'';
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text), lineStarts_{0} {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n')
            lineStarts_.push_back(i + 1);
    }
}

std::string_view SourceText::rest(int line, int column) const {
    if (line < 0 || column < 0 || static_cast<std::size_t>(line) >= lineStarts_.size())
        return {};
    const auto index = static_cast<std::size_t>(line);
    const std::size_t start = lineStarts_[index];
    const std::size_t end =
        index + 1 < lineStarts_.size() ? lineStarts_[index + 1] - 1 : text_.size();
    std::string_view content = text_.substr(start, end - start);
    if (content.ends_with('\r'))
        content.remove_suffix(1);
    return content.substr(std::min(static_cast<std::size_t>(column), content.size()));
}

YamlSpan SourceText::scalarAt(int line, int column, std::string_view value) const {
    const std::string_view here = rest(line, column);
    if (here.empty())
        return at(line, column, 0);
    std::size_t length = here.size();
    if (isQuote(here[0]))
        length = quotedLength(here) > 0 ? quotedLength(here) : here.size();
    else if (here.starts_with(value))
        length = value.size();
    else
        length = here.find_last_not_of(" \t") + 1;
    return at(line, column, static_cast<int>(length));
}

YamlSpan SourceText::nullAt(int line, int column) const {
    const std::string_view here = rest(line, column);
    for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
        if (here.starts_with(word))
            return at(line, column, static_cast<int>(word.size()));
    }
    return at(line, column, 0);
}

YamlSpan SourceText::openingAt(int line, int column) const {
    const std::string_view here = rest(line, column);
    return at(line, column, here.starts_with('{') || here.starts_with('[') ? 1 : 0);
}

bool SourceText::isClosed(int line, int column) const {
    const std::string_view here = rest(line, column);
    if (here.empty() || !isQuote(here[0]))
        return true;
    return quotedLength(text_.substr(static_cast<std::size_t>(here.data() - text_.data()))) > 0;
}

bool SourceText::beginsDocument(int line) const {
    if (startsWith(line, 0, "---"))
        return true;
    for (int above = line - 1; above >= 0; --above) {
        const std::string_view content = rest(above, 0);
        if (content.starts_with("..."))
            return true;
        const std::size_t first = content.find_first_not_of(" \t");
        if (first != std::string_view::npos && content[first] != '#')
            return false;
    }
    return true;
}

std::optional<YamlSpan> SourceText::firstBadByte() const {
    if (text_.starts_with(kByteOrderMark))
        return spanOf(0);
    for (std::size_t i = 0; i < text_.size();) {
        const auto byte = static_cast<unsigned char>(text_[i]);
        const bool isLineEnd =
            byte == '\n' || (byte == '\r' && text_.substr(i + 1).starts_with('\n'));
        const bool isControl = (byte < 0x20 && byte != '\t' && !isLineEnd) || byte == 0x7F;
        const std::size_t length = isControl ? 0 : sequenceLength(text_.substr(i));
        if (length == 0)
            return spanOf(i);
        i += length;
    }
    return std::nullopt;
}

std::optional<YamlSpan> SourceText::firstDirective() const {
    for (const std::size_t start : lineStarts_)
        if (text_.substr(start).starts_with('%'))
            return spanOf(start);
    return std::nullopt;
}

std::optional<YamlSpan> SourceText::tabInIndentation(int line) const {
    const std::string_view content = rest(line - 1, 0);
    const std::size_t tab = content.find_first_not_of(' ');
    if (tab == std::string_view::npos || content[tab] != '\t')
        return std::nullopt;
    return YamlSpan{line, static_cast<int>(tab) + 1, 1};
}

YamlSpan SourceText::spanOf(std::size_t offset) const {
    const auto next = std::upper_bound(lineStarts_.begin(), lineStarts_.end(), offset);
    const std::size_t line = static_cast<std::size_t>(next - lineStarts_.begin());
    return {static_cast<int>(line), static_cast<int>(offset - lineStarts_[line - 1]) + 1, 1};
}

std::string shown(std::string_view text) {
    constexpr std::size_t kLongest = 60;
    std::string result;
    for (const char c : text.substr(0, kLongest))
        result += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    if (text.size() > kLongest) {
        // Not in the middle of a character.
        while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xC0) == 0x80)
            result.pop_back();
        if (!result.empty() && static_cast<unsigned char>(result.back()) >= 0xC0)
            result.pop_back();
        result += "...";
    }
    return result;
}

}  // namespace levee
