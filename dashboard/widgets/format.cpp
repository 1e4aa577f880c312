// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/widgets/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <array>
#include <cmath>

namespace levee {
namespace {

const QString kNone = QStringLiteral("-");

/// Gives the free functions below a context for translators.
struct AgeText {
    Q_DECLARE_TR_FUNCTIONS(AgeText)
};

/// Three significant digits, never an exponent: 0.25, 4.20, 22.1, 388. A whole number below 1000
/// that is exact has no decimals.
QString digits(double value) {
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    if (value == std::floor(value) && std::abs(value) < 1000)
        return locale.toString(value, 'f', 0);
    const double size = std::abs(value);
    int decimals = 0;
    if (size < 1)
        decimals = 2;
    else if (size < 9.995)
        decimals = 2;
    else if (size < 99.95)
        decimals = 1;
    return locale.toString(value, 'f', decimals);
}

/// With k, M, G above a thousand; always three digits there: 2.10k.
QString scaled(double value, double step, const std::array<const char*, 5>& suffixes) {
    std::size_t index = 0;
    while (std::abs(value) >= step * 0.9995 && index + 1 < suffixes.size()) {
        value /= step;
        ++index;
    }
    if (index == 0)
        return digits(value) + QLatin1String(suffixes[0]);
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    const double size = std::abs(value);
    const int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    return locale.toString(value, 'f', decimals) + QLatin1String(suffixes[index]);
}

constexpr std::array<const char*, 5> kDecimal{"", "k", "M", "G", "T"};
constexpr std::array<const char*, 5> kBinary{" B", " KiB", " MiB", " GiB", " TiB"};

}  // namespace

QString formatCount(double count) {
    return std::isfinite(count) ? scaled(count, 1000, kDecimal) : kNone;
}

QString formatRate(double perSecond) {
    if (!std::isfinite(perSecond))
        return kNone;
    if (perSecond > 0 && perSecond < 0.005)
        return QStringLiteral("<") + digits(0.01) + QStringLiteral("/s");
    return formatCount(perSecond) + QStringLiteral("/s");
}

QString formatLatency(double seconds) {
    if (!std::isfinite(seconds))
        return kNone;
    if (seconds == 0)
        return QStringLiteral("0 ms");
    if (seconds < 0.0009995)
        return digits(seconds * 1e6) + QStringLiteral(" µs");
    if (seconds < 0.9995)
        return digits(seconds * 1e3) + QStringLiteral(" ms");
    if (seconds < 99.95)
        return digits(seconds) + QStringLiteral(" s");
    return digits(seconds / 60) + QStringLiteral(" min");
}

QString formatShare(double share) {
    if (!std::isfinite(share))
        return kNone;
    if (share > 0 && share < 0.0001)
        return QStringLiteral("<") + digits(0.01) + QStringLiteral(" %");
    return digits(share * 100) + QStringLiteral(" %");
}

QString formatBytes(double bytes) {
    return std::isfinite(bytes) ? scaled(bytes, 1024, kBinary) : kNone;
}

QString formatAge(double seconds) {
    if (!std::isfinite(seconds))
        return kNone;
    const QLocale locale;
    if (seconds < 90) {
        const int decimals = seconds < 9.95 ? 1 : 0;
        //: an age, or a time that is left
        return AgeText::tr("%1 s").arg(locale.toString(std::max(0.0, seconds), 'f', decimals));
    }
    const auto whole = [&](double value) { return locale.toString(value, 'f', 0); };
    if (seconds < 90 * 60)
        return AgeText::tr("%1 min").arg(whole(seconds / 60));
    if (seconds < 36 * 3600.0)
        return AgeText::tr("%1 h").arg(whole(seconds / 3600));
    return AgeText::tr("%1 d").arg(whole(seconds / 86400));
}

QString formatValue(double value, Unit unit) {
    switch (unit) {
        case Unit::Rate:
            return formatRate(value);
        case Unit::Seconds:
            return formatLatency(value);
        case Unit::Share:
            return formatShare(value);
        case Unit::Count:
            return formatCount(value);
        case Unit::Bytes:
            return formatBytes(value);
    }
    return kNone;
}

QString formatClock(std::int64_t millis) {
    if (millis <= 0)
        return kNone;
    return QDateTime::fromMSecsSinceEpoch(millis).toString(QStringLiteral("HH:mm:ss"));
}

QString plainLine(const QString& text, int limit) {
    QString result;
    const auto isOverride = [](char16_t c) {
        return (c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
               (c >= 0x2066 && c <= 0x2069);
    };
    for (const QChar c : text) {
        if (result.size() >= limit) {
            if (result.back().isHighSurrogate())
                result.chop(1);
            return result + QChar(0x2026);
        }
        const bool bad = c.category() == QChar::Other_Control || isOverride(c.unicode()) ||
                         c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
        result.append(bad ? QChar(QChar::ReplacementCharacter) : c);
    }
    return result;
}

}  // namespace levee
