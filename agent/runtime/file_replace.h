// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace levee {

/// Puts `content` at `path` whole: a reader sees the old file or the new one, never a part. Mode
/// 0600. Not synced to the disk: for files that are written again after a power loss. A file that
/// has this content already is left alone: ext4 makes others wait for a rename over a file.
Status replaceFile(const std::string& path, std::string_view content);

/// The whole file. NotFound when there is none; Exhausted when it is longer than `maxBytes`.
Result<std::string> readFile(const std::string& path, std::size_t maxBytes);

}  // namespace levee
