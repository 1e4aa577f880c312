// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/author.h"

#include <pwd.h>
#include <unistd.h>

namespace levee::cli {

std::string authorOr(const std::string& given) {
    if (!given.empty())
        return given;
    const passwd* user = ::getpwuid(::getuid());
    return user != nullptr ? user->pw_name : "uid " + std::to_string(::getuid());
}

}  // namespace levee::cli
