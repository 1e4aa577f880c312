// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "rules/promql/labels.h"
#include "shared/base/result.h"

namespace re2 {
class RE2;
}

namespace levee::promql {

/// One condition on a label of a selector. Immutable; copies share the compiled expression.
class Matcher {
public:
    enum class Kind { Equal, NotEqual, Matches, MatchesNot };

    /// Bytes of a regular expression, and the memory that its compiled form may take.
    static constexpr std::size_t kMaxRegexBytes = 1024;
    static constexpr std::int64_t kMaxRegexMemory = 1 << 20;

    /// Regular expressions are RE2's and must match the whole value. The Error says what is wrong
    /// with one.
    static Result<Matcher> make(Kind kind, std::string name, std::string value);

    Kind kind() const { return kind_; }
    const std::string& name() const { return name_; }
    const std::string& value() const { return value_; }

    /// A label that is absent has the value "". Thread-safe.
    bool matches(std::string_view value) const;
    std::string text() const;  ///< job=~"a.*"

private:
    Matcher(Kind kind, std::string name, std::string value)
        : kind_(kind), name_(std::move(name)), value_(std::move(value)) {}

    Kind kind_;
    std::string name_;
    std::string value_;
    std::shared_ptr<const re2::RE2> regex_;
};

/// A regular expression within the bounds above.
Result<std::shared_ptr<const re2::RE2>> compileRegex(const std::string& pattern);

bool matchAll(std::span<const Matcher> matchers, const Labels& labels);

/// The metric's name that the matchers ask for, or "" when they do not say it literally.
std::string_view exactName(std::span<const Matcher> matchers);

}  // namespace levee::promql
