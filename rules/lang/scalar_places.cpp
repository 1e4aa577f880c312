// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/scalar_places.h"

#include <algorithm>

#include "rules/lang/source_text.h"

namespace levee {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::size_t lineStart(std::string_view source, int line) {
    std::size_t begin = 0;
    for (int n = 1; n < line; ++n) {
        const std::size_t end = source.find('\n', begin);
        if (end == std::string_view::npos)
            return source.size();
        begin = end + 1;
    }
    return begin;
}

/// Follows a value through its source, byte by byte.
class Follower {
public:
    Follower(std::string_view source, std::size_t begin, std::string_view value)
        : source_(source), value_(value), at_(begin) {}

    std::vector<std::size_t> run() {
        open();
        while (offsets_.size() < value_.size()) {
            if (!step())
                return {};
        }
        offsets_.push_back(at_);
        return std::move(offsets_);
    }

private:
    enum class Style { Plain, Single, Double, Literal, Folded };

    char byteAt(std::size_t at) const { return at < source_.size() ? source_[at] : '\0'; }
    char next() const { return value_[offsets_.size()]; }
    bool take(std::size_t bytes, std::size_t length) {
        for (; bytes > 0 && offsets_.size() < value_.size(); --bytes)
            offsets_.push_back(at_);
        at_ += length;
        return true;
    }

    void open() {
        switch (byteAt(at_)) {
            case '\'':
                style_ = Style::Single;
                ++at_;
                return;
            case '"':
                style_ = Style::Double;
                ++at_;
                return;
            case '|':
            case '>':
                style_ = byteAt(at_) == '|' ? Style::Literal : Style::Folded;
                break;
            default:
                return;
        }
        at_ = std::min(source_.find('\n', at_), source_.size() - 1) + 1;
        // Blank lines at the beginning are part of the value.
        const std::size_t content = source_.find_first_not_of(kBlank, at_);
        const std::size_t line =
            content == std::string_view::npos ? at_ : source_.rfind('\n', content) + 1;
        indent_ = content == std::string_view::npos ? 0 : content - line;
        skipIndent();
    }

    void skipIndent() {
        for (std::size_t n = 0; n < indent_ && byteAt(at_) == ' '; ++n)
            ++at_;
    }

    bool step() {
        if (at_ >= source_.size())
            return false;
        const char here = byteAt(at_);
        if (style_ == Style::Double && here == '\\')
            return escape();
        if (style_ == Style::Single && here == '\'')
            return next() == '\'' && take(1, 2);
        if (style_ == Style::Literal && here == '\n') {
            if (next() != '\n')
                return false;
            take(1, 1);
            skipIndent();
            return true;
        }
        if (style_ == Style::Literal && here == '\r') {
            ++at_;
            return true;
        }
        const std::size_t over = source_.find_first_not_of(kBlank, at_);
        const std::string_view blanks =
            source_.substr(at_, over == std::string_view::npos ? over : over - at_);
        const auto lines = static_cast<std::size_t>(std::count(blanks.begin(), blanks.end(), '\n'));
        if (style_ != Style::Literal && lines > 0)
            return kBlank.find(next()) != std::string_view::npos &&
                   take(lines == 1 ? 1 : lines - 1, blanks.size());
        return here == next() && take(1, 1);
    }

    bool escape() {
        switch (byteAt(at_ + 1)) {
            case '\n':
            case '\r': {  // the line goes on
                at_ = std::min(source_.find_first_not_of(kBlank, at_ + 1), source_.size());
                return true;
            }
            case 'x':
                return take(1, 4);
            case 'u':
                return take(utf8Bytes(), 6);
            case 'U':
                return take(utf8Bytes(), 10);
            default:
                return take(1, 2);
        }
    }

    /// Of the character that comes next in the value.
    std::size_t utf8Bytes() const {
        const auto byte = static_cast<unsigned char>(next());
        return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    }

    std::string_view source_;
    std::string_view value_;
    std::size_t at_;
    Style style_ = Style::Plain;
    std::size_t indent_ = 0;
    std::vector<std::size_t> offsets_;
};

}  // namespace

ScalarPlaces::ScalarPlaces(std::string_view source, const YamlNode& node)
    : source_(source), node_(node) {
    if (source_.starts_with(kByteOrderMark))
        source_.remove_prefix(kByteOrderMark.size());
    const std::size_t begin =
        lineStart(source_, node.span.line) + static_cast<std::size_t>(node.span.column - 1);
    if (node.span.line > 0 && node.span.column > 0 && begin < source_.size())
        offsets_ = Follower(source_, begin, node.text).run();
}

YamlSpan ScalarPlaces::at(std::size_t offset, int length) const {
    if (offsets_.empty())
        return node_.span;
    const std::size_t place = offsets_[std::min(offset, offsets_.size() - 1)];
    const std::string_view before = source_.substr(0, place);
    const std::size_t line = before.rfind('\n');
    const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
    return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
            static_cast<int>(place - begin) + 1, length};
}

YamlSpan ScalarPlaces::at(int line, int column, int length) const {
    return at(lineStart(node_.text, line) + static_cast<std::size_t>(std::max(column, 1) - 1),
              length);
}

}  // namespace levee
