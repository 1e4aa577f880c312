// SPDX-License-Identifier: Apache-2.0
// Packs as they lie on the disk: a folder with pack.yaml, rules.yaml, tests.yaml and README.md.
#pragma once

#include <string>
#include <vector>

#include "agent/config/agent_config.h"
#include "shared/base/diagnostic.h"

namespace levee {

/// Where packs are looked for by name: what LEVEE_PACKS says, else /usr/share/levee/packs.
std::string packsFolder();
/// The folder of a pack: `nameOrPath` as it is when it has a slash, else of that name in
/// packsFolder().
std::string packFolder(const std::string& nameOrPath);
/// The names of the packs in a folder, sorted.
std::vector<std::string> packsIn(const std::string& folder);

/// `pack` may be used only when !hasErrors(diagnostics).
struct LoadedPack {
    Pack pack;
    Diagnostics diagnostics;
};

/// Reads and checks pack.yaml of a folder, its jobs for scrape_configs as well. The pack has the
/// folder's name. A folder without one is an error without a place.
LoadedPack loadPack(const std::string& folder);

/// The files with rules of these packs, of those that have one.
std::vector<std::string> packRuleFiles(const std::vector<PackConfig>& packs);
inline std::string packRules(const std::string& folder) {
    return folder + "/rules.yaml";
}
inline std::string packTests(const std::string& folder) {
    return folder + "/tests.yaml";
}

}  // namespace levee
