// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/label_functions.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>

namespace levee::promql {
namespace {

using Matches = std::vector<re2::StringPiece>;

bool isNameByte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view groupText(std::string_view name, const re2::RE2& regex, const Matches& matches) {
    std::size_t number = matches.size();
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc() || end != name.data() + name.size()) {
        const auto named = regex.NamedCapturingGroups().find(std::string(name));
        if (named == regex.NamedCapturingGroups().end())
            return "";
        number = static_cast<std::size_t>(named->second);
    }
    if (number >= matches.size() || matches[number].data() == nullptr)
        return "";
    return {matches[number].data(), matches[number].size()};
}

std::string expand(std::string_view replacement, const re2::RE2& regex, const Matches& matches) {
    std::string out;
    while (!replacement.empty()) {
        const std::size_t dollar = std::min(replacement.find('$'), replacement.size());
        out += replacement.substr(0, dollar);
        replacement.remove_prefix(dollar);
        if (replacement.starts_with("$$")) {
            out += '$';
            replacement.remove_prefix(2);
        } else if (!replacement.empty()) {
            const bool isBraced = replacement.starts_with("${");
            const std::size_t begin = isBraced ? 2 : 1;
            std::size_t end = begin;
            while (end < replacement.size() && isNameByte(replacement[end]))
                ++end;
            const bool isWhole =
                end > begin && (!isBraced || (end < replacement.size() && replacement[end] == '}'));
            if (!isWhole) {  // a dollar that begins no name stands for itself
                out += '$';
                replacement.remove_prefix(1);
                continue;
            }
            out += groupText(replacement.substr(begin, end - begin), regex, matches);
            replacement.remove_prefix(end + (isBraced ? 1 : 0));
        }
    }
    return out;
}

}  // namespace

Vector labelReplace(Vector vector, const std::string& target, const std::string& replacement,
                    const std::string& source, const re2::RE2& regex) {
    Matches matches(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1);
    for (Element& element : vector) {
        const std::string value(labelValue(element.labels, source));
        if (regex.Match(value, 0, value.size(), re2::RE2::ANCHOR_BOTH, matches.data(),
                        static_cast<int>(matches.size())))
            setLabel(element.labels, target, expand(replacement, regex, matches));
    }
    return vector;
}

Vector labelJoin(Vector vector, const std::string& target, const std::string& separator,
                 std::span<const std::string> sources) {
    for (Element& element : vector) {
        std::string joined;
        for (std::size_t i = 0; i < sources.size(); ++i) {
            joined += i > 0 ? separator : "";
            joined += labelValue(element.labels, sources[i]);
        }
        setLabel(element.labels, target, joined);
    }
    return vector;
}

}  // namespace levee::promql
