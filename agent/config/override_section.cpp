// SPDX-License-Identifier: Apache-2.0
// override: how long what people hold by hand may last, and where it needs a second word.
#include <fmt/format.h>

#include "agent/config/config_fields.h"
#include "rules/lang/source_text.h"
#include "shared/base/units.h"

namespace levee::config {

using namespace std::chrono_literals;

void readOverride(FieldReader& fields, OverrideConfig& config) {
    fields.duration("max_ttl", config.maxTtl, {1min, 24h});
    const Duration byItself = OverrideConfig{}.defaultTtl;
    const YamlNode* ttl = fields.duration("default_ttl", config.defaultTtl, {1s, 24h});
    if (ttl == nullptr)
        config.defaultTtl = std::min(byItself, config.maxTtl);
    else if (config.defaultTtl > config.maxTtl)
        fields.findings().error(
            "out-of-range",
            fmt::format("{} is {}; it must be at most override.max_ttl, which is {}",
                        fields.pathOf("default_ttl"), formatDuration(config.defaultTtl),
                        formatDuration(config.maxTtl)),
            ttl->span);
    fields.list("protected", [&](const YamlNode& item, const std::string& path) {
        const auto service = readText(item, path, {1, 256}, fields.findings());
        if (service && isName(*service))
            config.protectedServices.push_back(*service);
        else if (service)
            fields.findings().error(
                "bad-name",
                fmt::format("{} is '{}'; it must be a service's name: letters, digits, '.', '_' "
                            "and '-'",
                            path, shown(*service)),
                item.span);
    });
}

}  // namespace levee::config
