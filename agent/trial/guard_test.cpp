// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/guard_test.h"

#include <fmt/format.h>

#include <array>

#include "rules/lang/scalar_reader.h"
#include "shared/base/units.h"

namespace levee::trial {

Duration GuardTest::length() const {
    Duration sum{};
    for (const Phase& phase : traffic)
        sum += phase.length;
    return sum;
}

std::string describe(const Expectation& expectation) {
    static constexpr std::array<std::string_view, 4> kWords{"closed", "open", "opens", "closes"};
    std::string text;
    if (expectation.breaker) {
        text = fmt::format("breaker {}", kWords[static_cast<std::size_t>(*expectation.breaker)]);
        if (expectation.within > Duration::zero())
            text += " within " + formatDuration(expectation.within);
    } else if (expectation.limit) {
        text = fmt::format("limit {:g}..{:g}", expectation.limit->least, expectation.limit->most);
    } else if (expectation.shed) {
        text = fmt::format("shed {}..{}", formatShare(expectation.shed->least),
                           formatShare(expectation.shed->most));
    }
    if (expectation.from > Duration::zero())
        text += " from " + formatDuration(expectation.from);
    if (expectation.to != Duration::max())
        text += " to " + formatDuration(expectation.to);
    return text;
}

}  // namespace levee::trial
