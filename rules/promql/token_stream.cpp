// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/token_stream.h"

#include "rules/promql/labels.h"

namespace levee::promql {

std::string lowered(std::string text) {
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

std::string shown(const Token& token) {
    switch (token.kind) {
        case TokenKind::End:
            return "the end";
        case TokenKind::String:
            return "a string";
        default:
            return "'" + token.text + "'";
    }
}

const Token& TokenStream::take() {
    const Token& taken = tokens_[at_];
    if (at_ + 1 < tokens_.size())
        ++at_;
    return taken;
}

void TokenStream::replace(std::string symbol) {
    tokens_[at_].text = std::move(symbol);
    tokens_[at_].kind = TokenKind::Symbol;
}

bool TokenStream::isSymbol(std::string_view text) const {
    return token().kind == TokenKind::Symbol && token().text == text;
}

bool TokenStream::isWord(std::string_view text) const {
    return token().kind == TokenKind::Identifier && lowered(token().text) == text;
}

bool TokenStream::takeSymbol(std::string_view text) {
    const bool is = isSymbol(text);
    if (is)
        take();
    return is;
}

bool TokenStream::takeWord(std::string_view text) {
    const bool is = isWord(text);
    if (is)
        take();
    return is;
}

std::nullptr_t TokenStream::failAt(const SourcePlace& place, const std::string& message) {
    if (!failed_)
        diagnostics_.push_back({Severity::Error, "syntax", message, place});
    failed_ = true;
    return nullptr;
}

bool TokenStream::expectSymbol(std::string_view text, const char* where) {
    if (takeSymbol(text))
        return true;
    fail("expected '" + std::string(text) + "' " + where + ", found " + shown(token()));
    return false;
}

bool TokenStream::expectNames(std::vector<std::string>& names) {
    if (!expectSymbol("(", "before the label names"))
        return false;
    while (!isSymbol(")")) {
        // The lexer reads Inf and NaN as numbers; as labels they are names.
        if (!isLabelName(token().text) || token().kind == TokenKind::String) {
            fail("expected a label name, found " + shown(token()));
            return false;
        }
        names.push_back(take().text);
        if (!isSymbol(")") && !expectSymbol(",", "between label names"))
            return false;
    }
    take();
    return true;
}

void TokenStream::refuse(const SourcePlace& place, const std::string& message) {
    diagnostics_.push_back({Severity::Error, "not-supported", message, place});
}

void TokenStream::mistake(const SourcePlace& place, const std::string& message) {
    diagnostics_.push_back({Severity::Error, "invalid", message, place});
}

}  // namespace levee::promql
