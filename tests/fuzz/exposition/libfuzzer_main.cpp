// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/exposition/exposition_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    levee::test::fuzzExposition(data, size);
    return 0;
}
