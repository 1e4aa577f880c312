// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace levee::cli {

/// Who makes a change: as given, else the user's name.
std::string authorOr(const std::string& given);

}  // namespace levee::cli
