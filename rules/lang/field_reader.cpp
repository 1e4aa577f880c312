// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/field_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/lang/source_text.h"
#include "shared/base/suggestion.h"

namespace levee {
namespace {

/// Hands a value that was read over to its field. nullptr where nothing was read.
template <typename T>
const YamlNode* store(const YamlNode* node, std::optional<T> value, T& out) {
    if (!value)
        return nullptr;
    out = std::move(*value);
    return node;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

FieldReader::FieldReader(const YamlNode& node, std::string path, Findings& findings)
    : node_(node), path_(std::move(path)), findings_(findings) {
    isSound_ = expectMapping(node_, path_.empty() ? "the document" : path_, findings_);
}

std::string FieldReader::pathOf(std::string_view key) const {
    return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

const YamlNode* FieldReader::any(std::string_view key) {
    declared_.emplace_back(key);
    return node_.find(key);
}

const YamlNode* FieldReader::text(std::string_view key, std::string& out, TextRange range) {
    const YamlNode* node = any(key);
    return node != nullptr ? store(node, readText(*node, pathOf(key), range, findings_), out)
                           : nullptr;
}

const YamlNode* FieldReader::name(std::string_view key, std::string& out) {
    const YamlNode* node = any(key);
    return node != nullptr ? store(node, readName(*node, pathOf(key), findings_), out) : nullptr;
}

const YamlNode* FieldReader::boolean(std::string_view key, bool& out) {
    const YamlNode* node = any(key);
    return node != nullptr ? store(node, readBoolean(*node, pathOf(key), findings_), out) : nullptr;
}

const YamlNode* FieldReader::duration(std::string_view key, Duration& out, DurationRange range) {
    const YamlNode* node = any(key);
    return node != nullptr ? store(node, readDuration(*node, pathOf(key), range, findings_), out)
                           : nullptr;
}

const YamlNode* FieldReader::share(std::string_view key, double& out, ShareRange range) {
    const YamlNode* node = any(key);
    return node != nullptr ? store(node, readShare(*node, pathOf(key), range, findings_), out)
                           : nullptr;
}

const YamlNode* FieldReader::rate(std::string_view key, double& out, RateRange range) {
    const YamlNode* node = any(key);
    return node != nullptr ? store(node, readRate(*node, pathOf(key), range, findings_), out)
                           : nullptr;
}

const YamlNode* FieldReader::bytes(std::string_view key, std::uint64_t& out, BytesRange range) {
    const YamlNode* node = any(key);
    return node != nullptr ? store(node, readBytes(*node, pathOf(key), range, findings_), out)
                           : nullptr;
}

const YamlNode* FieldReader::word(std::string_view key, std::string& out,
                                  const std::vector<std::string_view>& words) {
    const YamlNode* node = any(key);
    return node != nullptr ? store(node, readWord(*node, pathOf(key), words, findings_), out)
                           : nullptr;
}

const YamlNode* FieldReader::list(std::string_view key, const ItemReader& each) {
    const YamlNode* node = any(key);
    if (node == nullptr || !expectList(*node, pathOf(key), findings_))
        return nullptr;
    for (std::size_t i = 0; i < node->items.size(); ++i)
        each(node->items[i], fmt::format("{}[{}]", pathOf(key), i + 1));
    return node;
}

const YamlNode* FieldReader::mapping(std::string_view key,
                                     const std::function<void(FieldReader&)>& inside) {
    const YamlNode* node = any(key);
    if (node == nullptr)
        return nullptr;
    FieldReader fields(*node, pathOf(key), findings_);
    if (!fields.isSound_)
        return nullptr;
    inside(fields);
    fields.finish();
    return node;
}

const YamlNode* FieldReader::texts(std::string_view key, std::map<std::string, std::string>& out,
                                   std::size_t maximum, const PairCheck& check) {
    const YamlNode* node = any(key);
    if (node == nullptr || !expectMapping(*node, pathOf(key), findings_))
        return nullptr;
    if (node->entries.size() > maximum) {
        findings_.error("out-of-range",
                        fmt::format("{} has {} entries; at most {} are allowed", pathOf(key),
                                    node->entries.size(), maximum),
                        node->entries[maximum].keySpan);
        return nullptr;
    }
    for (const YamlEntry& entry : node->entries) {
        const std::string path = fmt::format("{}.{}", pathOf(key), shown(entry.key));
        const auto value = readText(entry.value, path, {}, findings_);
        const std::string wrong = value && check ? check(entry.key, *value) : std::string();
        if (!wrong.empty())
            findings_.error("bad-entry", fmt::format("{}: {}", path, wrong), entry.keySpan);
        else if (value)
            out.insert_or_assign(entry.key, *value);
    }
    return node;
}

void FieldReader::require(std::string_view key, std::string_view advice) {
    if (!isSound_ || has(key))
        return;
    findings_.error(
        "missing",
        fmt::format("{} is missing{}{}", pathOf(key), advice.empty() ? "" : "; ", advice),
        node_.span);
}

void FieldReader::unsupported(const std::vector<std::string_view>& keys) {
    unsupported_.insert(unsupported_.end(), keys.begin(), keys.end());
}

void FieldReader::finish() {
    for (const YamlEntry& entry : node_.entries) {
        if (contains(declared_, entry.key))
            continue;
        if (contains(unsupported_, entry.key)) {
            findings_.error(
                "unsupported",
                fmt::format("'{}' is not supported by this version; remove it", entry.key),
                entry.keySpan);
            continue;
        }
        // The search for a suggestion is costly, so not for messages that nobody will see.
        const std::string nearest =
            findings_.isFull() ? std::string() : nearestWord(entry.key, declared_);
        findings_.error("unknown-key",
                        nearest.empty() ? fmt::format("unknown key '{}'; known here: {}",
                                                      shown(entry.key), joined(declared_))
                                        : fmt::format("unknown key '{}'; did you mean '{}'?",
                                                      shown(entry.key), nearest),
                        entry.keySpan);
    }
}

}  // namespace levee
