// SPDX-License-Identifier: Apache-2.0
// Runs the fuzz target over every line of text files, and over damaged and joined copies: replay
// FILES...
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "shared/base/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kDamagedCopies = 200;

void run(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// Changes, removes, repeats or inserts a few bytes, or a piece of another line.
std::string damaged(std::string input, const std::vector<std::string>& all, levee::Random& random) {
    for (std::uint64_t n = 1 + random.next() % 3; n > 0 && !input.empty(); --n) {
        const std::size_t at = random.next() % input.size();
        const std::size_t length = 1 + random.next() % 12;
        const std::string& other = all[random.next() % all.size()];
        switch (random.next() % 5) {
            case 0:
                input[at] = static_cast<char>(random.next());
                break;
            case 1:
                input.erase(at, length);
                break;
            case 2:
                input.insert(at, input.substr(at, length));
                break;
            case 3:
                input.insert(at, other.substr(random.next() % (other.size() + 1)));
                break;
            default:
                input.replace(at, length, other);
        }
    }
    return input;
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> all;
    for (int i = 1; i < argc; ++i) {
        std::ifstream file(argv[i]);
        for (std::string line; std::getline(file, line);) {
            if (!line.starts_with('#') && !line.starts_with('\t'))
                all.push_back(line);
        }
    }
    levee::Random random(20260101);
    for (const std::string& line : all) {
        run(line);
        for (int n = 0; n < kDamagedCopies; ++n)
            run(damaged(line, all, random));
    }
    std::printf("%zu expressions, %zu runs\n", all.size(), all.size() * (1 + kDamagedCopies));
    return all.empty() ? 1 : 0;
}
