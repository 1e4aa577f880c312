// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/cycle.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>
#include <vector>

namespace levee::simulator {
namespace {

constexpr std::size_t kFewest = 40;
constexpr std::size_t kLongest = 3'000;
constexpr std::size_t kFewestPeriods = 4;
/// The first four have 87 % of the power of a sawtooth, and more of anything rounder.
constexpr std::size_t kHarmonics = 4;
/// A line's power over that of one of the two octaves below.
constexpr double kPeak = 1.5;
/// A cycle that does not keep time is wider than one that does: ratios of a band's upper edge to
/// its middle.
constexpr std::array<double, 3> kWidths{1, 1.19, 1.41};
/// The noise that might explain it all: each value held for so many steps, and correlated by so
/// much with the next.
constexpr std::array<std::size_t, 8> kHolds{1, 2, 3, 4, 5, 6, 8, 10};
constexpr std::array<double, 9> kMemories{0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99};
/// That noise is called a cycle: for the whole series, however many bands are looked at.
constexpr double kChance = 1e-5;

/// Standard deviations that the normal law exceeds with that chance (Abramowitz and Stegun,
/// 26.2.23).
double deviationsOf(double chance) {
    const double t = std::sqrt(-2 * std::log(chance));
    return t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                   (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

/// What the power of a band in noise, over its mean, hardly ever exceeds: chi-squared of two
/// degrees of freedom for each line, by the approximation of Wilson and Hilferty.
double mostByChance(std::size_t lines, double deviations) {
    const double a = 1 / (9 * static_cast<double>(lines));
    return std::pow(1 - a + deviations * std::sqrt(a), 3);
}

void removeTrend(std::vector<double>& x) {
    const auto n = static_cast<double>(x.size());
    const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
    const double middle = (n - 1) / 2;
    double slope = 0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        slope += (x[k] - mean) * (static_cast<double>(k) - middle);
    }
    slope /= n * (n * n - 1) / 12;
    for (std::size_t k = 0; k < x.size(); ++k) {
        x[k] -= mean + slope * (static_cast<double>(k) - middle);
    }
}

/// Sums up to each line: element k is the power in lines 1 to k of the variance, k periods in all.
std::vector<double> summedPower(const std::vector<double>& x) {
    const std::size_t n = x.size();
    std::vector<double> cosines(n);
    for (std::size_t k = 0; k < n; ++k) {
        cosines[k] =
            std::cos(2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n));
    }
    std::vector<double> sums((n + 1) / 2, 0.0);
    for (std::size_t line = 1; line < sums.size(); ++line) {
        double even = 0;
        double odd = 0;
        std::size_t at = 0;
        std::size_t quarter = n - n / 4;  // a quarter earlier; the odd rest of n is of no weight
        for (const double value : x) {
            even += value * cosines[at];
            odd += value * cosines[quarter];
            at = (at + line) % n;
            quarter = (quarter + line) % n;
        }
        const auto count = static_cast<double>(n);
        sums[line] = sums[line - 1] + 2 * (even * even + odd * odd) / (count * count);
    }
    return sums;
}

/// The same of noise, with `total` in all.
std::vector<double> summedNoise(std::size_t hold, double memory, std::size_t lines, double steps,
                                double total) {
    std::vector<double> sums(lines, 0.0);
    for (std::size_t line = 1; line < lines; ++line) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(line) / steps;
        const double held = static_cast<double>(hold) * angle;
        const double shape = std::sin(held / 2) / std::sin(angle / 2);
        sums[line] =
            sums[line - 1] + shape * shape / (1 - 2 * memory * std::cos(held) + memory * memory);
    }
    for (double& sum : sums) {
        sum *= total / sums.back();
    }
    return sums;
}

struct Peak {
    double excess = 0;  ///< power over that of the noise
    double power = 0;   ///< with its harmonics, and with the noise there
};

/// In the band and its multiples.
double withHarmonics(const std::vector<double>& power, std::size_t low, std::size_t high) {
    double sum = 0;
    std::size_t done = 0;
    for (std::size_t k = 1; k <= kHarmonics && k * low < power.size(); ++k) {
        const std::size_t from = std::max(k * low, done + 1);
        done = std::max(done, std::min(k * high, power.size() - 1));
        sum += from <= done ? power[done] - power[from - 1] : 0;
    }
    return sum;
}

/// Whether a line of the band has more power than one of the two octaves below it: what only goes
/// on rising towards slower ones is a wander, whatever other noise there is besides.
bool isPeak(const std::vector<double>& power, std::size_t low, std::size_t high) {
    const std::size_t from = std::max<std::size_t>(1, low / 4);
    const double below = (power[low - 1] - power[from - 1]) / static_cast<double>(low - from);
    const double inside = (power[high] - power[low - 1]) / static_cast<double>(high - low + 1);
    return inside > kPeak * below;
}

/// The band that stands out of such noise by most.
Peak peakOver(const std::vector<double>& noise, const std::vector<double>& power,
              const std::vector<double>& mostByChance) {
    const std::size_t last = power.size() - 1;
    Peak peak;
    for (std::size_t middle = kFewestPeriods; middle <= last; ++middle) {
        for (const double width : kWidths) {
            const auto centre = static_cast<double>(middle);
            const auto low = static_cast<std::size_t>(std::ceil(centre / width));
            const auto high = std::min(last, static_cast<std::size_t>(centre * width));
            const double found = power[high] - power[low - 1];
            const double expected = noise[high] - noise[low - 1];
            if (found > expected * mostByChance[high - low + 1] && found - expected > peak.excess &&
                isPeak(power, low, high)) {
                peak = {found - expected, withHarmonics(power, low, high)};
            }
        }
    }
    return peak;
}

double ofStretch(std::span<const double> series, std::size_t stretches) {
    const auto n = static_cast<double>(series.size());
    const double mean = std::accumulate(series.begin(), series.end(), 0.0) / n;
    std::vector<double> x(series.begin(), series.end());
    removeTrend(x);
    const std::vector<double> power = summedPower(x);
    if (!(power.back() > 1e-12 * mean * mean)) {
        return 0;
    }
    const auto bands = static_cast<double>(kWidths.size() * power.size() * stretches);
    const double deviations = deviationsOf(kChance / bands);
    std::vector<double> surely(power.size());
    for (std::size_t lines = 1; lines < surely.size(); ++lines) {
        surely[lines] = mostByChance(lines, deviations);
    }
    Peak least{power.back(), power.back()};
    for (const std::size_t hold : kHolds) {
        for (const double memory : kMemories) {
            const auto noise = summedNoise(hold, memory, power.size(), n, power.back());
            const Peak peak = peakOver(noise, power, surely);
            least = peak.excess < least.excess ? peak : least;
        }
    }
    return std::sqrt(2 * least.power) / mean;
}

}  // namespace

double cycleAmplitude(std::span<const double> series) {
    if (series.size() < kFewest) {
        return 0;
    }
    const std::size_t stretches = (series.size() + kLongest - 1) / kLongest;
    double most = 0;
    for (std::size_t k = 0; k < stretches; ++k) {
        const std::size_t from = series.size() * k / stretches;
        const std::size_t to = series.size() * (k + 1) / stretches;
        most = std::max(most, ofStretch(series.subspan(from, to - from), stretches));
    }
    return most;
}

}  // namespace levee::simulator
