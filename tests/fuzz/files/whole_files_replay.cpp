// SPDX-License-Identifier: Apache-2.0
// Runs the fuzz target over whole files and damaged copies of them: replay [-s] FILES... With -s
// the name of a file says what it is (the first byte of the input); `--seeds FOLDER FILES...`
// writes such inputs for a fuzzer.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "shared/base/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kDamagedCopies = 300;

void run(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// 0 lists in JSON, 1 in YAML, 2 containers, 3 networks, 4 pods.
char kindOf(const std::string& name) {
    const auto has = [&name](const char* part) { return name.find(part) != std::string::npos; };
    if (has("containers"))
        return 2;
    if (has("networks"))
        return 3;
    if (has("pods"))
        return 4;
    return has(".yml") ? 1 : 0;
}

std::string damaged(std::string input, levee::Random& random) {
    for (std::uint64_t n = 1 + random.next() % 4; n > 0 && input.size() > 1; --n) {
        const std::size_t at = 1 + random.next() % (input.size() - 1);
        const std::size_t length = 1 + random.next() % 20;
        switch (random.next() % 4) {
            case 0:
                input[at] = static_cast<char>(random.next());
                break;
            case 1:
                input.erase(at, length);
                break;
            case 2:
                input.insert(at, input.substr(random.next() % input.size(), length));
                break;
            default:
                input[at] = "{}[]:,\"'\n -0"[random.next() % 12];
        }
    }
    return input;
}

}  // namespace

int main(int argc, char** argv) {
    int first = 1;
    const bool isTyped = argc > first && std::string(argv[first]) == "-s";
    std::string folder;
    if (isTyped)
        ++first;
    if (argc > first + 1 && std::string(argv[first]) == "--seeds") {
        folder = argv[first + 1];
        first += 2;
    }
    levee::Random random(1);
    int inputs = 0;
    for (int i = first; i < argc; ++i) {
        std::ifstream file(argv[i], std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(file), {}};
        if (isTyped)
            text.insert(text.begin(), kindOf(argv[i]));
        if (!folder.empty()) {
            std::ofstream(folder + "/seed" + std::to_string(i), std::ios::binary) << text;
            continue;
        }
        run(text);
        for (int copy = 0; copy < kDamagedCopies; ++copy)
            run(damaged(text, random));
        inputs += 1 + kDamagedCopies;
    }
    std::printf("%d inputs\n", inputs);
    return 0;
}
