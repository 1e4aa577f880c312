// SPDX-License-Identifier: Apache-2.0
#include "agent/app/enforcement_switch.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "agent/runtime/file_replace.h"

namespace levee {

std::string EnforcementFile::whyOff() const {
    std::error_code error;
    if (!std::filesystem::exists(path_, error))
        return {};
    const auto text = readFile(path_, 4096);
    return text && !text->empty() ? *text : "by " + path_;
}

Status EnforcementFile::switchOff(const std::string& detail) const {
    return replaceFile(path_, detail);
}

Status EnforcementFile::switchOn() const {
    if (std::remove(path_.c_str()) != 0 && errno != ENOENT)
        return Error{"cannot remove " + path_ + ": " + std::strerror(errno)};
    return Status::ok();
}

}  // namespace levee
