// SPDX-License-Identifier: Apache-2.0
// Runs the fuzz target over stored inputs, and over damaged copies of each: replay FILES...
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "shared/base/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kDamagedCopies = 2500;

void run(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// Changes, removes, repeats or inserts a few bytes.
std::string damaged(std::string input, levee::Random& random) {
    for (std::uint64_t n = 1 + random.next() % 4; n > 0 && !input.empty(); --n) {
        const std::size_t at = random.next() % input.size();
        const std::size_t length = 1 + random.next() % 16;
        switch (random.next() % 4) {
            case 0:
                input[at] = static_cast<char>(random.next());
                break;
            case 1:
                input.erase(at, length);
                break;
            case 2:
                input.insert(at, input.substr(at, length));
                break;
            default:
                input.insert(at, length, static_cast<char>(random.next()));
        }
    }
    return input;
}

}  // namespace

int main(int argc, char** argv) {
    levee::Random random(20260101);
    long runs = 0;
    for (int i = 1; i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        const std::string input{std::istreambuf_iterator<char>(file), {}};
        run(input);
        for (int n = 0; n < kDamagedCopies; ++n)
            run(damaged(input, random));
        runs += 1 + kDamagedCopies;
    }
    std::printf("%d inputs, %ld runs\n", argc - 1, runs);
    return argc > 1 ? 0 : 1;
}
