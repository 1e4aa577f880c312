// SPDX-License-Identifier: Apache-2.0
// YAML text to trees with places, strictly. Wraps yaml-cpp and hides it: no exception and no type
// of it gets out.
//
// Stricter than YAML on purpose, because these texts come from people in a hurry and from the
// network: no anchors or aliases (a few hundred bytes of them unfold into gigabytes), no tags, keys
// are plain words, a key stands once in its mapping, the text is UTF-8 without control characters.
//
// Limits: kYamlMaxBytes, kYamlMaxDepth and kYamlMaxNodes; one past a limit is an error with its
// place and reading stops there. Time is linear in the text but for yaml-cpp's own bookkeeping.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/lang/yaml_node.h"
#include "shared/base/diagnostic.h"

namespace levee {

inline constexpr std::size_t kYamlMaxBytes = 1024 * 1024;
inline constexpr std::size_t kYamlMaxDepth = 32;      ///< mappings and lists inside each other
inline constexpr std::size_t kYamlMaxNodes = 50'000;  ///< values in all documents, keys not counted

/// What could be read of a text. The first syntax error ends the reading: `documents` then holds
/// the whole documents before it. A duplicate key is an error as well, but reading goes on with the
/// first value. Documents without content (only comments) are left out.
struct YamlText {
    std::vector<YamlNode> documents;
    Diagnostics diagnostics;
};

/// Reads all documents of `text`; `fileName` is used in places only. Pure; any thread.
YamlText readYaml(std::string_view text, const std::string& fileName);

}  // namespace levee
