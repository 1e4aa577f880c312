// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/prom_text_parser.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "agent/collect/exposition_tokens.h"
#include "agent/collect/go_float.h"
#include "agent/collect/line_scan.h"
#include "agent/collect/utf8.h"

namespace levee {

void PromTextParser::reset(std::string_view text, ExpositionFormat format, ParseLimits limits,
                           TextRules rules) {
    begin(format, limits, rules);
    isWhole_ = true;
    const std::size_t walked = text.rfind('\n') + 1;  // npos + 1 is 0
    pendingTail_ = text.substr(walked);
    addLines(text.substr(0, walked));
}

void PromTextParser::begin(ExpositionFormat format, ParseLimits limits, TextRules rules) {
    format_ = format;
    limits_ = limits;
    rules_ = rules;
    isWhole_ = sawEof_ = failed_ = finished_ = lastLineOpen_ = false;
    pendingTail_ = {};
    line_ = 0;
    segmentOffset_ = 0;
    segment_ = p_ = end_ = lineStart_ = nullptr;
}

void PromTextParser::addLines(std::string_view lines) {
    segmentOffset_ += static_cast<std::size_t>(end_ - segment_);
    segment_ = p_ = lineStart_ = lines.data();
    end_ = segment_ + lines.size();
}

void PromTextParser::addLastLine(std::string_view line) {
    tail_.assign(line);
    tail_ += '\n';
    addLines(tail_);
    lastLineOpen_ = true;
}

bool PromTextParser::fail(const char* at, std::string expected, ParseErrorKind kind) {
    failed_ = true;
    const char* const textEnd = lastLineOpen_ ? end_ - 1 : end_;
    at = std::min(at, textEnd);
    error_.kind = kind;
    error_.offset = offsetOf(at);
    error_.line = line_ + 1;
    error_.column = 1 + static_cast<int>(at - lineStart_);
    error_.expected = std::move(expected);
    error_.found = describeToken(at, textEnd);
    return false;
}

Entry PromTextParser::next() {
    Entry entry = nextLine();
    while (entry == Entry::Comment)
        entry = nextLine();
    return entry;
}

Entry PromTextParser::nextLine() {
    if (failed_)
        return Entry::Error;
    if (p_ == end_) {
        if (!isWhole_)
            return Entry::End;
        if (pendingTail_.empty())
            return finish();
        addLastLine(std::exchange(pendingTail_, {}));
    }
    lineStart_ = p_;
    skipBlanks();
    Entry entry = Entry::Comment;
    if (sawEof_ && (*p_ != '\n' || isOpenMetrics()))
        fail(p_, "nothing after '# EOF'");
    else if (*p_ == '\n' && !isOpenMetrics())
        ++p_;
    else
        entry = *p_ == '#' ? readComment() : readSample();
    if (failed_)
        return Entry::Error;
    ++line_;
    return entry;
}

Entry PromTextParser::finish() {
    if (failed_)
        return Entry::Error;
    finished_ = true;
    const bool lacksEof = isOpenMetrics() && !sawEof_;
    if (!lacksEof && !(isChecker() && !isOpenMetrics() && lastLineOpen_))
        return Entry::End;
    // Where the text ends: on its open last line, else on the line after it.
    if (lastLineOpen_)
        --line_;
    else
        lineStart_ = end_;
    fail(end_, lacksEof ? "'# EOF' as the last line" : "a line end after the last line");
    return Entry::Error;
}

bool PromTextParser::recover() {
    if (sawEof_ || finished_)
        return false;
    failed_ = false;
    p_ = static_cast<const char*>(
             std::memchr(lineStart_, '\n', static_cast<std::size_t>(end_ - lineStart_))) +
         1;
    ++line_;
    return true;
}

bool PromTextParser::passBlank(const char* expected) {
    if (!isOpenMetrics()) {
        skipBlanks();
        return true;
    }
    if (*p_ != ' ')
        return fail(p_, expected);
    ++p_;
    return *p_ != ' ' || fail(p_, "one blank, not more");
}

bool PromTextParser::readKnownSample(std::size_t bytes) {
    const char* start = p_;
    lineStart_ = start;
    p_ += bytes;
    if (readValue(sample_.value) && readSampleEnd()) {
        ++line_;
        return true;
    }
    failed_ = false;
    p_ = start;
    return false;
}

Entry PromTextParser::readSample() {
    const char* start = p_;
    labels_.clear();
    exemplarLabels_.clear();
    nameSet_ = false;
    hasEscapes_ = false;
    nameEscaped_ = false;
    if (hasClass(*p_, kNameStart)) {
        while (hasClass(*++p_, kName)) {
        }
        sample_.name = {start, static_cast<std::size_t>(p_ - start)};
        nameSet_ = true;
        if (sample_.name.size() > limits_.nameBytes) {
            fail(start, "a metric name of at most " + std::to_string(limits_.nameBytes) + " bytes",
                 ParseErrorKind::LabelLimit);
            return Entry::Error;
        }
    } else if (*p_ != '{' || isStrictOpenMetrics()) {
        fail(p_, "a metric name");
        return Entry::Error;
    }
    const char* seriesEnd = p_;
    skipBlanks();
    if (*p_ == '{') {
        if (!readLabels(false))
            return Entry::Error;
        seriesEnd = p_;
    }
    if (!nameSet_) {
        fail(start, "a metric name, before or inside the braces");
        return Entry::Error;
    }
    sample_.seriesText = {start, static_cast<std::size_t>(seriesEnd - start)};
    sample_.offset = offsetOf(start);
    if (!passBlank("a blank before the value"))
        return Entry::Error;
    bytesBeforeValue_ = static_cast<std::size_t>(p_ - lineStart_);
    if (!readValue(sample_.value) || !readSampleEnd() || !labelNamesAreUnique())
        return Entry::Error;
    if (hasEscapes_)
        decodeEscapes();
    sample_.labels = labels_;
    return Entry::Sample;
}

bool PromTextParser::readLabels(bool exemplar) {
    ++p_;  // the brace
    for (;;) {
        skipBlanks();
        if (*p_ == '}') {
            ++p_;
            return true;
        }
        if (!readLabel(exemplar))
            return false;
        skipBlanks();
        if (*p_ == ',') {
            if (*++p_ == '}' && isStrictOpenMetrics())
                return fail(p_, "a label after the comma");
        } else if (*p_ != '}' && (isChecker() || isOpenMetrics() ||
                                  !(hasClass(*p_, kLabelStart) || *p_ == '"'))) {
            return fail(p_, "',' or '}' after a label");
        }
    }
}

bool PromTextParser::readLabel(bool exemplar) {
    const char* at = p_;
    Quoted name;
    if (!readLabelName(name))
        return false;
    skipBlanks();
    if (*at == '"' && !exemplar && (*p_ == ',' || *p_ == '}')) {
        if (nameSet_)
            return fail(at, "a label: the metric has its name already");
        if (name.raw.empty())
            return fail(at, "a metric name that is not empty");
        nameSet_ = true;
        nameEscaped_ = name.escaped;
        hasEscapes_ |= name.escaped;
        sample_.name = name.raw;
        return true;
    }
    if (*p_ != '=')
        return fail(p_, "'=' after the label name");
    ++p_;
    skipBlanks();
    if (*p_ != '"')
        return fail(p_, "'\"' at the start of the label value");
    Quoted value;
    if (!readQuoted(value, limits_.valueBytes))
        return false;
    if (!exemplar)
        return addLabel(name, value, at);
    hasEscapes_ |= name.escaped || value.escaped;
    exemplarLabels_.push_back({name.raw, value.raw});
    return true;
}

bool PromTextParser::readLabelName(Quoted& name) {
    if (*p_ == '"' && !isStrictOpenMetrics())
        return readQuoted(name, limits_.nameBytes);
    const char* start = p_;
    if (!hasClass(*p_, kLabelStart))
        return fail(p_, "a label name");
    while (hasClass(*++p_, kLabel)) {
    }
    name.raw = {start, static_cast<std::size_t>(p_ - start)};
    return name.raw.size() <= limits_.nameBytes ||
           fail(start, "a label name of at most " + std::to_string(limits_.nameBytes) + " bytes",
                ParseErrorKind::LabelLimit);
}

bool PromTextParser::readQuoted(Quoted& out, std::size_t limit) {
    const char* start = ++p_;
    unsigned char seen = 0;
    for (;;) {
        p_ = findFirstOf<'"', '\\', '\n'>(p_, end_, seen);
        if (*p_ == '"')
            break;
        if (*p_ == '\n' || p_[1] == '\n')
            return fail(*p_ == '\n' ? p_ : p_ + 1, "'\"' before the end of the line");
        const char escape = p_[1];
        if (isChecker() && !isOpenMetrics() && escape != '\\' && escape != '"' && escape != 'n')
            return fail(p_, "one of the escapes \\\\, \\\" and \\n");
        seen |= static_cast<unsigned char>(escape);
        out.escaped = true;
        p_ += 2;
    }
    out.raw = {start, static_cast<std::size_t>(p_ - start)};
    ++p_;
    if (out.raw.size() > limit)
        return fail(start, "at most " + std::to_string(limit) + " bytes in the quotes",
                    ParseErrorKind::LabelLimit);
    if (seen >= 0x80 && !isValidUtf8(out.raw))
        return fail(start + utf8ErrorOffset(out.raw), "valid UTF-8");
    return true;
}

bool PromTextParser::addLabel(const Quoted& name, const Quoted& value, const char* at) {
    if (labels_.size() >= limits_.labels)
        return fail(at, "at most " + std::to_string(limits_.labels) + " labels",
                    ParseErrorKind::LabelLimit);
    if (name.raw == "__name__")
        return fail(at, "a label name that is not reserved");
    if (name.raw.empty())
        return fail(at, "a label name that is not empty");
    hasEscapes_ |= name.escaped || value.escaped;
    labels_.push_back({name.raw, value.raw});
    return true;
}

bool PromTextParser::labelNamesAreUnique() {
    constexpr std::size_t kFew = 12;  // below it, comparing all pairs is quicker than sorting
    const std::size_t n = labels_.size();
    bool unique = true;
    if (n <= kFew) {
        for (std::size_t i = 1; i < n && unique; ++i)
            for (std::size_t j = 0; j < i; ++j)
                unique = unique && labels_[i].name != labels_[j].name;
    } else {
        sortedNames_.clear();
        for (const LabelView& label : labels_)
            sortedNames_.push_back(label.name);
        std::sort(sortedNames_.begin(), sortedNames_.end());
        unique = std::adjacent_find(sortedNames_.begin(), sortedNames_.end()) == sortedNames_.end();
    }
    return unique || fail(segment_ + (sample_.offset - segmentOffset_), "label names that differ");
}

void PromTextParser::decodeEscapes() {
    // Decoding never makes a text longer, so the raw lengths bound the scratch space.
    std::size_t total = sample_.name.size();
    for (const auto* labels : {&labels_, &exemplarLabels_})
        for (const LabelView& label : *labels)
            total += label.name.size() + label.value.size();
    scratch_.resize(total);
    char* out = scratch_.data();
    const auto redirect = [&out](std::string_view& view) {
        if (view.find('\\') == std::string_view::npos)
            return;
        char* start = out;
        out = decodeInto(view, out);
        view = {start, static_cast<std::size_t>(out - start)};
    };
    if (nameEscaped_)
        redirect(sample_.name);
    for (auto* labels : {&labels_, &exemplarLabels_}) {
        for (LabelView& label : *labels) {
            redirect(label.name);
            redirect(label.value);
        }
    }
}

bool PromTextParser::readValue(double& value) {
    const char* start = p_;
    if (const char* stop = readPlainNumber(start, value); stop && hasClass(*stop, kTokenEnd)) {
        p_ = stop;
        return true;
    }
    while (!hasClass(*p_, kTokenEnd))
        ++p_;
    if (parseGoFloat({start, static_cast<std::size_t>(p_ - start)}, value))
        return true;
    return fail(start, "a number as value");
}

bool PromTextParser::readSampleEnd() {
    sample_.timestampMillis.reset();
    sample_.timestampText = {};
    sample_.hasExemplar = false;
    if (*p_ == '\n') {
        ++p_;
        return true;
    }
    const char* blanks = p_;
    if (!passBlank("the end of the line, or a blank"))
        return false;
    if (isOpenMetrics()) {
        if (*p_ != '#' && (!readTimestamp() || (*p_ != '\n' && !passBlank("the end of the line"))))
            return false;
        if (*p_ == '#' && !readExemplar())
            return false;
    } else if (*p_ != '\n') {
        if (!readTimestamp())
            return false;
        blanks = p_;
        skipBlanks();
    }
    if (*p_ != '\n')
        return fail(p_, sample_.timestampText.empty() ? "the end of the line"
                                                      : "the end of the line after the timestamp");
    if (isChecker() && !isOpenMetrics() && blanks != p_)
        return fail(blanks, "no blanks at the end of the line");
    ++p_;
    return true;
}

bool PromTextParser::readTimestamp() {
    const char* start = p_;
    if (isOpenMetrics()) {
        double seconds = 0;
        if (!readSeconds(sample_.timestampText, seconds))
            return false;
        // What no integer holds is as far away as one can say.
        constexpr double kFarthest = 9.2e18;
        sample_.timestampMillis =
            static_cast<std::int64_t>(std::clamp(seconds * 1000.0, -kFarthest, kFarthest));
        return true;
    }
    while (!hasClass(*p_, kTokenEnd))
        ++p_;
    sample_.timestampText = {start, static_cast<std::size_t>(p_ - start)};
    const char* digits = *start == '+' ? start + 1 : start;
    std::int64_t millis = 0;
    const auto [stop, code] = std::from_chars(digits, p_, millis);
    if (code != std::errc() || stop != p_ || (digits != start && *digits == '-'))
        return fail(start, "a timestamp: whole milliseconds");
    sample_.timestampMillis = millis;
    return true;
}

bool PromTextParser::readSeconds(std::string_view& text, double& seconds) {
    const char* start = p_;
    while (!hasClass(*p_, kTokenEnd))
        ++p_;
    text = {start, static_cast<std::size_t>(p_ - start)};
    return (parseGoFloat(text, seconds) && std::isfinite(seconds)) ||
           fail(start, "a timestamp in seconds");
}

bool PromTextParser::readExemplar() {
    ++p_;
    if (!passBlank("a blank after the '#' of an exemplar"))
        return false;
    if (*p_ != '{')
        return fail(p_, "'{' at the start of an exemplar");
    exemplarLabels_.clear();
    sample_.exemplar.timestampText = {};
    if (!readLabels(true) || !passBlank("a blank before the exemplar's value") ||
        !readValue(sample_.exemplar.value))
        return false;
    sample_.hasExemplar = true;
    sample_.exemplar.labels = exemplarLabels_;
    double ignored = 0;
    return *p_ == '\n' || (passBlank("the end of the line, or a blank") &&
                           readSeconds(sample_.exemplar.timestampText, ignored));
}

Entry PromTextParser::readComment() {
    const char* start = p_;
    const char* lineEnd =
        static_cast<const char*>(std::memchr(p_, '\n', static_cast<std::size_t>(end_ - p_)));
    metadata_.offset = offsetOf(start);
    if (isOpenMetrics() && std::string_view(start, lineEnd) == "# EOF") {
        sawEof_ = true;
        p_ = lineEnd + 1;
        return Entry::Comment;
    }
    ++p_;
    const bool blankAfterHash = *p_ == ' ' || *p_ == '\t';
    if (isOpenMetrics() && !passBlank("a blank after '#'"))
        return Entry::Error;
    skipBlanks();
    const char* word = p_;
    while (!hasClass(*p_, kTokenEnd))
        ++p_;
    const std::string_view keyword(word, static_cast<std::size_t>(p_ - word));
    const Entry kind = keyword == "HELP"                      ? Entry::Help
                       : keyword == "TYPE"                    ? Entry::Type
                       : keyword == "UNIT" && isOpenMetrics() ? Entry::Unit
                                                              : Entry::Comment;
    if (isOpenMetrics() && kind == Entry::Comment) {
        fail(word, "one of TYPE, UNIT, HELP, EOF");
        return Entry::Error;
    }
    if (kind == Entry::Comment || (!blankAfterHash && !isChecker())) {
        p_ = lineEnd + 1;
        return Entry::Comment;
    }
    return readMetadata(kind, lineEnd);
}

Entry PromTextParser::readMetadata(Entry kind, const char* lineEnd) {
    if (!passBlank("a blank before the metric name"))
        return Entry::Error;
    if (p_ == lineEnd && !isOpenMetrics()) {  // "# HELP" alone is a comment
        ++p_;
        return Entry::Comment;
    }
    if (!readMetadataName(lineEnd) || !checkLineEnd(lineEnd))
        return Entry::Error;
    if (isOpenMetrics()) {
        if (*p_ != ' ') {
            fail(p_, "a blank after the metric name");
            return Entry::Error;
        }
        ++p_;  // what follows is text: further blanks are its own
    }
    skipBlanks();
    metadata_.text = {p_, static_cast<std::size_t>(lineEnd - p_)};
    if (kind == Entry::Type) {
        if (p_ != lineEnd || isOpenMetrics())
            return readType(lineEnd);
        kind = Entry::Comment;  // a name without a type says nothing
    } else if (kind == Entry::Help ? !checkHelp(metadata_.text) : !checkUnit(lineEnd)) {
        return Entry::Error;
    }
    p_ = lineEnd + 1;
    return kind;
}

bool PromTextParser::readMetadataName(const char* lineEnd) {
    const char* name = p_;
    if (*p_ == '"' && !isStrictOpenMetrics()) {
        Quoted quoted;
        if (!readQuoted(quoted, limits_.nameBytes))
            return false;
        metadata_.name = quoted.raw;
    } else {
        while (hasClass(*p_, p_ == name ? kNameStart : kName))
            ++p_;
        metadata_.name = {name, static_cast<std::size_t>(p_ - name)};
    }
    if (metadata_.name.empty() || (!hasClass(*p_, kTokenEnd) && p_ != lineEnd))
        return fail(metadata_.name.empty() ? name : p_, "a metric name");
    return true;
}

Entry PromTextParser::readType(const char* lineEnd) {
    std::string lowered;
    std::string_view word = metadata_.text;
    if (isChecker() && !isOpenMetrics() && word.size() < 32) {  // as promtool does, in any case
        for (const char c : word)
            lowered += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        word = lowered;
    }
    const auto type = metricTypeOf(word, isOpenMetrics());
    if (!type) {
        fail(p_, isOpenMetrics() ? "one of counter, gauge, histogram, gaugehistogram, info, "
                                   "stateset, summary, unknown"
                                 : "one of counter, gauge, histogram, summary, untyped");
        return Entry::Error;
    }
    metadata_.type = *type;
    p_ = lineEnd + 1;
    return Entry::Type;
}

bool PromTextParser::checkUnit(const char* lineEnd) {
    const std::string_view unit = metadata_.text;
    const std::string_view name = metadata_.name;
    for (const char* at = p_; at < lineEnd && isChecker(); ++at) {
        if (!hasClass(*at, kName))
            return fail(at, "a unit of letters, digits, '_' and ':'");
    }
    const bool isSuffix = name.size() > unit.size() && name.ends_with(unit) &&
                          name[name.size() - unit.size() - 1] == '_';
    return unit.empty() || isSuffix || fail(p_, "a unit that ends the metric's name after a '_'");
}

bool PromTextParser::checkHelp(std::string_view text) {
    if (!isValidUtf8(text))
        return fail(text.data() + utf8ErrorOffset(text), "valid UTF-8");
    if (!isChecker())
        return true;
    for (std::size_t i = text.find_first_of("\\\""); i < text.size();
         i = text.find_first_of("\\\"", i)) {
        if (text[i] == '"') {
            if (isOpenMetrics())
                return fail(text.data() + i, "'\\\"' for a quote");
            ++i;
            continue;
        }
        const char escape = i + 1 < text.size() ? text[i + 1] : '\0';
        if (i + 1 == text.size() || (!isOpenMetrics() && escape != '\\' && escape != 'n'))
            return fail(text.data() + i, "one of the escapes \\\\ and \\n");
        i += 2;
    }
    return true;
}

bool PromTextParser::checkLineEnd(const char* lineEnd) {
    return !isStrictOpenMetrics() || lineEnd[-1] != '\r' ||
           fail(lineEnd - 1, "a line feed alone at the end of the line");
}

}  // namespace levee
