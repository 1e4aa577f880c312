// SPDX-License-Identifier: Apache-2.0
// api: who may use the gRPC API where it is reached by the network.
#include <fmt/format.h>

#include "agent/config/config_fields.h"

namespace levee::config {
namespace {

void readNamedFile(FieldReader& fields, std::string_view key, const std::string& directory,
                   NamedFile& file) {
    if (const YamlNode* node = readFile(fields, key, directory, file.path))
        file.place = fields.findings().place(node->span);
}

/// Each key that is there needs the others.
void requireTogether(FieldReader& fields, std::string_view key, std::string_view other,
                     std::string_view why) {
    if (fields.has(key) && !fields.has(other))
        fields.findings().error(
            "missing", fmt::format("{} needs {} beside it: {}", fields.pathOf(key), other, why),
            fields.node().find(key)->span);
}

void readApiTls(FieldReader& fields, const std::string& directory, ApiConfig& api) {
    readNamedFile(fields, "cert_file", directory, api.certFile);
    readNamedFile(fields, "key_file", directory, api.keyFile);
    readNamedFile(fields, "client_ca_file", directory, api.clientCaFile);
    constexpr std::string_view kNoKey = "a certificate is of no use without its key";
    requireTogether(fields, "cert_file", "key_file", kNoKey);
    requireTogether(fields, "key_file", "cert_file", kNoKey);
    if (!fields.has("key_file"))
        requireTogether(fields, "client_ca_file", "cert_file",
                        "clients show theirs to who shows one");
    fields.unsupported({"ca_file", "client_auth_type", "min_version", "max_version", "cert", "key",
                        "client_ca", "server_name", "insecure_skip_verify"});
}

/// What is missing for listen.grpc to be reached by other hosts, or "".
std::string_view whatIsMissing(const ApiConfig& api) {
    if (api.certFile.isGiven() && (api.clientCaFile.isGiven() || api.asksForToken()))
        return {};
    if (api.certFile.isGiven())
        return "nothing asks who they are; add client_ca_file to api.tls, or api.token_file";
    if (api.asksForToken())
        return "the token would be readable on its way; add api.tls with cert_file and key_file";
    return "nothing asks who they are; add api: {tls: {cert_file: ..., key_file: ..., "
           "client_ca_file: ...}}, or listen on 127.0.0.1";
}

}  // namespace

void readApi(FieldReader& fields, const std::string& directory, AgentConfig& config) {
    ApiConfig& api = config.api;
    const std::size_t errorsBefore = fields.findings().errorCount();
    fields.mapping("api", [&](FieldReader& f) {
        f.mapping("tls", [&](FieldReader& tls) { readApiTls(tls, directory, api); });
        readNamedFile(f, "token_file", directory, api.tokenFile);
        readNamedFile(f, "readonly_token_file", directory, api.readonlyTokenFile);
        f.unsupported({"token", "readonly_token", "tls_config", "basic_auth", "authorization"});
        if (api.tokenFile.isGiven() && api.tokenFile == api.readonlyTokenFile)
            f.findings().error("conflict",
                               "api.token_file and api.readonly_token_file are the same file; "
                               "a token that may only read is another one",
                               f.node().find("readonly_token_file")->span);
    });
    const Result<Address> address = parseAddress(config.grpcListen);
    const std::string_view missing = whatIsMissing(api);
    // After a mistake in the section, what is missing would mislead.
    if (!address || isLoopback(*address) || missing.empty() ||
        fields.findings().errorCount() != errorsBefore)
        return;
    const YamlNode* listen = fields.node().find("listen");
    fields.findings().error("open-api",
                            fmt::format("listen.grpc is {}: other hosts could change rules, and {}",
                                        config.grpcListen, missing),
                            listen->find("grpc")->span);
}

}  // namespace levee::config
