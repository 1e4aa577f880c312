// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as people read them: three significant digits, always with a unit, "-" for what is not
// known (NaN or infinite), "0" only for a measured zero. Decimal point from QLocale().
#pragma once

#include <QString>
#include <cstdint>

namespace levee {

/// What an axis or a value counts.
enum class Unit { Rate, Seconds, Share, Count, Bytes };

/// 0/s, 0.25/s, 12.5/s, 388/s, 2.10k/s, 1.20M/s.
QString formatRate(double perSecond);
/// Seconds in: 0 ms, 850 µs, 4.20 ms, 84 ms, 1.10 s, 2.4 min.
QString formatLatency(double seconds);
/// 0 to 1 in: 0 %, 0.40 %, 3.1 %, 22.1 %, 100 %. Below 0.01 %: "<0.01 %".
QString formatShare(double share);
/// 0, 7, 388, 2.10k, 1.20M.
QString formatCount(double count);
/// 0 B, 512 B, 41.0 MiB.
QString formatBytes(double bytes);
/// Whole age in one unit: 0.8 s, 12 s, 4 min, 3 h, 2 d.
QString formatAge(double seconds);
/// Any of the above by unit.
QString formatValue(double value, Unit unit);
/// HH:mm:ss local time; "-" for 0 or less.
QString formatClock(std::int64_t millis);

/// Text from outside, safe to draw in one line: control characters and bidirectional overrides
/// become U+FFFD, at most `limit` characters, then an ellipsis.
QString plainLine(const QString& text, int limit = 256);

}  // namespace levee
