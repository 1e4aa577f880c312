// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/enforce/listener_limits.h"
#include "agent/enforce/runtime_socket.h"

namespace levee {

/// Replaces all entries of the map at once: requests see the old map or the new one. The number of
/// entries that arrived is compared before the commit, since HAProxy drops a payload that is too
/// long for it without a word; on a difference the new version is discarded and the old map stays
/// in force. REQUIRES: nobody else changes the map meanwhile.
Status replaceMap(const RuntimeSocket& socket, const std::string& map, const MapEntries& entries);

}  // namespace levee
