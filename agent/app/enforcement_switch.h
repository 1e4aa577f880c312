// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/base/result.h"

namespace levee {

/// Whether the agent enforces anything, and who said so: kept in a file, so that it survives the
/// agent. Confined to one thread.
class EnforcementFile {
public:
    explicit EnforcementFile(const std::string& stateDir) : path_(stateDir + "/enforcement.off") {}

    /// What was written when it was switched off; nothing when it is on. A file that cannot be read
    /// counts as off: somebody wanted it so.
    std::string whyOff() const;
    Status switchOff(const std::string& detail) const;
    Status switchOn() const;

private:
    std::string path_;
};

}  // namespace levee
