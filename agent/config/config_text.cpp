// SPDX-License-Identifier: Apache-2.0
#include "agent/config/config_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "shared/base/units.h"

namespace levee {
namespace {

/// "key: value, ..." of what is not empty.
class Line {
public:
    Line& add(std::string_view key, const std::string& value) {
        if (!value.empty())
            text_ += fmt::format("{}{}: {}", text_.empty() ? "" : ", ", key, value);
        return *this;
    }
    std::string braced() const { return '{' + text_ + '}'; }
    const std::string& bare() const { return text_; }

private:
    std::string text_;
};

std::string secret(const Secret& value) {
    return value.isEmpty() ? "" : "<secret>";
}

std::string listed(const std::vector<std::string>& values) {
    return values.empty() ? "" : fmt::format("[{}]", fmt::join(values, ", "));
}

Line clientLine(const HttpClientConfig& client) {
    Line line;
    if (client.basicAuth)
        line.add("basic_auth", Line()
                                   .add("username", client.basicAuth->username)
                                   .add("password", secret(client.basicAuth->password))
                                   .add("password_file", client.basicAuth->passwordFile)
                                   .braced());
    if (client.authorization)
        line.add("authorization",
                 Line()
                     .add("type", client.authorization->type)
                     .add("credentials", secret(client.authorization->credentials))
                     .add("credentials_file", client.authorization->credentialsFile)
                     .braced());
    if (!(client.tls == TlsConfig{}))
        line.add("tls_config",
                 Line()
                     .add("ca_file", client.tls.caFile)
                     .add("cert_file", client.tls.certFile)
                     .add("key_file", client.tls.keyFile)
                     .add("server_name", client.tls.serverName)
                     .add("min_version", client.tls.minVersion)
                     .add("insecure_skip_verify", client.tls.insecureSkipVerify ? "true" : "")
                     .braced());
    return line;
}

std::string sdText(const FileDiscovery& sd) {
    return "file_sd " + Line().add("files", listed(sd.files)).bare();
}
std::string sdText(const HttpDiscovery& sd) {
    return "http_sd " + Line().add("url", sd.url).add("", clientLine(sd.client).bare()).bare();
}
std::string sdText(const DnsDiscovery& sd) {
    return "dns_sd " + Line()
                           .add("names", listed(sd.names))
                           .add("type", sd.type)
                           .add("port", sd.port == 0 ? "" : std::to_string(sd.port))
                           .bare();
}
std::string sdText(const DockerDiscovery& sd) {
    return "docker_sd " + Line()
                              .add("host", sd.host)
                              .add("port", std::to_string(sd.port))
                              .add("host_networking_host", sd.hostNetworkingHost)
                              .add("filters", sd.filters.empty() ? "" : paramsText(sd.filters))
                              .add("client", clientLine(sd.client).bare())
                              .bare();
}
std::string sdText(const KubernetesDiscovery& sd) {
    return "kubernetes_sd " + Line()
                                  .add("api_server", sd.apiServer)
                                  .add("own_namespace", sd.ownNamespace ? "true" : "")
                                  .add("namespaces", listed(sd.namespaces))
                                  .add("label", sd.labelSelector)
                                  .add("field", sd.fieldSelector)
                                  .add("client", clientLine(sd.client).bare())
                                  .bare();
}

}  // namespace

std::string text(const HttpClientConfig& client) {
    return clientLine(client).braced();
}

std::string text(const std::vector<RelabelRule>& rules) {
    std::string all;
    for (const RelabelRule& rule : rules) {
        const RelabelRule usual;
        all +=
            (all.empty() ? "" : ", ") +
            Line()
                .add("action", std::string(name(rule.action)))
                .add("source_labels", listed(rule.sourceLabels))
                .add("separator", rule.separator == usual.separator ? "" : rule.separator)
                .add("regex", rule.regex == usual.regex ? "" : rule.regex)
                .add("modulus", rule.modulus == 0 ? "" : std::to_string(rule.modulus))
                .add("target_label", rule.targetLabel)
                .add("replacement", rule.replacement == usual.replacement ? "" : rule.replacement)
                .braced();
    }
    return '[' + all + ']';
}

std::string text(const std::vector<DiscoveryConfig>& discoveries) {
    std::string all;
    for (const DiscoveryConfig& discovery : discoveries)
        all += (all.empty() ? "" : ", ") +
               std::visit(
                   [](const auto& sd) {
                       return fmt::format("{{{}, refresh_interval: {}}}", sdText(sd),
                                          formatDuration(sd.refresh));
                   },
                   discovery);
    return '[' + all + ']';
}

std::string paramsText(const std::map<std::string, std::vector<std::string>>& params) {
    Line line;
    for (const auto& [key, values] : params)
        line.add(key, fmt::format("[{}]", fmt::join(values, ", ")));
    return line.braced();
}

}  // namespace levee
