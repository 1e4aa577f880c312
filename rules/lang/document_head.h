// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "rules/lang/field_reader.h"

namespace levee {

/// What every document of a rule text begins with.
struct DocumentHead {
    std::string name;
    SourcePlace place;  ///< of the name
    std::map<std::string, std::string> labels;
    std::map<std::string, std::string> annotations;
};

/// Declares and reads apiVersion, kind and metadata.
DocumentHead readHead(FieldReader& document);

}  // namespace levee
