// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "agent/collect/series.h"
#include "rules/promql/matcher.h"

namespace levee {

/// Which series somebody needs: names, prefixes written as `haproxy_server_*` (`*` alone keeps
/// everything), and what the selectors of expressions ask for. A series that is dropped by its name
/// costs its parsing and nothing else. A value, confined to its user.
class KeepFilter {
public:
    /// Keeps what the shipped rules and the dashboard read.
    KeepFilter();
    explicit KeepFilter(const std::vector<std::string>& patterns);

    void add(std::string_view pattern);
    /// Keeps exactly the series that pass all matchers.
    void add(std::vector<promql::Matcher> matchers);

    /// Some series of that name may be kept.
    bool keeps(std::string_view name) const;
    bool keeps(const Series& series) const;

private:
    bool keepsAll(std::string_view name) const;

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const;
    };
    std::unordered_set<std::string, Hash, std::equal_to<>> names_;
    std::vector<std::string> prefixes_;
    std::vector<std::vector<promql::Matcher>> selectors_;
};

}  // namespace levee
