// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"

namespace levee::cli {
namespace {

namespace fs = std::filesystem;

fs::path ownFolder() {
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path() : self.parent_path();
}

/// Built from source the demo lies in the source tree above build/<preset>/bin; installed, under
/// share.
fs::path demoScript() {
    if (const char* folder = std::getenv("LEVEE_SHOP"))
        return fs::path(folder) / "demo.mjs";
    for (const fs::path& place : {ownFolder() / "../../../tests/shop/demo.mjs",
                                  ownFolder() / "../share/levee/shop/demo.mjs"}) {
        std::error_code error;
        if (fs::exists(place, error))
            return fs::weakly_canonical(place, error);
    }
    return {};
}

}  // namespace

int demo(const DemoOptions& options) {
    const fs::path script = demoScript();
    if (script.empty()) {
        std::fprintf(stderr,
                     "levee: the demo is not installed; name its folder in LEVEE_SHOP, or run "
                     "installers/quickstart.sh in the source tree\n");
        return kFailure;
    }
    std::vector<std::string> words{"node", script.string(), "up"};
    for (const auto& [flag, program] : {std::pair{"--agent", "levee-agent"},
                                        {"--loadgen", "levee-loadgen"},
                                        {"--dashboard", "levee-dashboard"},
                                        {"--cli", "levee"}}) {
        std::error_code error;
        if (fs::exists(ownFolder() / program, error)) {
            words.emplace_back(flag);
            words.push_back((ownFolder() / program).string());
        }
    }
    if (options.headless)
        words.emplace_back("--headless");
    if (!options.duration.empty())
        words.insert(words.end(), {"--duration", options.duration});
    if (!options.rate.empty())
        words.insert(words.end(), {"--rate", options.rate});
    words.insert(words.end(), options.rest.begin(), options.rest.end());
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execvp("node", arguments.data());
    std::fprintf(stderr, "levee: cannot start node (%s); install the Debian package nodejs\n",
                 std::strerror(errno));
    return kFailure;
}

}  // namespace levee::cli
