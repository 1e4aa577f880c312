// SPDX-License-Identifier: Apache-2.0
#include "shared/guard/guard_event.h"

#include <fmt/format.h>

#include <cmath>

#include "shared/base/units.h"
#include "shared/model/names.h"

namespace levee {

std::string GuardEvent::detail() const {
    std::string detail = mode ? fmt::format("mode={}", name(*mode)) : std::string();
    const auto add = [&](const std::string& part) {
        detail += (detail.empty() || part.empty() ? "" : " ") + part;
    };
    add(why.inputs);
    add(why.thresholds);
    add(std::isnan(why.distance) ? std::string() : fmt::format("distance={:.3g}", why.distance));
    return detail;
}

std::string holdSpan(Duration span) {
    using namespace std::chrono;
    return formatDuration(span >= seconds(10) ? Duration(round<seconds>(span))
                                              : Duration(round<milliseconds>(span)));
}

}  // namespace levee
