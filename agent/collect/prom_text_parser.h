// SPDX-License-Identifier: Apache-2.0
// Prometheus' text format 0.0.4 and 1.0.0 (quoted UTF-8 names), and as much of OpenMetrics as
// Prometheus' own ingestion needs.
//
// What is accepted is what Prometheus accepts: blanks between tokens, `#` lines that are no
// metadata, a missing line end at the very end, unknown escapes kept as they are. OpenMetrics mode
// differs in timestamps (seconds), in exemplars (checked, then ignored), in the extra types, and in
// asking for `# EOF` with nothing after it; its stricter blanks and ordering are not enforced.
//
// TextRules::Checker adds what `promtool check metrics` refuses beyond that: a missing last line
// end, unknown escapes, blanks at the end of a sample line, metadata without a blank after `#`.
// Rules that need more than one line (a second TYPE, ...) are in exposition_check.h.
//
// Cost: one pass, no allocation a line; the line end in the buffer is the sentinel of every scan,
// so no scan compares with the buffer's end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/collect/exposition_parser.h"

namespace levee {

enum class TextRules { Scraper, Checker };

/// Confined to one thread. Reusable: reset() keeps the memory.
class PromTextParser final : public ExpositionParser {
public:
    PromTextParser() = default;
    explicit PromTextParser(std::string_view text,
                            ExpositionFormat format = ExpositionFormat::PromText,
                            ParseLimits limits = {}, TextRules rules = TextRules::Scraper) {
        reset(text, format, limits, rules);
    }

    /// `text` must outlive the walk.
    void reset(std::string_view text, ExpositionFormat format = ExpositionFormat::PromText,
               ParseLimits limits = {}, TextRules rules = TextRules::Scraper);

    Entry next() override;
    const ParsedSample& sample() const override { return sample_; }
    const ParsedMetadata& metadata() const override { return metadata_; }
    const ParseError& error() const override { return error_; }

private:
    /// A quoted string as it stands in the text, without the quotes.
    struct Quoted {
        std::string_view raw;
        bool escaped = false;
    };

    bool nextSegment();
    Entry finish();
    Entry readSample();
    bool readLabels(bool exemplar);
    bool readLabel(bool exemplar);
    bool readLabelName(Quoted& name);
    bool readQuoted(Quoted& out, std::size_t limit);
    bool addLabel(const Quoted& name, const Quoted& value, const char* at);
    bool labelNamesAreUnique();
    void decodeEscapes();
    bool readValue(double& value);
    bool readSampleEnd();
    bool readTimestamp();
    bool readExemplar();
    Entry readComment(bool& isEntry);
    Entry readMetadata(Entry kind, const char* lineEnd, bool& isEntry);
    Entry readType(const char* lineEnd);
    bool checkText(std::string_view text, bool escapesMatter);

    void skipBlanks() {
        while (*p_ == ' ' || *p_ == '\t')
            ++p_;
    }
    std::size_t offsetOf(const char* at) const {
        return segmentOffset_ + static_cast<std::size_t>(at - segment_);
    }
    bool fail(const char* at, std::string expected, ParseErrorKind kind = ParseErrorKind::Syntax);
    bool isOpenMetrics() const { return format_ == ExpositionFormat::OpenMetrics; }
    bool isChecker() const { return rules_ == TextRules::Checker; }

    std::string_view text_;
    ExpositionFormat format_ = ExpositionFormat::PromText;
    ParseLimits limits_;
    TextRules rules_ = TextRules::Scraper;

    // The text up to its last line end is walked in place; what follows is copied to tail_ and
    // gets a line end there.
    const char* segment_ = nullptr;
    const char* p_ = nullptr;
    const char* end_ = nullptr;
    std::size_t segmentOffset_ = 0;
    bool tailPending_ = false;
    std::string tail_;

    bool sawEof_ = false;
    bool failed_ = false;
    bool nameSet_ = false;
    bool hasEscapes_ = false;
    bool nameEscaped_ = false;
    ParsedSample sample_;
    ParsedMetadata metadata_;
    ParseError error_;
    std::vector<LabelView> labels_;
    std::vector<std::string_view> sortedNames_;
    std::string scratch_;
};

}  // namespace levee
