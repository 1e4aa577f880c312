// SPDX-License-Identifier: Apache-2.0
// Runs the corpus, and every prefix and single-byte change of its small files, through the fuzz
// target: exposition_replay DIRECTORY...
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/exposition/exposition_fuzz.h"

namespace {

void feed(const std::string& input) {
    levee::test::fuzzExposition(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

void feedFamily(std::string text) {
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

}  // namespace

int main(int argc, char** argv) {
    int files = 0;
    for (int i = 1; i < argc; ++i) {
        for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
            if (!entry.is_regular_file())
                continue;
            std::ifstream file(entry.path(), std::ios::binary);
            feedFamily({std::istreambuf_iterator<char>(file), {}});
            ++files;
        }
    }
    std::printf("replayed %d files\n", files);
    return files > 0 ? 0 : 1;
}
