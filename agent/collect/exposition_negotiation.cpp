// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/exposition_negotiation.h"

#include <algorithm>
#include <string>

namespace levee {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool isToken(std::string_view text) {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](unsigned char c) {
        return c <= ' ' || c >= 0x7f ||
               std::string_view("()<>@,;:\\\"/[]?=").find(static_cast<char>(c)) !=
                   std::string_view::npos;
    });
}

bool isQuoted(std::string_view text) {
    return text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
           text.find('"', 1) == text.size() - 1;
}

/// `name=value`, where the value is a word or stands in quotes.
bool isParameter(std::string_view text) {
    const std::size_t equals = text.find('=');
    return equals != std::string_view::npos && isToken(text.substr(0, equals)) &&
           (isToken(text.substr(equals + 1)) || isQuoted(text.substr(equals + 1)));
}

}  // namespace

const char* const kAcceptHeader =
    "Accept: application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

std::optional<ExpositionFormat> formatOfContentType(std::string_view contentType) {
    const std::size_t typeEnd = std::min(contentType.find(';'), contentType.size());
    std::string_view rest = contentType.substr(typeEnd);
    while (!rest.empty()) {
        rest.remove_prefix(1);  // the semicolon
        const std::size_t end = std::min(rest.find(';'), rest.size());
        const std::string_view parameter = trimmed(rest.substr(0, end));
        rest.remove_prefix(end);
        if (!isParameter(parameter) && !(parameter.empty() && rest.empty()))
            return std::nullopt;
    }
    std::string media(trimmed(contentType.substr(0, typeEnd)));
    std::transform(media.begin(), media.end(), media.begin(), [](char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    if (media == "text/plain")
        return ExpositionFormat::PromText;
    if (media == "application/openmetrics-text")
        return ExpositionFormat::OpenMetrics;
    return std::nullopt;
}

std::optional<ExpositionFormat> formatOfProtocol(std::string_view protocol) {
    if (protocol.starts_with("PrometheusText"))
        return ExpositionFormat::PromText;
    if (protocol.starts_with("OpenMetricsText"))
        return ExpositionFormat::OpenMetrics;
    return std::nullopt;
}

}  // namespace levee
