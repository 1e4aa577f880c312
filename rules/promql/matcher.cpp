// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/matcher.h"

#include <re2/re2.h>

#include <algorithm>

namespace levee::promql {

Result<std::shared_ptr<const re2::RE2>> compileRegex(const std::string& pattern) {
    if (pattern.size() > Matcher::kMaxRegexBytes)
        return Error{"a regular expression of " + std::to_string(pattern.size()) +
                         " bytes; the longest is " + std::to_string(Matcher::kMaxRegexBytes),
                     ErrorKind::Invalid};
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(Matcher::kMaxRegexMemory);
    auto regex = std::make_shared<const re2::RE2>(pattern, options);
    if (!regex->ok())
        return Error{"the regular expression " + quoted(pattern) + " is wrong: " + regex->error() +
                         "; the syntax is RE2's",
                     ErrorKind::Invalid};
    return regex;
}

Result<Matcher> Matcher::make(Kind kind, std::string name, std::string value) {
    Matcher matcher(kind, std::move(name), std::move(value));
    if (kind == Kind::Matches || kind == Kind::MatchesNot) {
        auto regex = compileRegex(matcher.value_);
        if (!regex)
            return regex.error();
        matcher.regex_ = *std::move(regex);
    }
    return matcher;
}

bool Matcher::matches(std::string_view value) const {
    if (regex_ == nullptr)
        return (value == value_) == (kind_ == Kind::Equal);
    const bool isMatch = re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), *regex_);
    return isMatch == (kind_ == Kind::Matches);
}

std::string Matcher::text() const {
    constexpr const char* kSigns[] = {"=", "!=", "=~", "!~"};
    return name_ + kSigns[static_cast<int>(kind_)] + quoted(value_);
}

bool matchAll(std::span<const Matcher> matchers, const Labels& labels) {
    return std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
        return matcher.matches(labelValue(labels, matcher.name()));
    });
}

std::string_view exactName(std::span<const Matcher> matchers) {
    for (const Matcher& matcher : matchers) {
        if (matcher.kind() == Matcher::Kind::Equal && matcher.name() == kMetricName)
            return matcher.value();
    }
    return "";
}

}  // namespace levee::promql
