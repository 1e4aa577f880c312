// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

namespace levee::cli {
namespace {

/// Code points, not bytes: "→" is one column wide.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string cleaned(const std::string& text) {
    std::string clean = text;
    for (char& c : clean) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = '?';
    }
    return clean;
}

void appendCell(std::string& line, const std::string& cell, std::size_t columnWidth,
                Table::Align align, bool isLast) {
    const std::string space(columnWidth - std::min(columnWidth, width(cell)), ' ');
    if (align == Table::Align::Right)
        line += space + cell;
    else
        line += isLast ? cell : cell + space;
    if (!isLast)
        line += "  ";
}

}  // namespace

std::string Table::text() const {
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        std::size_t widest = width(columns_[c].title);
        for (const auto& row : rows_)
            widest = std::max(widest, width(row[c]));
        widths.push_back(widest);
    }
    std::string text;
    for (std::size_t c = 0; c < columns_.size(); ++c)
        appendCell(text, columns_[c].title, widths[c], columns_[c].align, c + 1 == columns_.size());
    text += '\n';
    for (const auto& row : rows_) {
        for (std::size_t c = 0; c < columns_.size(); ++c)
            appendCell(text, cleaned(row[c]), widths[c], columns_[c].align,
                       c + 1 == columns_.size());
        text += '\n';
    }
    return text;
}

std::string formatNumber(double value) {
    if (!std::isfinite(value))
        return "-";
    if (value == 0)
        return "0";
    if (std::abs(value) >= 99.95)
        return fmt::format("{:.0f}", value);
    return fmt::format("{:.{}f}", value, std::abs(value) >= 9.995 ? 1 : 2);
}

std::string formatRate(double perSecond) {
    return perSecond >= 9999.5 ? formatNumber(perSecond / 1000) + "k" : formatNumber(perSecond);
}

std::string formatLatency(double seconds) {
    if (!std::isfinite(seconds))
        return "-";
    if (seconds < 0.0009995)
        return formatNumber(seconds * 1e6) + "us";
    if (seconds < 0.9995)
        return formatNumber(seconds * 1e3) + "ms";
    return formatNumber(seconds) + "s";
}

std::string formatShare(double share) {
    return std::isfinite(share) ? formatNumber(share * 100) + "%" : "-";
}

std::string formatTime(std::int64_t millis) {
    if (millis == 0)
        return "-";
    const std::time_t seconds = millis / 1000;
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[16];
    std::strftime(text, sizeof text, "%H:%M:%S", &local);
    return text;
}

std::string formatDate(std::int64_t millis) {
    if (millis == 0)
        return "-";
    const std::time_t seconds = millis / 1000;
    std::tm local{};
    ::localtime_r(&seconds, &local);
    char text[32];
    std::strftime(text, sizeof text, "%F %H:%M:%S", &local);
    return text;
}

}  // namespace levee::cli
