// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace levee {

/// Tells the service manager how we are (sd_notify(3)): "READY=1", "STOPPING=1", "WATCHDOG=1".
/// Does nothing where there is none. Thread-safe.
void notifyServiceManager(const std::string& state);

/// "RELOADING=1" with the monotonic time that systemd wants beside it.
void notifyReloading();

}  // namespace levee
