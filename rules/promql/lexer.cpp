// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/lexer.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "rules/promql/number_text.h"

namespace levee::promql {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}
bool isWord(char c) {
    return isWordStart(c) || isDigit(c);
}

/// 1h30m: whole numbers, each unit once and the larger before the smaller.
std::optional<std::int64_t> parseMillis(std::string_view text) {
    struct Unit {
        std::string_view name;
        std::int64_t millis;
    };
    constexpr std::int64_t kDay = 86'400'000;
    constexpr std::array kUnits{Unit{"y", 365 * kDay}, Unit{"w", 7 * kDay}, Unit{"d", kDay},
                                Unit{"h", 3'600'000},  Unit{"m", 60'000},   Unit{"s", 1000},
                                Unit{"ms", 1}};
    std::int64_t total = 0;
    std::size_t next = 0;
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc() || count < 0 || !isDigit(text.front()))
            return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        const std::string_view unit =
            text.starts_with("ms") ? text.substr(0, 2) : text.substr(0, 1);
        while (next < kUnits.size() && kUnits[next].name != unit)
            ++next;
        if (next == kUnits.size() ||
            count > (std::numeric_limits<std::int64_t>::max() - total) / kUnits[next].millis)
            return std::nullopt;
        total += count * kUnits[next++].millis;
        text.remove_prefix(unit.size());
    }
    return total;
}

/// As Go reads it: 010 is eight, 089 is none of that and decimal.
std::optional<double> parseLiteral(std::string_view text) {
    if (text.size() > 1 && text.front() == '0' &&
        text.find_first_not_of("01234567") == std::string_view::npos) {
        std::uint64_t octal = 0;
        std::from_chars(text.data(), text.data() + text.size(), octal, 8);
        return static_cast<double>(octal);
    }
    return parseNumber(text);
}

void appendUtf8(std::string& out, std::uint32_t point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
        return;
    }
    const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr std::array<std::uint32_t, 4> kLead{0, 0xC0, 0xE0, 0xF0};
    out += static_cast<char>(kLead[static_cast<std::size_t>(more)] | (point >> (6 * more)));
    for (int i = more - 1; i >= 0; --i)
        out += static_cast<char>(0x80 | ((point >> (6 * i)) & 0x3F));
}

class Lexer {
public:
    Lexer(std::string_view text, const TextOrigin& origin, Diagnostics& diagnostics)
        : text_(text),
          file_(origin.file),
          line_(origin.line),
          column_(origin.column),
          diagnostics_(diagnostics) {}

    std::vector<Token> run() {
        do
            next();
        while (!failed_ && tokens_.back().kind != TokenKind::End);
        return std::move(tokens_);
    }

private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    char take() {
        const char c = text_[at_++];
        if (c == '\n') {
            ++line_;
            column_ = 1;
        } else {
            ++column_;
        }
        return c;
    }
    SourcePlace here() const { return {file_, line_, column_, 0}; }

    void skipBlanks() {
        while (at_ < text_.size()) {
            if (peek() == '#') {
                while (at_ < text_.size() && peek() != '\n')
                    take();
            } else if (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
                take();
            } else {
                return;
            }
        }
    }

    void next() {
        skipBlanks();
        Token token;
        token.place = here();
        const std::size_t begin = at_;
        if (at_ == text_.size())
            token.kind = TokenKind::End;
        else if (isWordStart(peek()))
            readWord(token);
        else if (isDigit(peek()) || (peek() == '.' && isDigit(peek(1))))
            readNumber(token);
        else if (peek() == '"' || peek() == '\'' || peek() == '`')
            readString(token);
        else
            readSymbol(token);
        token.place.length = static_cast<int>(at_ - begin);
        if (failed_)
            tokens_.push_back({});
        else
            tokens_.push_back(std::move(token));
    }

    void fail(const SourcePlace& place, const std::string& message) {
        failed_ = true;
        diagnostics_.push_back({Severity::Error, "syntax", message, place});
    }

    void readWord(Token& token) {
        token.kind = TokenKind::Identifier;
        while (isWord(peek()))
            token.text += take();
        const std::optional<double> special =
            token.text.size() == 3 ? parseNumber(token.text) : std::nullopt;
        if (special) {
            token.kind = TokenKind::Number;
            token.number = *special;
        }
    }

    void readNumber(Token& token) {
        const bool isHex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
        while (isDigit(peek()) || peek() == '.' || (isWordStart(peek()) && peek() != ':')) {
            const char c = take();
            token.text += c;
            if (!isHex && (c == 'e' || c == 'E') && (peek() == '+' || peek() == '-'))
                token.text += take();
        }
        if (const auto millis = parseMillis(token.text)) {
            token.kind = TokenKind::Duration;
            token.millis = *millis;
        } else if (const auto number = parseLiteral(token.text)) {
            token.kind = TokenKind::Number;
            token.number = *number;
        } else {
            fail(token.place, "'" + token.text +
                                  "' is neither a number (1.5, 1e3, 0x1f) nor a duration (30s, "
                                  "1h30m; units y w d h m s ms, the larger first)");
        }
    }

    void readString(Token& token) {
        token.kind = TokenKind::String;
        const char quote = take();
        while (at_ < text_.size() && peek() != quote && !failed_) {
            if (quote != '`' && peek() == '\n')
                break;
            if (quote != '`' && peek() == '\\')
                readEscape(token.text, quote);
            else
                token.text += take();
        }
        if (failed_)
            return;
        if (peek() != quote || at_ == text_.size())
            return fail(token.place, std::string("the string has no closing ") + quote);
        take();
    }

    void readEscape(std::string& out, char quote) {
        const SourcePlace place = here();
        take();
        constexpr std::string_view kLetters = "abfnrtv\\";
        constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\";
        const char c = at_ < text_.size() ? take() : '\0';
        const std::size_t known = kLetters.find(c);
        if (c != '\0' && known != std::string_view::npos)
            out += kMeanings[known];
        else if (c == quote)
            out += c;
        else if (c == 'x' || c == 'u' || c == 'U')
            readCode(out, place, 16, c == 'x' ? 2 : c == 'u' ? 4 : 8, c == 'x');
        else if (c >= '0' && c <= '7') {
            --at_;
            --column_;
            readCode(out, place, 8, 3, true);
        } else
            fail(place, "unknown escape in a string; write \\\\ for a backslash");
    }

    void readCode(std::string& out, const SourcePlace& place, int base, std::size_t digits,
                  bool isByte) {
        const std::string_view code = text_.substr(at_, digits);
        std::uint32_t value = 0;
        const auto [end, error] =
            std::from_chars(code.data(), code.data() + code.size(), value, base);
        const bool isWhole = code.size() == digits && error == std::errc() &&
                             end == code.data() + code.size() && code.front() != '-';
        if (!isWhole ||
            (isByte ? value > 0xFF : value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)))
            return fail(place, "a bad character code in a string");
        for (std::size_t i = 0; i < digits; ++i)
            take();
        if (isByte)
            out += static_cast<char>(value);
        else
            appendUtf8(out, value);
    }

    void readSymbol(Token& token) {
        token.kind = TokenKind::Symbol;
        constexpr std::array<std::string_view, 6> kTwo{"==", "!=", "<=", ">=", "=~", "!~"};
        for (const std::string_view two : kTwo) {
            if (text_.substr(at_).starts_with(two)) {
                token.text = two;
                take();
                take();
                return;
            }
        }
        constexpr std::string_view kOne = "+-*/%^<>(){}[],=@";
        if (kOne.find(peek()) == std::string_view::npos || peek() == '\0')
            return fail(token.place,
                        std::string("unexpected character ") +
                            (peek() > ' ' && peek() < 0x7F
                                 ? "'" + std::string(1, peek()) + "'"
                                 : "with code " + std::to_string(static_cast<int>(
                                                      static_cast<unsigned char>(peek())))));
        token.text = std::string(1, take());
    }

    const std::string_view text_;
    const std::string file_;
    std::size_t at_ = 0;
    int line_;
    int column_;
    Diagnostics& diagnostics_;
    std::vector<Token> tokens_;
    bool failed_ = false;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text, const TextOrigin& origin,
                            Diagnostics& diagnostics) {
    return Lexer(text, origin, diagnostics).run();
}

}  // namespace levee::promql
