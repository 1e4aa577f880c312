// SPDX-License-Identifier: Apache-2.0
// packs: which packs are in use, by name or by their folder.
#include <fmt/format.h>

#include <algorithm>

#include "agent/config/config_fields.h"
#include "agent/config/pack_folder.h"
#include "rules/lang/source_text.h"

namespace levee::config {

void readPacks(FieldReader& fields, const std::string& directory, AgentConfig& config) {
    fields.list("packs", [&](const YamlNode& item, const std::string& path) {
        Findings& findings = fields.findings();
        const auto text = readText(item, path, {1, kLongestPath}, findings);
        if (!text)
            return;
        const bool isPath = text->find('/') != std::string::npos;
        if (!isPath && !isName(*text)) {
            findings.error("bad-name",
                           fmt::format("{} is '{}'; it must be a pack's name, such as redis, or "
                                       "the path of its folder, such as ./my-pack",
                                       path, shown(*text)),
                           item.span);
            return;
        }
        const std::string folder =
            isPath ? besideConfiguration(directory, *text) : packFolder(*text);
        if (std::any_of(config.packs.begin(), config.packs.end(),
                        [&](const PackConfig& other) { return other.folder == folder; }))
            findings.error("duplicate-name",
                           fmt::format("{} is '{}', which stands there already; remove one", path,
                                       shown(*text)),
                           item.span);
        else if (config.packs.size() == kMostPacks)
            findings.error("out-of-range",
                           fmt::format("{}: at most {} packs are possible", path, kMostPacks),
                           item.span);
        else
            config.packs.push_back({folder, findings.place(item.span), {}});
    });
}

}  // namespace levee::config
