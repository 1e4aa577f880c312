// SPDX-License-Identifier: Apache-2.0
// What the parsers of metric expositions have in common: a pull-style walk over a buffer in which
// every sample, TYPE, HELP and UNIT line is one entry.
//
// Nothing is copied: names, labels and texts are views into the buffer, or into the parser's
// scratch space where an escape had to be decoded. **They are valid until the next call to
// next().**
//
// Strictness: one malformed line spoils the whole exposition, as in Prometheus. After Entry::Error
// the caller throws away what it has seen, because a half-read exposition looks like series that
// ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace levee {

enum class ExpositionFormat {
    PromText,     ///< text/plain, versions 0.0.4 and 1.0.0: timestamps in milliseconds
    OpenMetrics,  ///< application/openmetrics-text: timestamps in seconds, `# EOF` at the end
};

enum class MetricType {
    Untyped,  ///< "untyped", and OpenMetrics' "unknown"
    Counter,
    Gauge,
    Histogram,
    Summary,
    GaugeHistogram,
    Info,
    StateSet,
};

/// One label. The value has its escapes decoded.
struct LabelView {
    std::string_view name;
    std::string_view value;
};

/// What stands behind `#` on a line of OpenMetrics: a reference to something outside, a trace say.
struct ParsedExemplar {
    std::span<const LabelView> labels;  ///< in the text's order, names may repeat
    double value = 0;
    std::string_view timestampText;  ///< seconds; "" when there is none
};

/// One line with a value. Label names are unique, never "__name__"; their order is the text's.
struct ParsedSample {
    std::string_view name;
    std::span<const LabelView> labels;
    double value = 0;  ///< NaN and infinities as written
    std::optional<std::int64_t> timestampMillis;
    std::string_view timestampText;  ///< as it stands in the text; "" when there is none
    std::string_view seriesText;     ///< name and labels as they stand in the text
    std::size_t offset = 0;          ///< bytes from the start of the text
    bool hasExemplar = false;
    ParsedExemplar exemplar;  ///< meaningful when hasExemplar
};

/// One TYPE, HELP or UNIT line.
struct ParsedMetadata {
    std::string_view name;  ///< the family
    std::string_view text;  ///< help or unit, escapes as written
    MetricType type = MetricType::Untyped;
    std::size_t offset = 0;
};

enum class ParseErrorKind {
    Syntax,
    LabelLimit,  ///< ParseLimits::labels, nameBytes or valueBytes
};

/// Where and why an exposition is refused. Line and column count from 1, columns in bytes.
struct ParseError {
    ParseErrorKind kind = ParseErrorKind::Syntax;
    std::size_t offset = 0;
    int line = 0;
    int column = 0;
    std::string expected;  ///< "a number as value"
    std::string found;     ///< what stands there instead, shortened and printable

    /// `3:14: expected a number as value, found 'abc'`
    std::string text() const;
    /// The same without the place.
    std::string message() const;
};

/// Bounds per sample; one past a bound is an error. Default: no bounds beyond the text's size.
struct ParseLimits {
    std::size_t labels = std::numeric_limits<std::size_t>::max();
    std::size_t nameBytes = std::numeric_limits<std::size_t>::max();   ///< metric and label names
    std::size_t valueBytes = std::numeric_limits<std::size_t>::max();  ///< label values, as written
};

enum class Entry {
    Sample,
    Type,
    Help,
    Unit,
    Comment,  ///< a line that says nothing; next() passes over it
    End,
    Error,
};

/// Confined to one thread.
class ExpositionParser {
public:
    virtual ~ExpositionParser() = default;
    /// After End or Error it keeps returning the same.
    virtual Entry next() = 0;
    virtual const ParsedSample& sample() const = 0;      ///< after Entry::Sample
    virtual const ParsedMetadata& metadata() const = 0;  ///< after Entry::Type, Help or Unit
    virtual const ParseError& error() const = 0;         ///< after Entry::Error
};

}  // namespace levee
