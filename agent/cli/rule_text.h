// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent/cli/text_file.h"

namespace levee::cli {

/// Rule files as one text. "-" is standard input.
inline Result<std::string> joinedRuleText(const std::vector<std::string>& files) {
    std::string text;
    for (const std::string& file : files) {
        Result<std::string> next = readText(file);
        if (!next)
            return next;
        text += (text.empty() ? "" : "---\n") + *next + (next->ends_with('\n') ? "" : "\n");
    }
    return text;
}

/// What diagnostics call that text: the file, when there is only one.
inline std::string ruleTextName(const std::vector<std::string>& files) {
    return files.size() == 1 ? files.front() : "rules";
}

}  // namespace levee::cli
