// SPDX-License-Identifier: Apache-2.0
// Inside agent/config: the kinds of fields that several sections have, and what they share while a
// configuration is read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/address.h"
#include "agent/config/agent_config.h"
#include "rules/lang/field_reader.h"

namespace levee::config {

/// Which addresses are taken, and by whom, to refuse a second listener on the same one.
/// Confined to one thread.
class TakenAddresses {
public:
    void claim(const Address& address, const std::string& path, YamlSpan span, Findings& findings);

private:
    struct Claim {
        Address address;
        std::string path;
        YamlSpan span;
    };
    std::vector<Claim> claims_;
};

/// Where a port of 0 is right: sockets of the agent itself, which can tell which port they got.
enum class PortZero { Allowed, Refused };

/// An address in the form that parseAddress() reads. Nothing, with a finding, when it is none.
std::optional<Address> readAddress(const YamlNode& node, const std::string& path, PortZero zero,
                                   Findings& findings);
/// A list of addresses to connect to; a second mention of one is a warning.
std::vector<std::string> readTargets(FieldReader& fields, std::string_view key);

/// An address to listen on, or `off`, which becomes "". Claims the address (the default as well,
/// when the key is absent).
void readListen(FieldReader& fields, std::string_view key, std::string& out, PortZero zero,
                TakenAddresses& taken);
inline constexpr std::size_t kLongestPath = 4096;
/// An absolute path of at most `longest` bytes.
void readPath(FieldReader& fields, std::string_view key, std::string& out, std::size_t longest);

/// A path as Prometheus takes it: a relative one is taken from the directory of the configuration,
/// which is "" or ends with a slash. nullptr when the key is absent or wrong.
const YamlNode* readFile(FieldReader& fields, std::string_view key, const std::string& directory,
                         std::string& out);
std::string besideConfiguration(const std::string& directory, const std::string& path);

/// basic_auth, authorization and tls_config.
void readHttpClient(FieldReader& fields, const std::string& directory, HttpClientConfig& client);
/// What Prometheus has beside them and we do not.
extern const std::vector<std::string_view> kHttpClientElsewhere;
/// An http or https URL without user information, which would show in states and logs.
void readUrl(FieldReader& fields, std::string_view key, std::string& out);
/// The *_sd_configs of a job. There may be kMaxDiscoveries in a file, each with a thread of its
/// own.
void readDiscoveries(FieldReader& fields, const std::string& directory,
                     std::vector<DiscoveryConfig>& out);
inline constexpr std::size_t kMaxDiscoveries = 32;
/// A list of relabelling rules.
void readRelabel(FieldReader& fields, std::string_view key, std::vector<RelabelRule>& rules);

/// What is wrong with a label of a metric, or "".
std::string labelProblem(const std::string& key, const std::string& value);
/// The same for a label of a target, where those that begin with __ have a meaning.
std::string targetLabelProblem(const std::string& key, const std::string& value);
inline constexpr std::size_t kMaxLabels = 64;

/// The sections, each in a file of its own.
struct ScrapeDefaults {
    Duration interval = ScrapeJob{}.interval;
    Duration timeout = ScrapeJob{}.timeout;
    std::string directory;  ///< of the configuration
};
ScrapeDefaults readGlobal(FieldReader& fields, AgentConfig& config);
void readScrapeConfigs(FieldReader& fields, const ScrapeDefaults& defaults, AgentConfig& config);
void readRemoteWrites(FieldReader& fields, const std::string& directory, AgentConfig& config);
/// `api`, and whether listen.grpc is as safe as its address needs. Read it after `listen`.
void readApi(FieldReader& fields, const std::string& directory, AgentConfig& config);
void readKeep(FieldReader& keep, KeepConfig& config);
void readPacks(FieldReader& fields, const std::string& directory, AgentConfig& config);
void readOverride(FieldReader& fields, OverrideConfig& config);
void readHost(FieldReader& fields, AgentConfig& config);
void readSockets(FieldReader& fields, SocketsConfig& sockets);
void readServices(FieldReader& fields, AgentConfig& config);
void readGateway(FieldReader& gateway, GatewayConfig& config, TakenAddresses& taken);

}  // namespace levee::config
