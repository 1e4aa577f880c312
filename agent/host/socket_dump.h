// SPDX-License-Identifier: Apache-2.0
// All TCP sockets of this host's network namespace, listening and established, from the kernel's
// socket diagnostics (NETLINK_SOCK_DIAG, the source of `ss -ti`). What the kernel tells of a
// connection is struct tcp_info; an older kernel's is shorter, and what it lacks is unknown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/host/socket_address.h"
#include "agent/runtime/unique_fd.h"
#include "shared/base/result.h"

namespace levee::host {

struct SocketRow {
    bool isListening = false;
    SocketAddress local;
    SocketAddress remote;
    std::uint32_t inode = 0;            ///< 0: no process holds it any more
    std::uint64_t cookie = 0;           ///< the kernel's number of this socket, never used again
    std::uint32_t rttMicros = 0;        ///< smoothed; 0: not measured yet
    std::uint32_t minRttMicros = 0;     ///< 0: not measured yet
    std::uint32_t retransmissions = 0;  ///< segments, since the connection began
    std::uint64_t sentBytes = 0;        ///< acknowledged by the other end
    std::uint64_t receivedBytes = 0;
};

enum class DumpEnd { More, Done, Refused };

/// Appends what one datagram of the kernel's answer tells, up to `limit` rows in all. Bytes that
/// are no whole message end the reading: Refused. Pure.
DumpEnd readSocketMessages(std::span<const std::byte> datagram, std::size_t limit,
                           std::vector<SocketRow>& rows);

struct SocketDump {
    std::vector<SocketRow> rows;
    bool isCut = false;  ///< there were more than the limit
};

/// Confined to one thread.
class SocketDiagnostics {
public:
    SocketDiagnostics();

    /// Replaces `dump`, whose memory is used again. An Error says what the kernel refused.
    Status read(std::size_t limit, SocketDump& dump);

private:
    Status readFamily(int family, std::size_t limit, SocketDump& dump);

    UniqueFd socket_;
    std::vector<std::byte> buffer_;
};

}  // namespace levee::host
