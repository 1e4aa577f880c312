// SPDX-License-Identifier: Apache-2.0
// Reads Prometheus' text format 0.0.4 and 1.0.0 (quoted UTF-8 names) and OpenMetrics 1.0, in place.
//
// TextRules::Scraper accepts what Prometheus accepts. In Prometheus' text: any blanks between
// tokens, labels without commas, `#` lines that are no metadata, a missing last line end, unknown
// escapes kept as they are; but no line feed in a label value, which breaks every reader by lines.
// In OpenMetrics: one blank between tokens, no empty lines, no other `#` lines, UNIT a suffix of
// the name, exemplars on any sample, `# EOF` with nothing after it.
//
// TextRules::Checker adds what a line may not be. In Prometheus' text what `promtool check metrics`
// refuses: a missing last line end, unknown escapes, blanks at the end of a sample line, metadata
// without a blank after `#`. In OpenMetrics what the specification's grammar refuses: quoted names,
// a comma after the last label, an unescaped quote in HELP, a carriage return before a line end.
// Rules that need more than one line are in exposition_check.h and openmetrics_check.h.
//
// An exposition is given whole (reset), or in pieces of whole lines as they arrive (begin,
// addLines, addLastLine, finish), so that nobody has to hold a whole body. Cost: one pass, no
// allocation a line; the line end in the buffer is the sentinel of every scan.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/collect/exposition_parser.h"

namespace levee {

enum class TextRules { Scraper, Checker };

/// Confined to one thread. Reusable: reset() and begin() keep the memory.
class PromTextParser final : public ExpositionParser {
public:
    PromTextParser() = default;
    explicit PromTextParser(std::string_view text,
                            ExpositionFormat format = ExpositionFormat::PromText,
                            ParseLimits limits = {}, TextRules rules = TextRules::Scraper) {
        reset(text, format, limits, rules);
    }

    /// Begins with a whole exposition. `text` must outlive the walk.
    void reset(std::string_view text, ExpositionFormat format = ExpositionFormat::PromText,
               ParseLimits limits = {}, TextRules rules = TextRules::Scraper);

    /// Begins an exposition that comes in pieces.
    void begin(ExpositionFormat format, ParseLimits limits, TextRules rules = TextRules::Scraper);
    /// The next piece: whole lines, the last one ended too. It must outlive its walk, which next()
    /// ends with End.
    void addLines(std::string_view lines);
    /// A last line without a line end. Copied.
    void addLastLine(std::string_view line);
    /// After the last piece was walked: End, or an Error for what is missing.
    Entry finish();

    /// The next entry that says something.
    Entry next() override;
    /// The next line, which may be a Comment.
    Entry nextLine();
    /// Goes on after Error with the line after the bad one. False when nothing after it can count.
    bool recover();

    const ParsedSample& sample() const override { return sample_; }
    const ParsedMetadata& metadata() const override { return metadata_; }
    const ParseError& error() const override { return error_; }

    // For a reader that has seen a line before, see line_layout.h.

    /// What is left of the piece: empty or at the start of a line.
    std::string_view rest() const { return {p_, static_cast<std::size_t>(end_ - p_)}; }
    /// Nothing may follow `# EOF`, known or not.
    bool mayFollow() const { return !sawEof_ && !failed_; }
    /// Bytes from the start of the last sample's line to its value.
    std::size_t bytesBeforeValue() const { return bytesBeforeValue_; }
    /// Reads the sample of a line whose first `bytes` are those of a line read before: its value,
    /// timestamp and exemplar; sample()'s name and labels say nothing. False when what follows is
    /// none of that, and nothing has moved.
    bool readKnownSample(std::size_t bytes);
    /// Passes over a line of `bytes` that was read before.
    void skipKnownLine(std::size_t bytes) {
        p_ += bytes;
        ++line_;
    }

private:
    /// A quoted string as it stands in the text, without the quotes.
    struct Quoted {
        std::string_view raw;
        bool escaped = false;
    };

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
    bool readSeconds(std::string_view& text, double& seconds);
    bool readExemplar();
    Entry readComment();
    Entry readMetadata(Entry kind, const char* lineEnd);
    bool readMetadataName(const char* lineEnd);
    Entry readType(const char* lineEnd);
    bool checkUnit(const char* lineEnd);
    bool checkHelp(std::string_view text);
    bool checkLineEnd(const char* lineEnd);

    /// Between tokens: any blanks in Prometheus' text, none in OpenMetrics.
    void skipBlanks() {
        if (!isOpenMetrics()) {
            while (*p_ == ' ' || *p_ == '\t')
                ++p_;
        }
    }
    /// Before a number or a word: any blanks in Prometheus' text, one in OpenMetrics.
    bool passBlank(const char* expected);
    std::size_t offsetOf(const char* at) const {
        return segmentOffset_ + static_cast<std::size_t>(at - segment_);
    }
    bool fail(const char* at, std::string expected, ParseErrorKind kind = ParseErrorKind::Syntax);
    bool isOpenMetrics() const { return format_ == ExpositionFormat::OpenMetrics; }
    bool isChecker() const { return rules_ == TextRules::Checker; }
    bool isStrictOpenMetrics() const { return isChecker() && isOpenMetrics(); }

    ExpositionFormat format_ = ExpositionFormat::PromText;
    ParseLimits limits_;
    TextRules rules_ = TextRules::Scraper;

    // The piece that is walked. It ends with a line end, which addLastLine() may have added.
    const char* segment_ = nullptr;
    const char* p_ = nullptr;
    const char* end_ = nullptr;
    std::size_t segmentOffset_ = 0;
    std::string tail_;
    bool lastLineOpen_ = false;
    std::string_view pendingTail_;  // of a whole text: what follows its last line end
    bool isWhole_ = false;
    int line_ = 0;  // whole lines walked
    const char* lineStart_ = nullptr;

    bool sawEof_ = false;
    bool failed_ = false;
    bool finished_ = false;
    bool nameSet_ = false;
    bool hasEscapes_ = false;
    bool nameEscaped_ = false;
    std::size_t bytesBeforeValue_ = 0;
    ParsedSample sample_;
    ParsedMetadata metadata_;
    ParseError error_;
    std::vector<LabelView> labels_;
    std::vector<LabelView> exemplarLabels_;
    std::vector<std::string_view> sortedNames_;
    std::string scratch_;
};

}  // namespace levee
