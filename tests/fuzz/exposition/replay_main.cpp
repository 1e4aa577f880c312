// SPDX-License-Identifier: Apache-2.0
// Runs stored expositions, those of the OpenMetrics test, and every prefix and single-byte change
// of the small ones, through the fuzz target; with --seeds writes them as a fuzzer's first corpus
// instead, in both formats:
//
//   exposition_replay [--seeds NEW_DIRECTORY] DIRECTORY...
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

#include "tests/agent/collect/openmetrics_rows.h"
#include "tests/fuzz/exposition/exposition_fuzz.h"

namespace {

using Visitor = std::function<void(const std::string& text)>;

void feed(const std::string& input) {
    levee::test::fuzzExposition(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

void feedFamily(const std::string& text) {
    constexpr std::size_t kSmall = 600;
    for (const char format : {'\0', '\1'}) {
        std::string input = format + text;
        feed(input);
        if (text.size() > kSmall)
            continue;
        for (std::size_t cut = 0; cut < input.size(); ++cut)
            feed(input.substr(0, cut));
        for (std::size_t at = 1; at < input.size(); ++at) {
            for (const char c : {'\0', '\n', '"', '\\', '{', '}', ' ', '#', '\xff'}) {
                std::string changed = input;
                changed[at] = c;
                feed(changed);
            }
        }
    }
}

int visitAll(int argc, char** argv, int first, const Visitor& visit) {
    int files = 0;
    for (int i = first; i < argc; ++i) {
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream file(entry.path(), std::ios::binary);
            visit({std::istreambuf_iterator<char>(file), {}});
            ++files;
        }
    }
    for (const levee::test::OpenMetricsRow& row : levee::test::openMetricsRows())
        visit(row.text);
    return files;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 2 && std::string_view(argv[1]) == "--seeds") {
        const std::filesystem::path directory(argv[2]);
        std::filesystem::create_directories(directory);
        int written = 0;
        visitAll(argc, argv, 3, [&](const std::string& text) {
            for (const char format : {'\0', '\1'})
                std::ofstream(directory / std::to_string(written++), std::ios::binary)
                    << format << text;
        });
        std::printf("wrote %d seeds\n", written);
        return 0;
    }
    const int files = visitAll(argc, argv, 1, feedFamily);
    std::printf("replayed %d files\n", files);
    return files > 0 ? 0 : 1;
}
