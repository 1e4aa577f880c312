// SPDX-License-Identifier: Apache-2.0
// Fuzz target: bytes -> rules -> canonical text -> the same rules. With libFuzzer it is the fuzzer;
// without, whole_files_replay.cpp feeds it the corpus of tests/data/rules and damaged copies.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/lang/diff.h"
#include "rules/lang/document.h"
#include "rules/lang/format.h"
#include "rules/lang/rule_parser.h"

using namespace levee;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ParsedRules parsed = parseRules(text, "fuzz.yaml");
    for (const Diagnostic& diagnostic : parsed.diagnostics) {
        if (diagnostic.place.line < 0 || diagnostic.place.column < 0 || diagnostic.message.empty())
            std::abort();
    }
    // A part of a rule set is never merged into one that is whole.
    const auto merged = mergeDocuments("", text);
    if (hasErrors(parsed.diagnostics))
        return 0;
    if (!merged)
        std::abort();
    const ParsedRules again = parseRules(formatRules(parsed.rules), "again.yaml");
    if (hasErrors(again.diagnostics) || !diffRules(parsed.rules, again.rules).empty())
        std::abort();
    return 0;
}
