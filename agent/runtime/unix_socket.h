// SPDX-License-Identifier: Apache-2.0
// Unix stream sockets with a deadline on each wait and a limit on each read. Errors: Unavailable
// when nobody listens or the deadline passed, Exhausted past a size limit, Invalid for a path that
// does not fit into an address (107 bytes).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agent/runtime/deadline.h"
#include "agent/runtime/unique_fd.h"
#include "shared/base/result.h"

namespace levee {

Result<UniqueFd> connectUnix(const std::string& path, const Deadline& deadline);

/// Listens at `path`, mode 0600, non-blocking. A socket file that is there already is replaced in
/// one step: no moment without a listener that answers, whoever left the old one behind.
Result<UniqueFd> listenUnix(const std::string& path, int backlog);

/// The next waiting connection, non-blocking, or a closed descriptor when none waits.
UniqueFd acceptUnix(const UniqueFd& listener);

/// Works on the descriptors of connectUnix.
Status sendAll(const UniqueFd& fd, std::string_view bytes, const Deadline& deadline);

/// All that the peer sends until it closes.
Result<std::string> receiveAll(const UniqueFd& fd, std::size_t maxBytes, const Deadline& deadline);

}  // namespace levee
