// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string>
#include <vector>

#include "tests/support/loadgen/load_engine.h"
#include "tests/support/loadgen/options.h"
#include "tests/support/loadgen/report.h"

int main(int argc, char** argv) {
    using namespace levee;
    using namespace levee::loadgen;
    const auto options = parseOptions(std::vector<std::string>(argv + 1, argv + argc));
    if (!options) {
        std::fprintf(stderr, "levee-loadgen: %s\n\n%s", options.error().message.c_str(), kUsage);
        return 2;
    }
    if (!options.value()) {
        std::fputs(kUsage, stdout);
        return 0;
    }
    Report report(**options);
    const RealTimeSource clock;
    LoadEngine engine(**options, report, clock);
    const auto end = engine.run();
    if (!end) {
        std::fprintf(stderr, "levee-loadgen: %s\n", end.error().message.c_str());
        return 1;
    }
    std::fputs(report.json(end.value()).c_str(), stdout);
    return 0;
}
