// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace levee {

/// Which metrics somebody needs: names, and prefixes written as `haproxy_server_*` (`*` alone keeps
/// everything). A dropped series costs its parsing and nothing else. A value, confined to its user.
class KeepFilter {
public:
    /// Keeps what the shipped rules and the dashboard read.
    KeepFilter();
    explicit KeepFilter(const std::vector<std::string>& patterns);

    void add(std::string_view pattern);
    bool keeps(std::string_view name) const;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const;
    };
    std::unordered_set<std::string, Hash, std::equal_to<>> names_;
    std::vector<std::string> prefixes_;
};

}  // namespace levee
