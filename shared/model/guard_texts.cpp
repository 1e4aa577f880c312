// SPDX-License-Identifier: Apache-2.0
#include "shared/model/guard_texts.h"

#include <algorithm>

namespace levee {
namespace {

constexpr std::string_view kHeaderPrefix = "header:";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

}  // namespace

bool isHeaderName(std::string_view text) {
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    return !text.empty() && text.size() <= 128 &&
           text.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool isGrpcTimeout(std::string_view header) {
    constexpr std::string_view kName = "grpc-timeout";
    return std::equal(header.begin(), header.end(), kName.begin(), kName.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

std::string_view rateKeyHeader(std::string_view key) {
    return key.starts_with(kHeaderPrefix) ? key.substr(kHeaderPrefix.size()) : std::string_view();
}

bool isRateKey(std::string_view text) {
    return text == "all" || text == "source" || text == "path" || isHeaderName(rateKeyHeader(text));
}

std::vector<std::string> priorityClassNames(const PrioritySettings& settings) {
    std::vector<std::string> names;
    std::string_view rest = settings.classes;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        names.emplace_back(trimmed(rest.substr(0, comma)));
        if (comma == std::string_view::npos)
            break;
        rest.remove_prefix(comma + 1);
        if (rest.empty())
            names.emplace_back();
    }
    return names;
}

}  // namespace levee
