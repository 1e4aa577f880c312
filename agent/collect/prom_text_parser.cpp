// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/prom_text_parser.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "agent/collect/exposition_tokens.h"
#include "agent/collect/go_float.h"
#include "agent/collect/utf8.h"

namespace levee {
void PromTextParser::reset(std::string_view text, ExpositionFormat format, ParseLimits limits,
                           TextRules rules) {
    text_ = text;
    format_ = format;
    limits_ = limits;
    rules_ = rules;
    sawEof_ = false;
    failed_ = false;
    const std::size_t lastEnd = text.rfind('\n');
    const std::size_t walked = lastEnd == std::string_view::npos ? 0 : lastEnd + 1;
    segment_ = p_ = text.data();
    end_ = segment_ + walked;
    segmentOffset_ = 0;
    tailPending_ = walked < text.size();
}

bool PromTextParser::nextSegment() {
    if (!tailPending_)
        return false;
    tailPending_ = false;
    segmentOffset_ = static_cast<std::size_t>(end_ - segment_);
    tail_.assign(text_.substr(segmentOffset_));
    tail_ += '\n';
    segment_ = p_ = tail_.data();
    end_ = segment_ + tail_.size();
    return true;
}

bool PromTextParser::fail(const char* at, std::string expected, ParseErrorKind kind) {
    failed_ = true;
    const std::size_t offset = std::min(offsetOf(at), text_.size());
    const std::string_view before = text_.substr(0, offset);
    const std::size_t lineStart = before.rfind('\n') + 1;  // npos + 1 is 0
    error_.kind = kind;
    error_.offset = offset;
    error_.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
    error_.column = 1 + static_cast<int>(offset - lineStart);
    error_.expected = std::move(expected);
    error_.found = describeToken(text_.data() + offset, text_.data() + text_.size());
    return false;
}

Entry PromTextParser::next() {
    if (failed_)
        return Entry::Error;
    do {
        while (p_ < end_) {
            skipBlanks();
            if (*p_ == '\n') {
                ++p_;
                continue;
            }
            if (sawEof_) {
                fail(p_, "nothing after '# EOF'");
                return Entry::Error;
            }
            if (*p_ != '#')
                return readSample();
            bool isEntry = false;
            const Entry entry = readComment(isEntry);
            if (isEntry)
                return entry;
        }
    } while (nextSegment());
    return finish();
}

Entry PromTextParser::finish() {
    const char* textEnd = segment_ + (text_.size() - segmentOffset_);
    if (isOpenMetrics() && !sawEof_) {
        fail(textEnd, "'# EOF' as the last line");
        return Entry::Error;
    }
    if (isChecker() && !text_.empty() && text_.back() != '\n') {
        fail(textEnd, "a line end after the last line");
        return Entry::Error;
    }
    return Entry::End;
}

Entry PromTextParser::readSample() {
    const char* start = p_;
    labels_.clear();
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
    } else if (*p_ != '{') {
        fail(p_, "a metric name");
        return Entry::Error;
    }
    const char* seriesEnd = p_;
    skipBlanks();
    if (*p_ == '{') {
        if (!readLabels(false))
            return Entry::Error;
        seriesEnd = p_;
        skipBlanks();
    }
    if (!nameSet_) {
        fail(start, "a metric name, before or inside the braces");
        return Entry::Error;
    }
    sample_.seriesText = {start, static_cast<std::size_t>(seriesEnd - start)};
    sample_.offset = offsetOf(start);
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
        if (*p_ == ',')
            ++p_;
        else if (*p_ != '}')
            return fail(p_, "',' or '}' after a label");
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
    return exemplar || addLabel(name, value, at);
}

bool PromTextParser::readLabelName(Quoted& name) {
    if (*p_ == '"')
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
        while (!hasClass(*p_, kQuoteStop))
            seen |= static_cast<unsigned char>(*p_++);
        if (*p_ == '"')
            break;
        if (*p_ == '\n' || p_[1] == '\n')
            return fail(*p_ == '\n' ? p_ : p_ + 1, "'\"' before the end of the line");
        const char escape = p_[1];
        if (isChecker() && escape != '\\' && escape != '"' && escape != 'n')
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
    for (const LabelView& label : labels_)
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
    for (LabelView& label : labels_) {
        redirect(label.name);
        redirect(label.value);
    }
}

bool PromTextParser::readValue(double& value) {
    const char* start = p_;
    while (!hasClass(*p_, kTokenEnd))
        ++p_;
    if (parseGoFloat({start, static_cast<std::size_t>(p_ - start)}, value))
        return true;
    return fail(start, "a number as value");
}

bool PromTextParser::readSampleEnd() {
    sample_.timestampMillis.reset();
    if (*p_ == '\n') {
        ++p_;
        return true;
    }
    const char* blanks = p_;
    skipBlanks();
    if (*p_ != '\n' && !(isOpenMetrics() && *p_ == '#')) {
        if (!readTimestamp())
            return false;
        blanks = p_;
        skipBlanks();
    }
    if (isOpenMetrics() && *p_ == '#' && !readExemplar())
        return false;
    if (*p_ != '\n')
        return fail(p_, sample_.timestampMillis ? "the end of the line after the timestamp"
                                                : "a timestamp or the end of the line");
    if (isChecker() && blanks != p_)
        return fail(blanks, "no blanks at the end of the line");
    ++p_;
    return true;
}

bool PromTextParser::readTimestamp() {
    const char* start = p_;
    while (!hasClass(*p_, kTokenEnd))
        ++p_;
    if (isOpenMetrics()) {
        double seconds = 0;
        // 2^63 ms is 9.22e15 s: anything beyond does not fit.
        if (!parseGoFloat({start, static_cast<std::size_t>(p_ - start)}, seconds) ||
            !(std::fabs(seconds) < 9.2e15))
            return fail(start, "a timestamp in seconds");
        sample_.timestampMillis = static_cast<std::int64_t>(seconds * 1000.0);
        return true;
    }
    const char* digits = *start == '+' ? start + 1 : start;
    std::int64_t millis = 0;
    const auto [stop, code] = std::from_chars(digits, p_, millis);
    if (code != std::errc() || stop != p_ || (digits != start && *digits == '-'))
        return fail(start, "a timestamp: whole milliseconds");
    sample_.timestampMillis = millis;
    return true;
}

bool PromTextParser::readExemplar() {
    ++p_;
    skipBlanks();
    if (*p_ != '{')
        return fail(p_, "'{' at the start of an exemplar");
    if (!readLabels(true))
        return false;
    skipBlanks();
    double ignored = 0;
    if (!readValue(ignored))
        return false;
    skipBlanks();
    if (*p_ != '\n' && !readValue(ignored))
        return false;
    skipBlanks();
    return true;
}

Entry PromTextParser::readComment(bool& isEntry) {
    const char* start = p_;
    const char* lineEnd =
        static_cast<const char*>(std::memchr(p_, '\n', static_cast<std::size_t>(end_ - p_)));
    ++p_;
    const bool blankAfterHash = *p_ == ' ' || *p_ == '\t';
    skipBlanks();
    const char* word = p_;
    while (!hasClass(*p_, kTokenEnd))
        ++p_;
    const std::string_view keyword(word, static_cast<std::size_t>(p_ - word));
    const char* keywordEnd = p_;
    p_ = lineEnd + 1;
    metadata_.offset = offsetOf(start);
    if (isOpenMetrics() && std::string_view(start, lineEnd) == "# EOF") {
        sawEof_ = true;
        return Entry::End;
    }
    if (!blankAfterHash && !isChecker())
        return Entry::End;
    if (keyword != "HELP" && keyword != "TYPE" && !(isOpenMetrics() && keyword == "UNIT"))
        return Entry::End;
    p_ = keywordEnd;
    const Entry kind = keyword == "HELP"   ? Entry::Help
                       : keyword == "TYPE" ? Entry::Type
                                           : Entry::Unit;
    return readMetadata(kind, lineEnd, isEntry);
}

Entry PromTextParser::readMetadata(Entry kind, const char* lineEnd, bool& isEntry) {
    skipBlanks();
    if (p_ == lineEnd) {  // "# HELP" alone is a comment
        ++p_;
        return Entry::End;
    }
    isEntry = true;
    const char* name = p_;
    if (*p_ == '"') {
        Quoted quoted;
        if (!readQuoted(quoted, limits_.nameBytes))
            return Entry::Error;
        metadata_.name = quoted.raw;
    } else {
        while (hasClass(*p_, p_ == name ? kNameStart : kName))
            ++p_;
        metadata_.name = {name, static_cast<std::size_t>(p_ - name)};
    }
    if (metadata_.name.empty() || !hasClass(*p_, kTokenEnd)) {
        fail(metadata_.name.empty() ? name : p_, "a metric name");
        return Entry::Error;
    }
    skipBlanks();
    metadata_.text = {p_, static_cast<std::size_t>(lineEnd - p_)};
    if (kind == Entry::Type) {
        if (p_ != lineEnd)
            return readType(lineEnd);
        isEntry = false;  // a name without a type says nothing
    } else if (!checkText(metadata_.text, kind == Entry::Help)) {
        return Entry::Error;
    }
    p_ = lineEnd + 1;
    return kind;
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
        fail(p_, isOpenMetrics() ? "an OpenMetrics type"
                                 : "one of counter, gauge, histogram, summary, untyped");
        return Entry::Error;
    }
    metadata_.type = *type;
    p_ = lineEnd + 1;
    return Entry::Type;
}

bool PromTextParser::checkText(std::string_view text, bool escapesMatter) {
    if (!isValidUtf8(text))
        return fail(text.data() + utf8ErrorOffset(text), "valid UTF-8");
    if (!isChecker() || !escapesMatter)
        return true;
    for (std::size_t i = text.find('\\'); i < text.size(); i = text.find('\\', i + 2)) {
        if (i + 1 == text.size() || (text[i + 1] != '\\' && text[i + 1] != 'n'))
            return fail(text.data() + i, "one of the escapes \\\\ and \\n");
    }
    return true;
}

}  // namespace levee
