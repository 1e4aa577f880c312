// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/exposition_tokens.h"

namespace levee {

std::string describeToken(const char* at, const char* end) {
    if (at >= end)
        return "the end of the text";
    if (*at == '\n')
        return "the end of the line";
    std::string shown = "'";
    const char* p = at;
    for (; p < end && *p != '\n' && p - at < 32; ++p) {
        const auto c = static_cast<unsigned char>(*p);
        if (p > at && (c == ' ' || c == '\t'))
            break;
        if (c >= 0x20 && c < 0x7f) {
            shown += *p;
        } else {
            constexpr const char* kHex = "0123456789abcdef";
            shown += "\\x";
            shown += kHex[c >> 4];
            shown += kHex[c & 15];
        }
    }
    return shown + (p - at >= 32 ? "...'" : "'");
}

char* decodeInto(std::string_view raw, char* out) {
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\' || i + 1 == raw.size()) {
            *out++ = raw[i];
            continue;
        }
        const char c = raw[++i];
        if (c == 'n') {
            *out++ = '\n';
        } else if (c == '"' || c == '\\') {
            *out++ = c;
        } else {
            *out++ = '\\';
            *out++ = c;
        }
    }
    return out;
}

std::optional<MetricType> metricTypeOf(std::string_view word, bool openMetrics) {
    struct Named {
        std::string_view name;
        MetricType type;
        bool inText;
        bool inOpenMetrics;
    };
    static constexpr std::array<Named, 9> kTypes{
        {{"counter", MetricType::Counter, true, true},
         {"gauge", MetricType::Gauge, true, true},
         {"histogram", MetricType::Histogram, true, true},
         {"summary", MetricType::Summary, true, true},
         {"untyped", MetricType::Untyped, true, false},
         {"unknown", MetricType::Untyped, false, true},
         {"info", MetricType::Info, false, true},
         {"stateset", MetricType::StateSet, false, true},
         {"gaugehistogram", MetricType::GaugeHistogram, false, true}}};
    for (const Named& named : kTypes) {
        if (named.name == word && (openMetrics ? named.inOpenMetrics : named.inText))
            return named.type;
    }
    return std::nullopt;
}

std::string ParseError::message() const {
    return "expected " + expected + ", found " + found;
}

std::string ParseError::text() const {
    return std::to_string(line) + ':' + std::to_string(column) + ": " + message();
}

}  // namespace levee
