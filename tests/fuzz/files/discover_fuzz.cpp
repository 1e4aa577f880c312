// SPDX-License-Identifier: Apache-2.0
// Fuzz target: bytes -> the answers that discovery reads. The first byte says which.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/collect/target.h"
#include "agent/discover/docker_source.h"
#include "agent/discover/kubernetes_source.h"
#include "agent/discover/target_list.h"

using namespace levee;
using namespace levee::discover;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

/// Whatever was found has a bounded number of targets, and harms nobody when it is scraped.
void check(const TargetGroups& groups) {
    if (!checkCount(groups))
        std::abort();
    ScrapeJob job;
    job.name = "j";
    RefusedTargets refused;
    const auto targets = makeTargets({job}, {{"j", groups}}, &refused);
    if (!targets || targets->size() > kMaxTargets)
        std::abort();
}

void check(const Result<TargetGroups>& groups) {
    if (groups)
        check(*groups);
    else if (groups.error().message.empty())
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    TargetGroups pods;
    switch (data[0] % 5) {
        case 0:
            check(parseJsonTargets(text));
            break;
        case 1:
            check(parseYamlTargets(text, "t.yaml"));
            break;
        case 2:
            check(dockerTargets(text, "[]", {}));
            break;
        case 3:
            check(dockerTargets("[]", text, {}));
            break;
        default:
            if (addPods(text, pods))
                check(pods);
    }
    return 0;
}
