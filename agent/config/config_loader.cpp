// SPDX-License-Identifier: Apache-2.0
#include "agent/config/config_loader.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "agent/config/api_files.h"
#include "agent/config/config_fields.h"
#include "agent/config/pack_folder.h"
#include "rules/lang/yaml_reader.h"

namespace levee {
namespace {

using namespace std::chrono_literals;
using config::PortZero;
using config::TakenAddresses;

/// Room in the address of a Unix socket, without its final NUL.
constexpr std::size_t kLongestSocketPath = 107;
using config::kLongestPath;

/// What Prometheus has at the top of its file and we do not (yet).
const std::vector<std::string_view> kElsewhere{
    "alerting", "remote_read", "storage", "tracing", "runtime", "scrape_config_files", "otlp"};

void readListenSection(FieldReader& fields, AgentConfig& config, TakenAddresses& taken) {
    config::readListen(fields, "http", config.httpListen, PortZero::Allowed, taken);
    config::readListen(fields, "grpc", config.grpcListen, PortZero::Allowed, taken);
    const YamlNode* node = fields.node().find("unix");
    if (node != nullptr && node->text == "off") {
        fields.any("unix");
        config.unixListen.clear();
    } else {
        config::readPath(fields, "unix", config.unixListen, kLongestSocketPath);
    }
}

void readOtlp(FieldReader& fields, OtlpConfig& otlp, TakenAddresses& taken) {
    config::readListen(fields, "grpc", otlp.grpcListen, PortZero::Allowed, taken);
    config::readListen(fields, "http", otlp.httpListen, PortZero::Allowed, taken);
    fields.bytes("max_body", otlp.httpBodyBytes, {1024, 1024 * 1024 * 1024});
    fields.bytes("max_message", otlp.grpcMessageBytes, {1024, 1024 * 1024 * 1024});
    fields.duration("pairing_ttl", otlp.pairingTtl, {100ms, 10min});
    fields.integer("pairing_spans", otlp.pairingSpans, {1, 10'000'000});
    fields.share("sampled_share", otlp.sampledShare, {1e-5, 1});
    fields.boolean("collapse_proxies", otlp.collapseProxies);
}

/// "" or with a slash at its end.
std::string directoryOf(const std::string& fileName) {
    const std::size_t slash = fileName.rfind('/');
    return slash == std::string::npos ? std::string() : fileName.substr(0, slash + 1);
}

void readRuleFiles(FieldReader& fields, const std::string& directory, AgentConfig& config) {
    std::vector<std::string> files;
    const YamlNode* list =
        fields.list("rule_files", [&](const YamlNode& item, const std::string& path) {
            if (const auto glob = readText(item, path, {1, kLongestPath}, fields.findings()))
                files.push_back(config::besideConfiguration(directory, *glob));
        });
    if (list != nullptr)
        config.ruleFiles = std::move(files);
}

/// Reads a section that is there, and otherwise an empty one, so that its defaults are claimed.
template <typename Read>
void section(FieldReader& fields, std::string_view key, Read read) {
    static const YamlNode kEmpty;
    if (fields.has(key)) {
        fields.mapping(key, read);
        return;
    }
    fields.any(key);
    FieldReader absent(kEmpty, fields.pathOf(key), fields.findings());
    read(absent);
}

void readDocument(const YamlNode& document, const std::string& fileName, AgentConfig& config,
                  Findings& findings) {
    TakenAddresses taken;
    FieldReader fields(document, "", findings);
    if (!fields.isSound())
        return;
    config::readHost(fields, config);
    section(fields, "listen", [&](FieldReader& f) { readListenSection(f, config, taken); });
    config::readPath(fields, "state_dir", config.stateDir, kLongestPath);
    fields.boolean("lifecycle_api", config.lifecycleApi);
    config::ScrapeDefaults defaults = config::readGlobal(fields, config);
    defaults.directory = directoryOf(fileName);
    section(fields, "ingest", [&](FieldReader& ingest) {
        section(ingest, "otlp", [&](FieldReader& f) { readOtlp(f, config.ingest.otlp, taken); });
        section(ingest, "zipkin", [&](FieldReader& f) {
            config::readListen(f, "http", config.ingest.zipkinListen, PortZero::Allowed, taken);
        });
        section(ingest, "exemplars", [&](FieldReader& f) {
            f.bytes("memory", config.ingest.exemplarBytes, {1024 * 1024, 1024 * 1024 * 1024});
            f.duration("keep_for", config.ingest.exemplarsKeptFor, {1min, 24h});
        });
    });
    config::readApi(fields, defaults.directory, config);
    readRuleFiles(fields, defaults.directory, config);
    fields.mapping("gateway",
                   [&](FieldReader& f) { config::readGateway(f, config.gateway, taken); });
    fields.mapping("keep", [&](FieldReader& f) { config::readKeep(f, config.keep); });
    config::readPacks(fields, defaults.directory, config);
    fields.mapping("override", [&](FieldReader& f) { config::readOverride(f, config.overrides); });
    config::readScrapeConfigs(fields, defaults, config);
    config::readRemoteWrites(fields, defaults.directory, config);
    fields.mapping("sockets", [&](FieldReader& f) { config::readSockets(f, config.sockets); });
    config::readServices(fields, config);
    fields.unsupported(kElsewhere);
    fields.finish();
    if (config.gateway.directory.empty())
        config.gateway.directory = config.stateDir + "/gateway";
}

/// What is wrong inside of the pack stands at its place there, all else where it is named.
void readPack(PackConfig& used, Diagnostics& diagnostics) {
    LoadedPack loaded = loadPack(used.folder);
    for (Diagnostic& found : loaded.diagnostics) {
        if (found.place.file.empty())
            found.place = used.place;
        diagnostics.push_back(std::move(found));
    }
    used.pack = std::move(loaded.pack);
}

LoadedConfig unreadable(const std::string& path, const std::string& reason) {
    LoadedConfig loaded;
    loaded.diagnostics.push_back({Severity::Error,
                                  "unreadable",
                                  "cannot read the configuration: " + reason,
                                  {path, 0, 0, 0}});
    return loaded;
}

std::optional<std::string> fromEnvironment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::string hostName() {
    std::array<char, 256> buffer{};
    if (gethostname(buffer.data(), buffer.size() - 1) != 0 || !isName(buffer.data()))
        return "localhost";
    return buffer.data();
}

}  // namespace

LoadedConfig parseConfig(std::string_view text, const std::string& fileName,
                         const EnvironmentLookup& environment) {
    LoadedConfig loaded;
    YamlText yaml = readYaml(text, fileName);
    Findings findings(fileName);
    for (Diagnostic& diagnostic : yaml.diagnostics)
        findings.add(std::move(diagnostic));
    if (yaml.documents.size() > 1)
        findings.error("too-many", "a second document; the configuration is a single one",
                       yaml.documents[1].span);
    YamlNode document = yaml.documents.empty() ? YamlNode{} : std::move(yaml.documents.front());
    // After a syntax error the rest is missing, and messages on what is missing would mislead.
    if (yaml.documents.size() == 1 || findings.errorCount() == 0) {
        const std::size_t errorsBefore = findings.errorCount();
        substituteEnvironment(document, environment, findings);
        if (findings.errorCount() == errorsBefore)
            readDocument(document, fileName, loaded.config, findings);
    }
    loaded.diagnostics = findings.take();
    return loaded;
}

LoadedConfig loadConfig(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               std::fclose);
    if (file == nullptr)
        return unreadable(path, std::strerror(errno));
    std::string text(kYamlMaxBytes + 1, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    if (std::ferror(file.get()) != 0)
        return unreadable(path, std::strerror(errno));
    LoadedConfig loaded = parseConfig(text, path, fromEnvironment);
    if (loaded.config.host.empty())
        loaded.config.host = hostName();
    for (PackConfig& used : loaded.config.packs)
        readPack(used, loaded.diagnostics);
    for (Diagnostic& found : checkApiFiles(loaded.config.api))
        loaded.diagnostics.push_back(std::move(found));
    return loaded;
}

}  // namespace levee
