// SPDX-License-Identifier: Apache-2.0
// The text behind a tree: finds how long a token is, which the parser does not tell.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/yaml_node.h"

namespace levee {

/// Some editors begin a file with it; anywhere else it is a character like another.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// A view into the text, which must outlive it. Immutable. Lines and columns of the arguments count
/// from 0 as the parser counts them, those of the results from 1. Places beyond the text are
/// allowed and get a length of 0.
class SourceText {
public:
    explicit SourceText(std::string_view text);

    YamlSpan at(int line, int column, int length) const { return {line + 1, column + 1, length}; }
    /// A key or a value; `value` is its meaning. Never longer than its first line.
    YamlSpan scalarAt(int line, int column, std::string_view value) const;
    /// `~` or `null`; length 0 where nothing is written.
    YamlSpan nullAt(int line, int column) const;
    /// A list or a mapping: its bracket, or length 0 for the block form.
    YamlSpan openingAt(int line, int column) const;

    bool startsWith(int line, int column, std::string_view prefix) const {
        return rest(line, column).starts_with(prefix);
    }
    /// False for a quoted scalar whose closing quote is missing. yaml-cpp takes such a scalar to
    /// the end of the text without a word.
    bool isClosed(int line, int column) const;
    /// True when line `line` begins a document: it has a `---`, or follows a `...` with nothing but
    /// comments in between.
    bool beginsDocument(int line) const;

    /// The first byte that is not part of well-formed UTF-8, or a control character other than tab
    /// and the line ends; or a byte order mark at the very beginning, which the parser passes over:
    /// the one that a file may begin with was taken off before.
    std::optional<YamlSpan> firstBadByte() const;
    /// The first line that begins with `%`. The parser takes such a line for a directive wherever
    /// it stands and passes over it without a word.
    std::optional<YamlSpan> firstDirective() const;
    /// The first tab in the white space before the content of line `line`, which counts from 1.
    std::optional<YamlSpan> tabInIndentation(int line) const;

private:
    std::string_view rest(int line, int column) const;  ///< of that line, without the line end
    YamlSpan spanOf(std::size_t offset) const;

    std::string_view text_;
    std::vector<std::size_t> lineStarts_;
};

/// `text` as it can stand in a message: at most 60 bytes, without control characters.
std::string shown(std::string_view text);

}  // namespace levee
