// SPDX-License-Identifier: Apache-2.0
#include "agent/config/pack_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "agent/config/config_loader.h"
#include "rules/lang/source_text.h"
#include "rules/lang/yaml_reader.h"
#include "shared/base/suggestion.h"

namespace levee {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPacksFolder = "/usr/share/levee/packs";

/// "/etc/x/redis/" and "." as well.
std::string nameOf(const std::string& folder) {
    std::error_code error;
    const fs::path path = fs::absolute(folder, error).lexically_normal();
    return (path.has_filename() ? path : path.parent_path()).filename().string();
}

Diagnostic missing(const std::string& folder) {
    const std::vector<std::string> there = packsIn(fs::path(folder).parent_path().string());
    const std::string nearest = nearestWord(nameOf(folder), there);
    std::string advice;
    if (!nearest.empty())
        advice = fmt::format("; did you mean {}?", nearest);
    else
        for (const std::string& name : there)
            advice += (advice.empty() ? "; there are " : ", ") + name;
    return {
        Severity::Error,
        "no-pack",
        fmt::format("no pack in {}: it has no pack.yaml that can be read{}", shown(folder), advice),
        {}};
}

/// The mistakes of the jobs, at their places in pack.yaml: a line below the `|`, and as far in as
/// that line.
void checkScrape(const ParsedPack& parsed, std::string_view text, const std::string& file,
                 Diagnostics& diagnostics) {
    std::size_t begin = 0;
    for (int line = 0; line < parsed.scrapeAt.line && begin != std::string_view::npos; ++line)
        begin = text.find('\n', begin + (line > 0 ? 1 : 0));
    const std::size_t content =
        begin == std::string_view::npos ? begin : text.find_first_not_of(' ', begin + 1);
    const int indent =
        content == std::string_view::npos ? 0 : static_cast<int>(content - begin - 1);
    LoadedConfig config = parseConfig("scrape_configs:\n" + parsed.pack.scrape, file,
                                      [](const std::string&) { return std::nullopt; });
    for (Diagnostic& found : config.diagnostics) {
        found.place.line += parsed.scrapeAt.line - 1;
        found.place.column += indent;
        diagnostics.push_back(std::move(found));
    }
    if (config.config.scrapeJobs.empty() && !hasErrors(config.diagnostics))
        diagnostics.push_back(
            {Severity::Error,
             "missing",
             "spec.exporter.scrape has no job; write it as in scrape_configs, from - job_name: on",
             {file, parsed.scrapeAt.line, parsed.scrapeAt.column, 0}});
}

}  // namespace

std::string packsFolder() {
    const char* value = std::getenv("LEVEE_PACKS");
    return value != nullptr && *value != '\0' ? value : kPacksFolder;
}

std::string packFolder(const std::string& nameOrPath) {
    return nameOrPath.find('/') == std::string::npos && nameOrPath != "."
               ? packsFolder() + '/' + nameOrPath
               : nameOrPath;
}

std::vector<std::string> packsIn(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        if (fs::is_regular_file(it->path() / "pack.yaml", ignored))
            names.push_back(it->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> packRuleFiles(const std::vector<PackConfig>& packs) {
    std::vector<std::string> files;
    for (const PackConfig& used : packs) {
        std::error_code error;
        if (fs::exists(packRules(used.folder), error))
            files.push_back(packRules(used.folder));
    }
    return files;
}

LoadedPack loadPack(const std::string& folder) {
    const std::string file = folder + "/pack.yaml";
    std::error_code error;
    std::ifstream stream(file, std::ios::binary);
    if (!stream || !fs::is_regular_file(file, error))
        return {{}, {missing(folder)}};
    std::string text(kYamlMaxBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    ParsedPack parsed = parsePack(text, file);
    if (!parsed.pack.scrape.empty())
        checkScrape(parsed, text, file, parsed.diagnostics);
    const std::string& name = parsed.pack.name;
    if (!name.empty() && name != nameOf(folder))
        parsed.diagnostics.push_back(
            {Severity::Error,
             "bad-name",
             fmt::format("metadata.name is '{}' and its folder '{}'; give both the same name",
                         shown(name), shown(nameOf(folder))),
             {file, 0, 0, 0}});
    return {std::move(parsed.pack), std::move(parsed.diagnostics)};
}

}  // namespace levee
