// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/runtime/unique_fd.h"

namespace levee::host {

/// A file of /proc or /sys that is read again and again: opened once, then read from its beginning
/// by pread, which makes the kernel write it anew. A descriptor of /proc/PID stays with that very
/// process: once it is gone there is nothing to read, whoever gets its number. Confined to one
/// thread.
class KeptFile {
public:
    static constexpr std::size_t kMostBytes = 1024 * 1024;

    KeptFile() = default;
    explicit KeptFile(const std::string& path);

    bool isOpen() const { return fd_.isOpen(); }
    /// What the file says now, in `buffer`, which keeps its memory; cut at kMostBytes. Nothing when
    /// it cannot be read.
    std::optional<std::string_view> read(std::string& buffer) const;

private:
    UniqueFd fd_;
};

}  // namespace levee::host
