// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/actions/fuzzy_match.h"

#include <QStringList>
#include <algorithm>

namespace levee {
namespace {

constexpr int kAtWord = 100;
constexpr int kInside = 200;
constexpr int kScattered = 400;
constexpr int kLongestText = 80;

bool isWordStart(const QString& text, qsizetype at) {
    return at == 0 || !text[at - 1].isLetterOrNumber();
}

std::optional<int> scattered(const QString& wanted, const QString& text) {
    qsizetype from = 0;
    int gaps = 0;
    for (const QChar letter : wanted) {
        const qsizetype at = text.indexOf(letter, from, Qt::CaseInsensitive);
        if (at < 0)
            return std::nullopt;
        gaps += at > from;
        from = at + 1;
    }
    return kScattered + 10 * gaps;
}

std::optional<int> ofWord(const QString& wanted, const QString& text) {
    qsizetype at = text.indexOf(wanted, 0, Qt::CaseInsensitive);
    if (at == 0)
        return 0;
    const bool isInside = at > 0;
    for (; at > 0; at = text.indexOf(wanted, at + 1, Qt::CaseInsensitive))
        if (isWordStart(text, at))
            return kAtWord;
    return isInside ? std::optional(kInside) : scattered(wanted, text);
}

}  // namespace

std::optional<int> fuzzyMatch(const QString& wanted, const QString& text) {
    int score = 0;
    for (const QString& word : wanted.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const auto one = ofWord(word, text);
        if (!one)
            return std::nullopt;
        score += *one;
    }
    return score + static_cast<int>(std::min<qsizetype>(text.size(), kLongestText));
}

}  // namespace levee
