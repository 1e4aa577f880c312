// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/exposition/exposition_fuzz.h"

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
    const Walk ended = walk(std::string(text) + '\n', format, {}, TextRules::Scraper);
    require(scraped.ok == ended.ok && (!scraped.ok || scraped.samples == ended.samples),
            "a missing last line end changes nothing");
    const bool sound = !hasErrors(checkExposition(text, "fuzz", format));
    require(!sound || scraped.ok || format == ExpositionFormat::PromText,
            "the check accepts no more than the scraper");

    ScrapeReader reader;
    SeriesCache cache(Labels{{"job", "fuzz"}});
    const KeepFilter everything(std::vector<std::string>{"*"});
    const ScrapeLimits limits;
    const ReadOutcome first = reader.read(text, format, limits, everything, cache);
    const ReadOutcome second = reader.read(text, format, limits, everything, cache);
    require(first.failure == second.failure && first.kept.size() == second.kept.size(),
            "a second scrape of the same text brings the same");
    require(first.failure == ScrapeFailure::None || first.kept.empty(), "all or nothing");
}

}  // namespace levee::test
