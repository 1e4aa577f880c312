// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "agent/collect/exposition_parser.h"

namespace levee {

/// The Accept header of a scrape, as Prometheus sends it but for protobuf.
extern const char* const kAcceptHeader;

/// The format that a Content-Type announces: text/plain or application/openmetrics-text, in any
/// case, with well-formed parameters, whatever they say. None for everything else: it is not to be
/// guessed. Pure.
std::optional<ExpositionFormat> formatOfContentType(std::string_view contentType);

/// The format of a fallback_scrape_protocol ("PrometheusText0.0.4", "OpenMetricsText1.0.0" ...);
/// none for "" and words that are no such protocol. Pure.
std::optional<ExpositionFormat> formatOfProtocol(std::string_view protocol);

}  // namespace levee
