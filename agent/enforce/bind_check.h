// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/base/result.h"

namespace levee {

/// Whether a new HAProxy could bind `address` ("host:port", "*:port", "[v6]:port") beside one of
/// this user's that has it already. Conflict when another program has it.
///
/// Asked before each reload: when HAProxy itself finds a port taken it tells the running process to
/// pause all its listeners and tries again, for two seconds in which every caller is refused.
/// An address that is not understood here passes: HAProxy's own check judges it.
Status checkBind(const std::string& address);

}  // namespace levee
