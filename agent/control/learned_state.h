// SPDX-License-Identifier: Apache-2.0
// What the guards have learned, as a text that outlives the process: a line a subject,
// "payment limit=5.2 baseline=0.0203 throughput=201". Lines that cannot be read are left out: a
// baseline that is forgotten is learned again, one that is wrong would harm.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "shared/guard/limit.h"

namespace levee {

std::string writeLearned(const std::map<std::string, LimitMemory>& learned);
std::map<std::string, LimitMemory> readLearned(std::string_view text);

}  // namespace levee
