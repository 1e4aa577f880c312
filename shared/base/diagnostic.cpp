// SPDX-License-Identifier: Apache-2.0
#include "shared/base/diagnostic.h"

#include <algorithm>

namespace levee {
namespace {

const char* name(Severity severity) {
    switch (severity) {
        case Severity::Error:
            return "error";
        case Severity::Warning:
            return "warning";
        case Severity::Info:
            return "info";
    }
    return "error";
}

}  // namespace

std::string format(const Diagnostic& diagnostic) {
    std::string text;
    const SourcePlace& place = diagnostic.place;
    if (!place.file.empty())
        text += place.file + ':';
    if (place.line > 0)
        text += std::to_string(place.line) + ':' + std::to_string(place.column) + ':';
    if (!text.empty())
        text += ' ';
    return text + name(diagnostic.severity) + ": " + diagnostic.message;
}

std::string format(const Diagnostics& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics)
        text += format(diagnostic) + '\n';
    return text;
}

bool hasErrors(const Diagnostics& diagnostics) {
    return std::any_of(diagnostics.begin(), diagnostics.end(),
                       [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

}  // namespace levee
