// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/exposition/exposition_fuzz.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "agent/collect/exposition_check.h"
#include "agent/collect/prom_text_parser.h"
#include "agent/collect/scrape_reader.h"
#include "agent/collect/utf8.h"

namespace levee::test {
namespace {

void require(bool claim, const char* what) {
    if (claim)
        return;
    std::fprintf(stderr, "broken invariant: %s\n", what);
    std::abort();
}

struct Walk {
    bool ok = false;
    std::size_t samples = 0;
};

void requireSound(const ParsedSample& sample, std::string_view text, const ParseLimits& limits) {
    require(!sample.name.empty(), "a name is not empty");
    require(sample.labels.size() <= limits.labels, "the label limit holds");
    require(sample.offset < text.size(), "the offset lies in the text");
    require(text.substr(sample.offset, sample.seriesText.size()) == sample.seriesText,
            "the series stands at its offset");
    require(isValidUtf8(sample.name), "a name is UTF-8");
    for (const LabelView& label : sample.labels) {
        require(label.name.size() <= limits.nameBytes, "the name limit holds");
        require(label.value.size() <= limits.valueBytes, "the value limit holds");
        require(isValidUtf8(label.name) && isValidUtf8(label.value), "labels are UTF-8");
        require(label.name != "__name__", "reserved names are refused");
    }
}

Walk walk(std::string_view text, ExpositionFormat format, const ParseLimits& limits,
          TextRules rules) {
    PromTextParser parser(text, format, limits, rules);
    Walk result;
    std::size_t entries = 0;
    for (;;) {
        const Entry entry = parser.next();
        require(++entries <= text.size() + 1, "every entry takes bytes");
        if (entry == Entry::Sample) {
            ++result.samples;
            requireSound(parser.sample(), text, limits);
        } else if (entry == Entry::Error) {
            require(parser.error().line >= 1 && parser.error().column >= 1, "an error has a place");
            require(parser.error().offset <= text.size(), "an error lies in the text");
            return result;
        } else if (entry == Entry::End) {
            result.ok = true;
            return result;
        }
    }
}

bool isSame(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

void requireEqual(const ReadOutcome& a, const ReadOutcome& b, const char* what) {
    require(a.failure == b.failure && a.error == b.error && a.repeated == b.repeated &&
                a.kept.size() == b.kept.size(),
            what);
    for (std::size_t i = 0; i < a.kept.size(); ++i)
        require(*a.kept[i].series == *b.kept[i].series &&
                    isSame(a.kept[i].value, b.kept[i].value) &&
                    a.kept[i].timestampMillis == b.kept[i].timestampMillis,
                what);
}

/// Pieces whose lengths follow from the text: short ones and long ones.
ReadOutcome readInPieces(std::string_view text, const ReadTerms& terms) {
    HeldBudget budget;
    ScrapeReader reader(budget);
    SeriesCache cache(Labels{{"job", "fuzz"}});
    reader.begin(terms, cache);
    std::size_t length = 1 + text.size() % 13;
    for (std::size_t at = 0; at < text.size(); at += length) {
        length = 1 + (length * 7 + static_cast<unsigned char>(text[at])) % 61;
        if (!reader.add(text.substr(at, length)))
            break;
    }
    ReadOutcome outcome = reader.finish();
    require(budget.used == 0, "no cut line is held after a scrape");
    return outcome;
}

/// The cache knows `text`; a changed text must still be read as one who knows nothing reads it.
void readChanged(std::string_view text, const ReadTerms& terms, SeriesCache& cache) {
    std::string changed(text);
    for (std::size_t at = changed.size() % 17; at < changed.size(); at += 29)
        changed[at] = "0 \n}{\"a"[(at + changed.size()) % 7];
    SeriesCache fresh(Labels{{"job", "fuzz"}});
    requireEqual(readScrape(changed, terms, cache), readScrape(changed, terms, fresh),
                 "what is remembered changes no result");
}

}  // namespace

void fuzzExposition(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return;
    const auto format =
        data[0] % 2 == 0 ? ExpositionFormat::PromText : ExpositionFormat::OpenMetrics;
    // An exact heap copy, so that a read past its end is seen.
    const std::size_t length = size - 1;
    const std::unique_ptr<char[]> copy(new char[length]);
    for (std::size_t i = 0; i < length; ++i)
        copy[i] = static_cast<char>(data[i + 1]);
    const std::string_view text(copy.get(), length);

    const Walk scraped = walk(text, format, {}, TextRules::Scraper);
    walk(text, format, {3, 8, 8}, TextRules::Scraper);
    if (!text.ends_with('\n')) {
        const Walk ended = walk(std::string(text) + '\n', format, {}, TextRules::Scraper);
        require(scraped.ok == ended.ok && (!scraped.ok || scraped.samples == ended.samples),
                "a missing last line end changes nothing");
    }
    const bool sound = !hasErrors(checkExposition(text, "fuzz", format));
    require(!sound || scraped.ok || format == ExpositionFormat::PromText,
            "the check accepts no more than the scraper");

    SeriesCache cache(Labels{{"job", "fuzz"}});
    const ReadTerms terms{
        format, {}, std::make_shared<const KeepFilter>(std::vector<std::string>{"*"})};
    const ReadOutcome first = readScrape(text, terms, cache);
    const ReadOutcome second = readScrape(text, terms, cache);
    requireEqual(first, second, "a second scrape of the same text brings the same");
    requireEqual(first, readInPieces(text, terms), "pieces bring the same");
    require(first.failure == ScrapeFailure::None || first.kept.empty(), "all or nothing");
    readChanged(text, terms, cache);
}

}  // namespace levee::test
