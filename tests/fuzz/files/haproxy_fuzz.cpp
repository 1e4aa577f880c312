// SPDX-License-Identifier: Apache-2.0
// Fuzz target: bytes -> what HAProxy answers at its runtime socket, and lines of its log. With
// libFuzzer it is the fuzzer; without, whole_files_replay.cpp feeds it the captured answers of
// tests/data/haproxy and damaged copies.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/enforce/haproxy_commands.h"
#include "agent/enforce/log_line.h"

using namespace levee;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

/// An answer is a value or an error that says something.
template <typename T>
void isToldOf(const Result<T>& answer) {
    if (!answer && answer.error().message.empty())
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parts = reply::split(text, 3);
    isToldOf(parts);
    if (parts && parts->size() != 3)
        std::abort();
    isToldOf(reply::worker(text));
    isToldOf(reply::mapEntries(text));
    isToldOf(reply::maps(text));
    isToldOf(reply::newVersion(text));
    isToldOf(reply::mapValue(text));
    isToldOf(reply::servers(text));
    isToldOf(reply::tables(text));
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = rest.find('\n');
        (void)parseLogLine(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return 0;
}
