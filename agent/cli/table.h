// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace levee::cli {

/// Text in columns for people; scripts use JSON. Numbers are right-aligned, control characters
/// replaced.
class Table {
public:
    enum class Align { Left, Right };
    struct Column {
        std::string title;
        Align align = Align::Left;
    };
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// REQUIRES: as many cells as columns.
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    std::string text() const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

std::string formatRate(double perSecond);     ///< "102", "0.4", "12.3k"; "-" when unknown
std::string formatLatency(double seconds);    ///< "850us", "12.3ms", "1.2s"
std::string formatShare(double share);        ///< "2.1%"
std::string formatNumber(double value);       ///< three significant digits
std::string formatTime(std::int64_t millis);  ///< local "HH:MM:SS"; "-" for 0
std::string formatDate(std::int64_t millis);  ///< local "YYYY-MM-DD HH:MM:SS"; "-" for 0

}  // namespace levee::cli
