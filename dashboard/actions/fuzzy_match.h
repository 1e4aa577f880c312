// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

namespace levee {

/// How well `wanted` names `text`; smaller is better, nothing when it does not. Every word of
/// `wanted` has to be found, in any case: at the beginning, at the beginning of a word, anywhere,
/// or letter by letter ("chkpay" in "checkout → payment"). Shorter texts win among equals.
std::optional<int> fuzzyMatch(const QString& wanted, const QString& text);

}  // namespace levee
