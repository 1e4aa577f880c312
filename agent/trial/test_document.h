// SPDX-License-Identifier: Apache-2.0
// What all kinds of tests have around their spec.
#pragma once

#include <functional>
#include <string>

#include "rules/lang/field_reader.h"
#include "rules/lang/findings.h"

namespace levee::trial {

/// Reads one document into `name` and `place`, its spec by `readSpec`. `wanted`: what a spec says.
void readTestDocument(FieldReader& fields, Findings& findings, std::string& name,
                      SourcePlace& place, const char* wanted,
                      const std::function<void(FieldReader&)>& readSpec);

}  // namespace levee::trial
