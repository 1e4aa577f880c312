// SPDX-License-Identifier: Apache-2.0
// Fuzz target: bytes -> agent.yaml -> differences and targets. With libFuzzer it is the fuzzer;
// without, whole_files_replay.cpp feeds it the corpus of tests/data/config and damaged copies.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/collect/target.h"
#include "agent/config/config_diff.h"
#include "agent/config/config_loader.h"

using namespace levee;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view kSecret = "s3cr3t";
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const LoadedConfig loaded =
        parseConfig(text, "/etc/levee/agent.yaml", [&](const std::string& name) {
            return name.size() < 8 ? std::optional<std::string>(kSecret) : std::nullopt;
        });
    for (const Diagnostic& diagnostic : loaded.diagnostics) {
        if (diagnostic.place.line < 0 || diagnostic.place.column < 0)
            std::abort();
    }
    if (hasErrors(loaded.diagnostics))
        return 0;
    if (!diffConfig(loaded.config, loaded.config).empty())
        std::abort();
    // What the loader accepts can be made into targets, or is refused in a sentence.
    const auto targets = makeTargets(loaded.config.scrapeJobs);
    if (!targets && targets.error().message.empty())
        std::abort();
    AgentConfig changed = loaded.config;
    for (ScrapeJob& job : changed.scrapeJobs) {
        if (job.client.basicAuth)
            job.client.basicAuth->password = Secret(std::string(kSecret) + "-not-shown");
    }
    for (const ConfigChange& change : diffConfig(loaded.config, changed)) {
        if (format(change).find("-not-shown") != std::string::npos)
            std::abort();
    }
    return 0;
}
