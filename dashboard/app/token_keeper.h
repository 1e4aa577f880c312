// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens of contexts in the desktop's keychain (Secret Service, KWallet). Nothing is ever kept in
// plain text instead: where no keychain answers, the person is told of token_file. GUI thread only;
// each call waits for the keychain, which may ask the person to unlock it, at most a minute.
#pragma once

#include <QString>
#include <string>

#include "shared/base/result.h"

namespace levee {

struct Options;

Result<std::string> readKeptToken(const QString& context);
/// Replaces the one that is there.
Status keepToken(const QString& context, const std::string& token);

/// Puts the tokens into the access of the agents that need them, or why there are none.
void fillInTokens(Options& options);

}  // namespace levee
