// SPDX-License-Identifier: Apache-2.0
#include "shared/contexts/contexts.h"

#include <algorithm>
#include <cstdlib>

#include "rules/lang/field_reader.h"
#include "rules/lang/yaml_reader.h"

namespace levee {
namespace {

constexpr std::size_t kLongestAddress = 300;
constexpr std::size_t kLongestFile = 4096;

class ContextReader {
public:
    ContextReader(std::string directory, Findings& findings)
        : directory_(std::move(directory)), findings_(findings) {}

    FleetContext read(const YamlEntry& entry) const {
        FleetContext context;
        context.name = entry.key;
        FieldReader fields(entry.value, "contexts." + entry.key, findings_);
        fields.require("agents", "a list of host:port or unix:PATH");
        fields.list("agents", [&](const YamlNode& item, const std::string& path) {
            readAgent(item, path, context);
        });
        fields.boolean("production", context.isProduction);
        fields.boolean("readOnly", context.isReadOnly);
        const YamlNode* tls =
            fields.mapping("tls", [&](FieldReader& f) { readTls(f, context.access); });
        file(fields, "token_file", context.access.tokenFile);
        std::string token;
        if (fields.word("token", token, {"keychain"}) != nullptr)
            context.isTokenInKeychain = true;
        if (context.isTokenInKeychain && fields.has("token_file"))
            findings_.error("conflict",
                            fields.pathOf("token") + " and token_file are both given; keep one",
                            fields.node().find("token")->span);
        fields.finish();
        checkAccess(context, tls != nullptr ? *tls : entry.value, fields.path());
        return context;
    }

private:
    void readAgent(const YamlNode& item, const std::string& path, FleetContext& context) const {
        const auto address = readText(item, path, {1, kLongestAddress}, findings_);
        if (!address)
            return;
        if (context.agents.size() >= kMostContextAgents)
            findings_.error("too-many", path + ": at most 500 agents belong to a context",
                            item.span);
        else if (!isAgentAddress(*address))
            findings_.error(
                "bad-address",
                path + ": \"" + *address + "\" is no address; use host:port or unix:PATH",
                item.span);
        else
            context.agents.push_back(*address);
    }

    void readTls(FieldReader& fields, wire::AgentAccess& access) const {
        file(fields, "ca_file", access.caFile);
        file(fields, "cert_file", access.certFile);
        file(fields, "key_file", access.keyFile);
        fields.text("server_name", access.serverName, {1, 253});
        fields.unsupported({"insecure_skip_verify", "ca", "cert", "key", "min_version"});
        if (fields.has("server_name") && !fields.has("ca_file") && !fields.has("cert_file"))
            fields.require("ca_file", "the authority of the agents' certificates");
    }

    void file(FieldReader& fields, const char* key, std::string& out) const {
        std::string path;
        if (fields.text(key, path, {1, kLongestFile}) != nullptr)
            out = path.starts_with('/') ? path : directory_ + path;
    }

    void checkAccess(const FleetContext& context, const YamlNode& at,
                     const std::string& path) const {
        wire::AgentAccess access = context.access;
        if (context.isTokenInKeychain)
            access.token = "(of the keychain)";
        for (const std::string& agent : context.agents)
            if (const std::string problem = accessProblem(access, agent); !problem.empty()) {
                findings_.error("bad-access", path + ": " + problem, at.span);
                return;
            }
    }

    const std::string directory_;
    Findings& findings_;
};

bool isPort(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool isAgentAddress(const std::string& text) {
    if (text.starts_with("unix:"))
        return text.size() > 5;
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0 ||
        !isPort(std::string_view(text).substr(colon + 1)))
        return false;
    const std::string_view host = std::string_view(text).substr(0, colon);
    if (host.starts_with('['))
        return host.size() > 2 && host.ends_with(']') &&
               host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:") ==
                   std::string_view::npos;
    return host.find_first_of(" \t\r\n\f\v:/") == std::string_view::npos;
}

std::string contextsFile() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const char* home = std::getenv("HOME");
    const std::string base = config != nullptr && *config != '\0'
                                 ? std::string(config)
                                 : std::string(home != nullptr ? home : "") + "/.config";
    return base + "/levee/" + kContextsFile;
}

const FleetContext* Contexts::find(const std::string& name) const {
    const auto found = std::ranges::find(all, name, &FleetContext::name);
    return found == all.end() ? nullptr : &*found;
}

const FleetContext* Contexts::naming(const std::string& agent) const {
    const auto found = std::ranges::find_if(all, [&](const FleetContext& context) {
        return std::ranges::find(context.agents, agent) != context.agents.end();
    });
    return found == all.end() ? nullptr : &*found;
}

Diagnostics readContexts(const std::string& yaml, const std::string& fileName, Contexts& contexts) {
    contexts = {};
    Findings findings(fileName);
    const YamlText text = readYaml(yaml, fileName);
    for (const Diagnostic& each : text.diagnostics)
        findings.add(each);
    if (text.documents.empty())
        return findings.take();
    FieldReader root(text.documents.front(), "", findings);
    const YamlNode* currentAt = root.text("current", contexts.current);
    const YamlNode* list = root.any("contexts");
    root.finish();
    const std::size_t slash = fileName.rfind('/');
    const ContextReader reader(
        slash == std::string::npos ? std::string() : fileName.substr(0, slash + 1), findings);
    if (list != nullptr && expectMapping(*list, "contexts", findings))
        for (const YamlEntry& entry : list->entries) {
            if (contexts.all.size() >= kMostContexts) {
                findings.error("too-many", "at most 200 contexts can be named", entry.keySpan);
                break;
            }
            contexts.all.push_back(reader.read(entry));
        }
    if (currentAt != nullptr && contexts.find(contexts.current) == nullptr)
        findings.error("unknown-context",
                       "current: there is no context \"" + contexts.current + "\" below contexts",
                       currentAt->span);
    return findings.take();
}

}  // namespace levee
