// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/diagnostic.h"

namespace levee::promql {

enum class TokenKind {
    End,
    Number,
    Duration,
    String,
    Identifier,  ///< names and words; may contain ':'
    Symbol,      ///< operators and brackets
};

struct Token {
    TokenKind kind = TokenKind::End;
    std::string text;  ///< as written; of a string: its value
    SourcePlace place;
    double number = 0;        ///< Number
    std::int64_t millis = 0;  ///< Duration
};

/// Where the text of an expression begins in its file; for expressions inside of rules.
struct TextOrigin {
    std::string file;
    int line = 1;
    int column = 1;
};

/// The tokens of a text, an End at the end. Stops at what cannot be a token, with an error in
/// `diagnostics`. Comments run from # to the end of the line.
std::vector<Token> tokenize(std::string_view text, const TextOrigin& origin,
                            Diagnostics& diagnostics);

}  // namespace levee::promql
