// SPDX-License-Identifier: Apache-2.0
// What parsing and keeping an exposition of 100,000 samples costs, beside a memchr pass over the
// same bytes (the least that any line reader does). Figures are the best of several passes; compare
// the ratios, not the absolute numbers of a shared machine.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "agent/collect/prom_text_parser.h"
#include "agent/collect/scrape_reader.h"

namespace {

using namespace levee;

/// 100 families of 1,000 series; values change with `round`, as in a running service.
std::string makeExposition(int round) {
    static const char* const kMethods[] = {"GET", "POST", "PUT", "DELETE"};
    std::string text;
    for (int family = 0; family < 100; ++family) {
        const std::string name = "shop_service_requests_" + std::to_string(family) + "_total";
        text += "# HELP " + name + " Requests that were served.\n# TYPE " + name + " counter\n";
        for (int i = 0; i < 1000; ++i) {
            text += name + "{instance_id=\"node-" + std::to_string(i / 40) + "\",method=\"" +
                    kMethods[i % 4] + "\",route=\"/api/v1/items/" + std::to_string(i) + "\"} ";
            text += i % 3 == 0 ? std::to_string(i * 17) + '.' + std::to_string(round % 10)
                               : std::to_string(i * 100 + round);
            text += '\n';
        }
    }
    return text;
}

/// CPU time of this thread: being preempted on a shared machine does not count.
double cpuSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double bestSeconds(int passes, const std::function<void(int)>& work) {
    double best = 1e9;
    for (int pass = 0; pass < passes; ++pass) {
        const double start = cpuSeconds();
        work(pass);
        best = std::min(best, cpuSeconds() - start);
    }
    return best;
}

void report(const char* what, double seconds, std::size_t bytes, double floor) {
    constexpr double kSamples = 100'000;
    std::printf("%-28s %8.1f MB/s %9.2f M samples/s %7.1f ns/sample %6.1fx memchr\n", what,
                static_cast<double>(bytes) / seconds / 1e6, kSamples / seconds / 1e6,
                seconds / kSamples * 1e9, seconds / floor);
}

}  // namespace

int main() {
    constexpr int kPasses = 20;
    std::vector<std::string> texts;
    for (int round = 0; round < 4; ++round)
        texts.push_back(makeExposition(round));
    const auto text = [&](int pass) -> const std::string& {
        return texts[static_cast<std::size_t>(pass) % texts.size()];
    };
    const std::size_t bytes = texts[0].size();
    std::printf("%zu bytes, 100000 samples\n", bytes);

    std::size_t lines = 0;
    const double floor = bestSeconds(kPasses, [&](int pass) {
        const char* p = text(pass).data();
        const char* end = p + text(pass).size();
        while ((p = static_cast<const char*>(
                    std::memchr(p, '\n', static_cast<std::size_t>(end - p)))) != nullptr) {
            ++lines;
            ++p;
        }
    });
    report("memchr for line ends", floor, bytes, floor);

    double sum = 0;
    PromTextParser parser;
    const double parse = bestSeconds(kPasses, [&](int pass) {
        parser.reset(text(pass));
        for (Entry e = parser.next(); e != Entry::End && e != Entry::Error; e = parser.next()) {
            if (e == Entry::Sample)
                sum += parser.sample().value;
        }
    });
    report("parse", parse, bytes, floor);

    std::size_t kept = 0;
    const auto read = [&](const char* what, const std::vector<std::string>& patterns, bool known) {
        ReadTerms terms;
        terms.limits.samples = 200'000;
        terms.filter = patterns.empty() ? std::make_shared<const KeepFilter>()
                                        : std::make_shared<const KeepFilter>(patterns);
        const Labels labels{{"instance", "127.0.0.1:9100"}, {"job", "bench"}};
        SeriesCache remembered(labels);
        const double seconds = bestSeconds(kPasses, [&](int pass) {
            SeriesCache fresh(labels);
            kept += readScrape(text(pass), terms, known ? remembered : fresh).kept.size();
        });
        report(what, seconds, bytes, floor);
    };
    read("a first scrape, keep nothing", {"nothing"}, false);
    read("known lines, keep nothing", {"nothing"}, true);
    read("a first scrape, keep all", {"*"}, false);
    read("known lines, keep all", {"*"}, true);
    std::printf("(%zu lines, %zu kept, checksum %g)\n", lines, kept, sum);
    return 0;
}
