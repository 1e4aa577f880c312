// SPDX-License-Identifier: Apache-2.0
// Quantities as people write them in rules and configuration, and as they are shown.
// Locale-independent. Errors are Invalid and name the value and the legal form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee {

/// `250us`, `250ms`, `1.5s`, `2m`, `1h`, `7d`, and sums as Prometheus has them: `1h30m`. Not
/// negative. At most 100 years. A bare number is refused: its unit would be a guess (`0` alone is
/// allowed).
Result<Duration> parseDuration(std::string_view text);

/// `200/s`, `90/m`, `5/h`: events per second. Not negative, finite.
Result<double> parseRate(std::string_view text);

/// `5%` or a fraction `0.05`: 0 to 1. A bare number above 1 is refused with the two readings named.
Result<double> parseShare(std::string_view text);

/// `16MiB`, `10MB`, `512KiB`, `4096`: bytes.
Result<std::uint64_t> parseBytes(std::string_view text);

/// The shortest exact form that parseDuration reads back: 250ms, 1h30m.
std::string formatDuration(Duration duration);

}  // namespace levee
