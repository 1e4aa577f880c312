// SPDX-License-Identifier: Apache-2.0
// basic_auth, authorization and tls_config, wherever they stand. No message shows a secret.
#include <fmt/format.h>

#include <algorithm>

#include "agent/config/config_fields.h"
#include "rules/lang/source_text.h"

namespace levee::config {
namespace {

constexpr std::size_t kLongestSecret = 16 * 1024;

bool hasControl(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
    });
}

/// Goes into a header line: a line end in it would begin another one.
const YamlNode* readHeaderText(FieldReader& fields, std::string_view key, std::string& out,
                               TextRange range) {
    std::string text;
    const YamlNode* node = fields.text(key, text, range);
    if (node == nullptr)
        return nullptr;
    if (hasControl(text)) {
        fields.findings().error("bad-text",
                                fields.pathOf(key) +
                                    " has a line end or another control "
                                    "character; write it in one line",
                                node->span);
        return nullptr;
    }
    out = std::move(text);
    return node;
}

const YamlNode* readSecret(FieldReader& fields, std::string_view key, Secret& out) {
    std::string text;
    const YamlNode* node = readHeaderText(fields, key, text, {1, kLongestSecret});
    if (node != nullptr)
        out = Secret(std::move(text));
    return node;
}

/// A secret, or the file that has it: not both.
void readSecretOrFile(FieldReader& fields, const std::string& directory, std::string_view key,
                      Secret& secret, std::string& file) {
    const std::string fileKey = std::string(key) + "_file";
    readSecret(fields, key, secret);
    const YamlNode* node = readFile(fields, fileKey, directory, file);
    if (node != nullptr && fields.has(key))
        fields.findings().error("conflict",
                                fmt::format("{} and {} are both given; keep one of them",
                                            fields.pathOf(key), fields.pathOf(fileKey)),
                                node->span);
}

void readBasicAuth(FieldReader& fields, const std::string& directory, BasicAuth& auth) {
    const YamlNode* node = readHeaderText(fields, "username", auth.username, {0, 1024});
    if (node != nullptr && auth.username.find(':') != std::string::npos)
        fields.findings().error(
            "bad-text",
            fields.pathOf("username") + " has a ':'; HTTP's basic authentication allows none",
            node->span);
    readSecretOrFile(fields, directory, "password", auth.password, auth.passwordFile);
    fields.unsupported({"username_file", "username_ref", "password_ref"});
}

void readAuthorization(FieldReader& fields, const std::string& directory, Authorization& auth) {
    const YamlNode* node = readHeaderText(fields, "type", auth.type, {1, 64});
    std::string lowered = auth.type;
    std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (node != nullptr && lowered == "basic")
        fields.findings().error("conflict",
                                fmt::format("{} is '{}'; use basic_auth with username and "
                                            "password instead",
                                            fields.pathOf("type"), shown(auth.type)),
                                node->span);
    else if (node != nullptr && auth.type.find(' ') != std::string::npos)
        fields.findings().error("bad-text",
                                fmt::format("{} is '{}'; it must be one word, such as Bearer",
                                            fields.pathOf("type"), shown(auth.type)),
                                node->span);
    readSecretOrFile(fields, directory, "credentials", auth.credentials, auth.credentialsFile);
    fields.unsupported({"credentials_ref"});
    if (!fields.has("credentials") && !fields.has("credentials_file"))
        fields.require("credentials", "write it, or credentials_file: PATH");
}

void readTls(FieldReader& fields, const std::string& directory, TlsConfig& tls) {
    readFile(fields, "ca_file", directory, tls.caFile);
    const YamlNode* cert = readFile(fields, "cert_file", directory, tls.certFile);
    const YamlNode* key = readFile(fields, "key_file", directory, tls.keyFile);
    if ((cert == nullptr) != (key == nullptr) && fields.has("cert_file") != fields.has("key_file"))
        fields.findings().error(
            "missing",
            fmt::format("{} needs {} beside it: a certificate is of no use "
                        "without its key",
                        fields.pathOf(cert != nullptr ? "cert_file" : "key_file"),
                        cert != nullptr ? "key_file" : "cert_file"),
            (cert != nullptr ? cert : key)->span);
    const YamlNode* name = readHeaderText(fields, "server_name", tls.serverName, {1, 253});
    if (name != nullptr && !parseAddress(tls.serverName + ":443"))
        fields.findings().error("bad-address",
                                fmt::format("{} is '{}'; it must be a host name or an address, "
                                            "without a port",
                                            fields.pathOf("server_name"), shown(tls.serverName)),
                                name->span);
    fields.boolean("insecure_skip_verify", tls.insecureSkipVerify);
    fields.word("min_version", tls.minVersion, {"TLS10", "TLS11", "TLS12", "TLS13"});
    fields.unsupported({"ca", "cert", "key", "ca_ref", "cert_ref", "key_ref", "max_version"});
}

}  // namespace

const YamlNode* readFile(FieldReader& fields, std::string_view key, const std::string& directory,
                         std::string& out) {
    std::string path;
    const YamlNode* node = fields.text(key, path, {1, kLongestPath});
    if (node == nullptr)
        return nullptr;
    if (hasControl(path)) {
        fields.findings().error("bad-path",
                                fields.pathOf(key) + " has a control character; it must be a path",
                                node->span);
        return nullptr;
    }
    out = besideConfiguration(directory, path);
    return node;
}

std::string besideConfiguration(const std::string& directory, const std::string& path) {
    return path.starts_with('/') ? path : directory + path;
}

void readHttpClient(FieldReader& fields, const std::string& directory, HttpClientConfig& client) {
    const YamlNode* basic = fields.mapping("basic_auth", [&](FieldReader& f) {
        readBasicAuth(f, directory, client.basicAuth.emplace());
    });
    const YamlNode* other = fields.mapping("authorization", [&](FieldReader& f) {
        readAuthorization(f, directory, client.authorization.emplace());
    });
    if (basic != nullptr && other != nullptr)
        fields.findings().error(
            "conflict",
            fmt::format("{} and {} are both given; keep one of them", fields.pathOf("basic_auth"),
                        fields.pathOf("authorization")),
            other->span);
    fields.mapping("tls_config", [&](FieldReader& f) { readTls(f, directory, client.tls); });
    fields.unsupported(kHttpClientElsewhere);
}

const std::vector<std::string_view> kHttpClientElsewhere{"oauth2",
                                                         "bearer_token",
                                                         "bearer_token_file",
                                                         "proxy_url",
                                                         "no_proxy",
                                                         "proxy_from_environment",
                                                         "enable_http2",
                                                         "proxy_connect_header",
                                                         "http_headers",
                                                         "follow_redirects",
                                                         "sigv4",
                                                         "azuread",
                                                         "google_iam"};

}  // namespace levee::config
