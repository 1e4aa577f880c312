// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <array>
#include <optional>

namespace levee {

/// The pages of the window, in the order of the rail and of F1, F2, ...
enum class Page { Topology, Service, Rules, Scaling, Timeline, Fleet };

constexpr std::array kPages = {Page::Topology, Page::Service,  Page::Rules,
                               Page::Scaling,  Page::Timeline, Page::Fleet};
/// As on the command line, in the order of kPages.
constexpr std::array kPageNames = {"topology", "service", "rules", "scaling", "timeline", "fleet"};

/// As on the command line; nothing when there is no such page.
inline std::optional<Page> pageFromName(const QString& name) {
    for (std::size_t i = 0; i < kPageNames.size(); ++i)
        if (name == QLatin1String(kPageNames[i]))
            return kPages[i];
    return std::nullopt;
}

}  // namespace levee
