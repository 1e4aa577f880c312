// SPDX-License-Identifier: Apache-2.0
// The one error type that people see about text they wrote: rules, configuration, the editor, the
// API.
#pragma once

#include <string>
#include <vector>

namespace levee {

enum class Severity { Error, Warning, Info };

/// A place in a text. Lines and columns count from 1; 0 means unknown. Columns count bytes.
struct SourcePlace {
    std::string file;
    int line = 0;
    int column = 0;
    int length = 0;  ///< bytes to underline; 0: to the end of the token
};

/// One finding. `message` names the value, the legal range and the fix. Immutable once made.
struct Diagnostic {
    Severity severity = Severity::Error;
    std::string code;  ///< stable and short, e.g. "unknown-key", "out-of-range"
    std::string message;
    SourcePlace place;
};

using Diagnostics = std::vector<Diagnostic>;

/// `FILE:LINE:COLUMN: error: message`, without the parts that are unknown.
std::string format(const Diagnostic& diagnostic);
std::string format(const Diagnostics& diagnostics);  ///< one a line

bool hasErrors(const Diagnostics& diagnostics);

}  // namespace levee
