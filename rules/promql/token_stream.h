// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/promql/lexer.h"

namespace levee::promql {

/// The tokens of an expression from left to right, and the mistakes found on the way. After the
/// first mistake of syntax there is nothing more to read: whoever finds hasFailed() returns.
/// Confined to one thread.
class TokenStream {
public:
    /// REQUIRES: an End as the last token.
    TokenStream(std::vector<Token> tokens, Diagnostics& diagnostics)
        : tokens_(std::move(tokens)), diagnostics_(diagnostics) {}

    const Token& token() const { return tokens_[at_]; }
    const Token& following() const { return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_]; }
    const Token& take();
    /// Reads the present token as this symbol instead.
    void replace(std::string symbol);

    bool isSymbol(std::string_view text) const;
    bool isWord(std::string_view text) const;  ///< in any case
    bool takeSymbol(std::string_view text);
    bool takeWord(std::string_view text);

    bool hasFailed() const { return failed_; }
    /// A mistake of syntax. Answers null, which converts to whatever is being parsed.
    std::nullptr_t fail(const std::string& message) { return failAt(token().place, message); }
    std::nullptr_t failAt(const SourcePlace& place, const std::string& message);
    bool expectSymbol(std::string_view text, const char* where);
    /// ( a, b, )
    bool expectNames(std::vector<std::string>& names);
    /// What the subset leaves out, and what has no meaning: reading goes on.
    void refuse(const SourcePlace& place, const std::string& message);
    void mistake(const SourcePlace& place, const std::string& message);

private:
    std::vector<Token> tokens_;
    Diagnostics& diagnostics_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

std::string lowered(std::string text);
/// How a message names a token.
std::string shown(const Token& token);

}  // namespace levee::promql
