// SPDX-License-Identifier: Apache-2.0
// Collects everything that is wrong with one text, instead of stopping at the first. Bounded: a
// text that is wrong in every line costs no more than kLimit messages.
#pragma once

#include <cstddef>
#include <string>

#include "rules/lang/yaml_node.h"
#include "shared/base/diagnostic.h"

namespace levee {

/// Confined to one thread.
class Findings {
public:
    /// Messages kept; of the ones after it only the number is kept.
    static constexpr std::size_t kLimit = 200;

    /// `file` is the name that every place gets.
    explicit Findings(std::string file) : file_(std::move(file)) {}

    void error(std::string code, std::string message, YamlSpan span);
    void warning(std::string code, std::string message, YamlSpan span);
    void add(Diagnostic diagnostic);

    /// True when another message would only be counted, so that costly advice can be left out.
    bool isFull() const { return diagnostics_.size() >= kLimit; }
    /// Errors so far, the ones not kept included; a caller compares two values to see whether the
    /// part between them was sound.
    std::size_t errorCount() const { return errors_; }
    const std::string& file() const { return file_; }
    SourcePlace place(YamlSpan span) const;

    /// Sorted by place; a last entry says how many were left out. Leaves this empty.
    Diagnostics take();

private:
    std::string file_;
    Diagnostics diagnostics_;
    std::size_t errors_ = 0;
    std::size_t leftOut_ = 0;
};

}  // namespace levee
