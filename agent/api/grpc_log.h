// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace levee {

/// From the first call on, what gRPC logs goes into our log, and handshakes that fail are counted:
/// gRPC tells of them nowhere else, and only the API speaks TLS in this process. Thread-safe.
const std::atomic<std::uint64_t>& failedHandshakes();

}  // namespace levee
