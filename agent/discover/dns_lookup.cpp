// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/dns_lookup.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <array>
#include <memory>

namespace levee::discover {
namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024;
constexpr std::size_t kMaxRecords = 2'000;

/// The resolver's state of one question.
class Resolver {
public:
    explicit Resolver(const DnsServer* server) {
        isReady_ = ::res_ninit(&state_) == 0;
        state_.retrans = 2;  // seconds until the next try
        state_.retry = 2;
        if (!isReady_ || server == nullptr)
            return;
        state_.nscount = 1;
        state_.nsaddr_list[0] = {};
        state_.nsaddr_list[0].sin_family = AF_INET;
        state_.nsaddr_list[0].sin_port = htons(server->port);
        ::inet_pton(AF_INET, server->address.c_str(), &state_.nsaddr_list[0].sin_addr);
    }
    ~Resolver() {
        if (isReady_)
            ::res_nclose(&state_);
    }
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    bool isReady() const { return isReady_; }
    /// Bytes of the answer; -1 with error().
    int search(const std::string& name, int type, std::vector<unsigned char>& answer) {
        return ::res_nsearch(&state_, name.c_str(), ns_c_in, type, answer.data(),
                             static_cast<int>(answer.size()));
    }
    int error() const { return state_.res_h_errno; }

private:
    struct __res_state state_ {};
    bool isReady_ = false;
};

bool readAddress(const ns_rr& record, int family, DnsRecord& out) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const std::size_t size = family == AF_INET ? 4 : 16;
    if (ns_rr_rdlen(record) != size ||
        ::inet_ntop(family, ns_rr_rdata(record), text.data(), text.size()) == nullptr)
        return false;
    out.host = text.data();
    return true;
}

/// The name that a record ends with, after `fixed` bytes of other things.
bool readName(const ns_msg& message, const ns_rr& record, std::size_t fixed, DnsRecord& out) {
    if (ns_rr_rdlen(record) <= fixed)
        return false;
    std::array<char, NS_MAXDNAME> name{};
    if (::dn_expand(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record) + fixed,
                    name.data(), static_cast<int>(name.size())) < 0)
        return false;
    out.host = std::string(name.data()) + '.';
    return true;
}

bool readRecord(const ns_msg& message, const ns_rr& record, int type, DnsRecord& out) {
    constexpr std::size_t kService = 6;  // priority, weight, port
    constexpr std::size_t kMail = 2;     // preference
    switch (type) {
        case ns_t_a:
            return readAddress(record, AF_INET, out);
        case ns_t_aaaa:
            return readAddress(record, AF_INET6, out);
        case ns_t_mx:
            return readName(message, record, kMail, out);
        case ns_t_ns:
            return readName(message, record, 0, out);
        default: {
            if (!readName(message, record, kService, out))
                return false;
            const unsigned char* const data = ns_rr_rdata(record);
            out.port = static_cast<std::uint16_t>(data[4] << 8 | data[5]);
            return true;
        }
    }
}

int typeOf(const std::string& type) {
    if (type == "A")
        return ns_t_a;
    if (type == "AAAA")
        return ns_t_aaaa;
    if (type == "MX")
        return ns_t_mx;
    return type == "NS" ? static_cast<int>(ns_t_ns) : static_cast<int>(ns_t_srv);
}

Result<std::vector<DnsRecord>> readAnswer(const std::string& name, int type,
                                          const std::vector<unsigned char>& answer, int size) {
    const Error damaged{"the answer for '" + name + "' is damaged", ErrorKind::Invalid};
    ns_msg message{};
    if (::ns_initparse(answer.data(), size, &message) != 0)
        return damaged;
    std::vector<DnsRecord> records;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
        ns_rr record{};
        if (::ns_parserr(&message, ns_s_an, i, &record) != 0)
            return damaged;
        if (ns_rr_type(record) != type)
            continue;  // the CNAMEs on the way
        DnsRecord read;
        if (!readRecord(message, record, type, read))
            return damaged;
        if (records.size() == kMaxRecords)
            return Error{"more than 2000 records for '" + name + "'", ErrorKind::Exhausted};
        records.push_back(std::move(read));
    }
    return records;
}

}  // namespace

Result<std::vector<DnsRecord>> lookUp(const std::string& name, const std::string& type,
                                      const DnsServer* server) {
    Resolver resolver(server);
    if (!resolver.isReady())
        return Error{"the resolver cannot be set up; look at /etc/resolv.conf",
                     ErrorKind::Unavailable};
    std::vector<unsigned char> answer(kMaxAnswer);
    const int size = resolver.search(name, typeOf(type), answer);
    if (size >= 0)
        return readAnswer(name, typeOf(type), answer,
                          std::min(size, static_cast<int>(answer.size())));
    if (resolver.error() == HOST_NOT_FOUND || resolver.error() == NO_DATA)
        return std::vector<DnsRecord>();
    return Error{"no name server answered for '" + name + "' (" + type + ")",
                 ErrorKind::Unavailable};
}

}  // namespace levee::discover
