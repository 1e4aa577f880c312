// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/findings.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace levee {

void Findings::error(std::string code, std::string message, YamlSpan span) {
    add({Severity::Error, std::move(code), std::move(message), place(span)});
}

void Findings::warning(std::string code, std::string message, YamlSpan span) {
    add({Severity::Warning, std::move(code), std::move(message), place(span)});
}

void Findings::add(Diagnostic diagnostic) {
    if (diagnostic.severity == Severity::Error)
        ++errors_;
    if (isFull())
        ++leftOut_;
    else
        diagnostics_.push_back(std::move(diagnostic));
}

SourcePlace Findings::place(YamlSpan span) const {
    return {file_, span.line, span.column, span.length};
}

Diagnostics Findings::take() {
    std::stable_sort(
        diagnostics_.begin(), diagnostics_.end(), [](const Diagnostic& a, const Diagnostic& b) {
            return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
        });
    if (leftOut_ > 0) {
        // The ones left out may hold the only error, so this must not read as a mere remark.
        const Severity severity = errors_ > 0 ? Severity::Error : Severity::Warning;
        diagnostics_.push_back({severity, "too-many",
                                std::to_string(leftOut_) + " more findings are not shown",
                                place({})});
    }
    errors_ = 0;
    leftOut_ = 0;
    return std::exchange(diagnostics_, {});
}

}  // namespace levee
