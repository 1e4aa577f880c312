// SPDX-License-Identifier: Apache-2.0
#include "agent/host/socket_dump.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string>

namespace levee::host {
namespace {

constexpr std::size_t kDatagram = 64 * 1024;  // the kernel sends at most 32 KiB at once
constexpr std::uint32_t kEstablished = 1;     // the kernel's enum of TCP states
constexpr std::uint32_t kListen = 10;

/// Copies out of a message: nothing in it need be aligned for us.
template <typename T>
T copyOf(std::span<const std::byte> bytes) {
    T value{};
    std::memcpy(&value, bytes.data(), std::min(sizeof value, bytes.size()));
    return value;
}

constexpr std::size_t aligned(std::size_t length) {
    return (length + 3) & ~std::size_t{3};
}

SocketAddress addressOf(int family, const __be32* words, __be16 port) {
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), words, bytes.size());
    return family == AF_INET ? SocketAddress::v4(bytes.data(), ntohs(port))
                             : SocketAddress::v6(bytes.data(), ntohs(port));
}

void readInfo(std::span<const std::byte> bytes, SocketRow& row) {
    const auto info = copyOf<tcp_info>(bytes);
    row.rttMicros = info.tcpi_rtt;
    row.retransmissions = info.tcpi_total_retrans;
    row.sentBytes = info.tcpi_bytes_acked;
    row.receivedBytes = info.tcpi_bytes_received;
    // ~0: no sample yet.
    if (info.tcpi_min_rtt != std::numeric_limits<std::uint32_t>::max())
        row.minRttMicros = info.tcpi_min_rtt;
}

bool readSocket(std::span<const std::byte> body, SocketRow& row) {
    if (body.size() < sizeof(inet_diag_msg))
        return false;
    const auto message = copyOf<inet_diag_msg>(body);
    row.isListening = message.idiag_state == kListen;
    row.inode = message.idiag_inode;
    row.cookie = std::uint64_t{message.id.idiag_cookie[1]} << 32 | message.id.idiag_cookie[0];
    row.local = addressOf(message.idiag_family, message.id.idiag_src, message.id.idiag_sport);
    row.remote = addressOf(message.idiag_family, message.id.idiag_dst, message.id.idiag_dport);
    body = body.subspan(std::min(body.size(), aligned(sizeof(inet_diag_msg))));
    while (body.size() >= sizeof(rtattr)) {
        const auto attribute = copyOf<rtattr>(body);
        if (attribute.rta_len < sizeof(rtattr) || attribute.rta_len > body.size())
            return false;
        if (attribute.rta_type == INET_DIAG_INFO && !row.isListening)
            readInfo(body.subspan(sizeof(rtattr), attribute.rta_len - sizeof(rtattr)), row);
        body = body.subspan(std::min(body.size(), aligned(attribute.rta_len)));
    }
    return true;
}

}  // namespace

DumpEnd readSocketMessages(std::span<const std::byte> datagram, std::size_t limit,
                           std::vector<SocketRow>& rows) {
    while (!datagram.empty()) {
        if (datagram.size() < sizeof(nlmsghdr))
            return DumpEnd::Refused;
        const auto header = copyOf<nlmsghdr>(datagram);
        if (header.nlmsg_len < sizeof(nlmsghdr) || header.nlmsg_len > datagram.size() ||
            header.nlmsg_type == NLMSG_ERROR)
            return DumpEnd::Refused;
        if (header.nlmsg_type == NLMSG_DONE)
            return DumpEnd::Done;
        SocketRow row;
        if (header.nlmsg_type == SOCK_DIAG_BY_FAMILY) {
            if (!readSocket(datagram.subspan(sizeof(nlmsghdr), header.nlmsg_len - sizeof(nlmsghdr)),
                            row))
                return DumpEnd::Refused;
            if (rows.size() < limit)
                rows.push_back(row);
            else
                return DumpEnd::More;
        }
        datagram = datagram.subspan(std::min(datagram.size(), aligned(header.nlmsg_len)));
    }
    return DumpEnd::More;
}

SocketDiagnostics::SocketDiagnostics() : buffer_(kDatagram) {}

Status SocketDiagnostics::read(std::size_t limit, SocketDump& dump) {
    dump.rows.clear();
    dump.isCut = false;
    for (const int family : {AF_INET, AF_INET6}) {
        const Status done = readFamily(family, limit, dump);
        // What is left of an answer must not be taken for the next one's.
        if (!done || dump.isCut)
            socket_.reset();
        if (!done)
            return done;
        if (dump.isCut)
            break;
    }
    return Status::ok();
}

Status SocketDiagnostics::readFamily(int family, std::size_t limit, SocketDump& dump) {
    const auto refused = [](const char* what) {
        return Error{std::string("socket diagnostics: ") + what + ": " + std::strerror(errno)};
    };
    if (!socket_.isOpen()) {
        socket_.reset(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
        const timeval patience{.tv_sec = 1, .tv_usec = 0};
        if (!socket_.isOpen() ||
            ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
            return refused("cannot open");
    }
    struct {
        nlmsghdr header;
        inet_diag_req_v2 body;
    } request{};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.body.sdiag_family = static_cast<std::uint8_t>(family);
    request.body.sdiag_protocol = IPPROTO_TCP;
    request.body.idiag_states = 1U << kEstablished | 1U << kListen;
    request.body.idiag_ext = 1U << (INET_DIAG_INFO - 1);
    if (::send(socket_.get(), &request, sizeof request, 0) < 0)
        return refused("cannot ask");
    for (;;) {
        const ssize_t got = ::recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return refused("no answer");
        // One more than the limit is read, to know that there was one.
        const DumpEnd end = readSocketMessages({buffer_.data(), static_cast<std::size_t>(got)},
                                               limit + 1, dump.rows);
        if (dump.rows.size() > limit) {
            dump.rows.resize(limit);
            dump.isCut = true;
            return Status::ok();
        }
        if (end == DumpEnd::Refused)
            return Error{"socket diagnostics: the kernel's answer is not understood"};
        if (end == DumpEnd::Done)
            return Status::ok();
    }
}

}  // namespace levee::host
