// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/scalar_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "rules/lang/source_text.h"
#include "shared/base/suggestion.h"
#include "shared/base/units.h"

namespace levee {
namespace {

bool isScalar(const YamlNode& node, const std::string& path, std::string_view expected,
              Findings& findings) {
    if (node.kind == YamlNode::Kind::Scalar)
        return true;
    findings.error("wrong-type",
                   fmt::format("{}: expected {}, found {}", path, expected, found(node)),
                   node.span);
    return false;
}

void outOfRange(const YamlNode& node, const std::string& path, const std::string& legal,
                Findings& findings) {
    findings.error("out-of-range",
                   fmt::format("{} is {}; it must be {}", path, shown(node.text), legal),
                   node.span);
}

/// Reads a quantity with a parser of shared/base/units.h, whose message names value and form.
template <typename T>
std::optional<T> readQuantity(const YamlNode& node, const std::string& path,
                              std::string_view expected, Result<T> (*parse)(std::string_view),
                              Findings& findings) {
    constexpr std::size_t kLongest = 64;  // the messages of the parsers repeat the whole text
    if (!isScalar(node, path, expected, findings))
        return std::nullopt;
    if (node.text.size() > kLongest) {
        findings.error("wrong-type",
                       fmt::format("{}: expected {}, found {}", path, expected, found(node)),
                       node.span);
        return std::nullopt;
    }
    const Result<T> result = parse(node.text);
    if (result)
        return result.value();
    findings.error("wrong-type", fmt::format("{}: {}", path, result.error().message), node.span);
    return std::nullopt;
}

}  // namespace

std::string found(const YamlNode& node) {
    switch (node.kind) {
        case YamlNode::Kind::Null:
            return "no value";
        case YamlNode::Kind::List:
            return "a list";
        case YamlNode::Kind::Mapping:
            return "a mapping";
        case YamlNode::Kind::Scalar:
            break;
    }
    return fmt::format("{}'{}'", node.quoted ? "the quoted text " : "", shown(node.text));
}

bool expectList(const YamlNode& node, const std::string& path, Findings& findings) {
    if (node.kind == YamlNode::Kind::List || node.kind == YamlNode::Kind::Null)
        return true;
    findings.error("wrong-type", fmt::format("{}: expected a list, found {}", path, found(node)),
                   node.span);
    return false;
}

bool expectMapping(const YamlNode& node, const std::string& path, Findings& findings) {
    if (node.kind == YamlNode::Kind::Mapping || node.kind == YamlNode::Kind::Null)
        return true;
    findings.error("wrong-type", fmt::format("{}: expected a mapping, found {}", path, found(node)),
                   node.span);
    return false;
}

std::optional<std::string> readText(const YamlNode& node, const std::string& path, TextRange range,
                                    Findings& findings) {
    if (!isScalar(node, path, "a text", findings))
        return std::nullopt;
    const std::size_t size = node.text.size();
    if (size < range.minimum || size > range.maximum) {
        findings.error("out-of-range",
                       fmt::format("{} has {} bytes; it must have {} to {}", path, size,
                                   range.minimum, range.maximum),
                       node.span);
        return std::nullopt;
    }
    if (node.text.find('\0') != std::string::npos) {
        findings.error("wrong-type", path + " contains a NUL character; remove it", node.span);
        return std::nullopt;
    }
    return node.text;
}

std::optional<bool> readBoolean(const YamlNode& node, const std::string& path, Findings& findings) {
    if (!isScalar(node, path, "true or false", findings))
        return std::nullopt;
    if (!node.quoted && (node.text == "true" || node.text == "false"))
        return node.text == "true";
    findings.error("wrong-type",
                   fmt::format("{}: expected true or false, found {}", path, found(node)),
                   node.span);
    return std::nullopt;
}

std::optional<std::int64_t> readInteger(const YamlNode& node, const std::string& path,
                                        IntegerRange range, Findings& findings) {
    const bool hasWord = !range.negative.empty();
    const std::string expected =
        hasWord ? fmt::format("an integer or {}", range.negative) : std::string("an integer");
    if (!isScalar(node, path, expected, findings))
        return std::nullopt;
    if (hasWord && node.text == range.negative)
        return -1;
    std::int64_t value = 0;
    const char* end = node.text.data() + node.text.size();
    const auto [stop, code] = std::from_chars(node.text.data(), end, value);
    if (node.quoted || stop != end || code == std::errc::invalid_argument) {
        findings.error("wrong-type",
                       fmt::format("{}: expected {}, found {}", path, expected, found(node)),
                       node.span);
        return std::nullopt;
    }
    if (code == std::errc{} && value >= range.minimum && value <= range.maximum)
        return value;
    outOfRange(node, path,
               fmt::format("{} to {}{}{}", range.minimum, range.maximum, hasWord ? ", or " : "",
                           range.negative),
               findings);
    return std::nullopt;
}

std::optional<Duration> readDuration(const YamlNode& node, const std::string& path,
                                     DurationRange range, Findings& findings) {
    const auto value = readQuantity<Duration>(node, path, "a duration", parseDuration, findings);
    if (!value || (*value >= range.minimum && *value <= range.maximum))
        return value;
    outOfRange(
        node, path,
        fmt::format("{} to {}", formatDuration(range.minimum), formatDuration(range.maximum)),
        findings);
    return std::nullopt;
}

std::optional<double> readShare(const YamlNode& node, const std::string& path, ShareRange range,
                                Findings& findings) {
    const auto value = readQuantity<double>(node, path, "a share", parseShare, findings);
    if (!value)
        return std::nullopt;
    const bool isLow = range.aboveMinimum ? *value <= range.minimum : *value < range.minimum;
    if (!isLow && *value <= range.maximum)
        return value;
    outOfRange(node, path,
               fmt::format("{}{} to {}", range.aboveMinimum ? "above " : "",
                           formatShare(range.minimum), formatShare(range.maximum)),
               findings);
    return std::nullopt;
}

std::optional<double> readRate(const YamlNode& node, const std::string& path, RateRange range,
                               Findings& findings) {
    const auto value = readQuantity<double>(node, path, "a rate", parseRate, findings);
    if (!value || (*value >= range.minimum && *value <= range.maximum))
        return value;
    outOfRange(
        node, path,
        fmt::format("{} to {}", formatPerSecond(range.minimum), formatPerSecond(range.maximum)),
        findings);
    return std::nullopt;
}

std::optional<std::uint64_t> readBytes(const YamlNode& node, const std::string& path,
                                       BytesRange range, Findings& findings) {
    const auto value = readQuantity<std::uint64_t>(node, path, "a size", parseBytes, findings);
    if (!value || (*value >= range.minimum && *value <= range.maximum))
        return value;
    outOfRange(node, path,
               fmt::format("{} to {}", formatBytes(range.minimum), formatBytes(range.maximum)),
               findings);
    return std::nullopt;
}

std::optional<std::string> readWord(const YamlNode& node, const std::string& path,
                                    const std::vector<std::string_view>& words,
                                    Findings& findings) {
    if (!isScalar(node, path, listed(words), findings))
        return std::nullopt;
    if (std::find(words.begin(), words.end(), node.text) != words.end())
        return node.text;
    const std::string nearest = nearestWord(node.text, {words.begin(), words.end()});
    findings.error("unknown-word",
                   fmt::format("{}: expected {}, found {}{}", path, listed(words), found(node),
                               nearest.empty() ? "" : "; did you mean '" + nearest + "'?"),
                   node.span);
    return std::nullopt;
}

bool isName(std::string_view text) {
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    return !text.empty() && text.size() <= 128 &&
           text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::optional<std::string> readName(const YamlNode& node, const std::string& path,
                                    Findings& findings) {
    if (!isScalar(node, path, "a name", findings))
        return std::nullopt;
    if (isName(node.text))
        return node.text;
    findings.error(
        "bad-name",
        fmt::format("{} is '{}'; a name has 1 to 128 of the characters A-Z a-z 0-9 _ . -", path,
                    shown(node.text)),
        node.span);
    return std::nullopt;
}

std::string formatShare(double share) {
    for (int digits = 0; digits <= 9; ++digits) {
        const std::string percent = fmt::format("{:.{}f}%", share * 100, digits);
        const Result<double> back = parseShare(percent);
        if (back && back.value() == share)
            return percent;
    }
    std::array<char, 400> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), share, std::chars_format::fixed)
            .ptr;
    return {buffer.data(), end};
}

std::string formatPerSecond(double rate) {
    for (const auto& [unit, seconds] : {std::pair{'s', 1.0}, {'m', 60.0}, {'h', 3600.0}}) {
        const std::string whole = fmt::format("{:.0f}/{}", rate * seconds, unit);
        const Result<double> back = parseRate(whole);
        if (back && back.value() == rate)
            return whole;
    }
    std::array<char, 400> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), rate, std::chars_format::fixed)
            .ptr;
    return std::string(buffer.data(), end) + "/s";
}

std::string formatBytes(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 4> kUnits{"", "KiB", "MiB", "GiB"};
    std::size_t unit = 0;
    while (unit + 1 < kUnits.size() && bytes != 0 && bytes % 1024 == 0) {
        bytes /= 1024;
        ++unit;
    }
    return fmt::format("{}{}", bytes, kUnits[unit]);
}

std::string listed(const std::vector<std::string_view>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0)
            text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

}  // namespace levee
