// SPDX-License-Identifier: Apache-2.0
// One YAML value to one typed value. Each function returns nothing and reports a finding at the
// value's place when it cannot; the message names the field, the value, and what would be right.
// `path` is how messages call the value ("spec.breaker.window"). Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/findings.h"
#include "rules/lang/yaml_node.h"
#include "shared/base/time.h"

namespace levee {

/// Inclusive.
struct IntegerRange {
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;
    std::string_view negative = {};  ///< a word that stands for -1, e.g. "auto"; "" for none
};
struct DurationRange {  ///< inclusive
    Duration minimum{};
    Duration maximum{};
};
struct ShareRange {  ///< in 0 to 1
    double minimum = 0;
    double maximum = 1;
    bool aboveMinimum = false;  ///< the minimum itself is not allowed
};
struct RateRange {  ///< events per second, inclusive
    double minimum = 0;
    double maximum = 0;
};
struct BytesRange {  ///< inclusive
    std::uint64_t minimum = 0;
    std::uint64_t maximum = 0;
};
struct TextRange {  ///< bytes, inclusive
    std::size_t minimum = 0;
    std::size_t maximum = 1024;
};

/// "a list", "'maybe'", "no value": what stands there, for messages.
std::string found(const YamlNode& node);

/// False with a finding where `node` is not of this kind. No value counts as an empty list or
/// mapping, so that a section whose lines are all comments is not an error.
bool expectList(const YamlNode& node, const std::string& path, Findings& findings);
bool expectMapping(const YamlNode& node, const std::string& path, Findings& findings);

/// Any scalar; numbers and words need no quotes. NUL is refused.
std::optional<std::string> readText(const YamlNode& node, const std::string& path, TextRange range,
                                    Findings& findings);
/// `true` or `false`; the other spellings of YAML 1.1 (yes, on) are refused.
std::optional<bool> readBoolean(const YamlNode& node, const std::string& path, Findings& findings);
/// Decimal digits with an optional minus; not in quotes.
std::optional<std::int64_t> readInteger(const YamlNode& node, const std::string& path,
                                        IntegerRange range, Findings& findings);
std::optional<Duration> readDuration(const YamlNode& node, const std::string& path,
                                     DurationRange range, Findings& findings);
std::optional<double> readShare(const YamlNode& node, const std::string& path, ShareRange range,
                                Findings& findings);
std::optional<double> readRate(const YamlNode& node, const std::string& path, RateRange range,
                               Findings& findings);
std::optional<std::uint64_t> readBytes(const YamlNode& node, const std::string& path,
                                       BytesRange range, Findings& findings);
/// One of `words`, with a suggestion for a near miss.
std::optional<std::string> readWord(const YamlNode& node, const std::string& path,
                                    const std::vector<std::string_view>& words, Findings& findings);

/// Names of services, hosts, rules and jobs: 1 to 128 of `A-Z a-z 0-9 _ . -`. They become HAProxy
/// identifiers, map keys and metric labels, where nothing else is safe everywhere.
bool isName(std::string_view text);
std::optional<std::string> readName(const YamlNode& node, const std::string& path,
                                    Findings& findings);

/// "50%", "7.5%", or a fraction where no percentage reads back as exactly this value.
std::string formatShare(double share);
/// "200/s", "90/m", "1/h": the shortest that reads back as exactly this value.
std::string formatPerSecond(double rate);
/// "20MiB", "4096": the largest binary unit that divides it.
std::string formatBytes(std::uint64_t bytes);
/// "a, b or c".
std::string listed(const std::vector<std::string_view>& words);

}  // namespace levee
