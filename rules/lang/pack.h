// SPDX-License-Identifier: Apache-2.0
// A pack: what a technology's exporter tells, as signals with a name, a formula and what is normal.
// Its rules and their tests are files of their own beside it; rules/packs/README.md describes all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/yaml_node.h"
#include "shared/base/diagnostic.h"

namespace levee {

inline constexpr std::string_view kPackKind = "Pack";
inline constexpr std::size_t kMostPackSignals = 64;

/// What the numbers of a signal are: they are printed by it.
const std::vector<std::string_view>& signalUnits();

struct PackSignal {
    std::string name;        ///< a-z 0-9 _, unique in the pack
    std::string expression;  ///< PromQL
    std::string unit;        ///< one of signalUnits()
    std::string help;        ///< what it says, one sentence
    std::string normal;      ///< what it is on a good day

    bool operator==(const PackSignal&) const = default;
};

/// Immutable once made.
struct Pack {
    std::string name;   ///< isName(); that of its folder
    std::string title;  ///< "PostgreSQL"
    std::string needs;  ///< PromQL: gives something where the technology is scraped
    std::string exporter;
    std::uint32_t port = 0;  ///< where the exporter listens unless told otherwise
    std::string scrape;      ///< jobs to paste into scrape_configs
    std::vector<PackSignal> signalList;

    bool operator==(const Pack&) const = default;
};

/// `pack` may be used only when !hasErrors(diagnostics).
struct ParsedPack {
    Pack pack;
    YamlSpan scrapeAt;  ///< where its `scrape` is written
    Diagnostics diagnostics;
};

/// Checks the text of one pack.yaml, every mistake at once. Whether `scrape` is right is not looked
/// at here: the configuration lies above. Pure; any thread.
ParsedPack parsePack(std::string_view text, const std::string& fileName);

}  // namespace levee
