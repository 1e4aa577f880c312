// SPDX-License-Identifier: Apache-2.0
// Reads a mapping whose keys are known, strictly. Each field is declared by calling the function of
// its type; finish() then reports every key that nobody declared, with a suggestion. All mistakes
// are reported; a field with a mistake keeps the value it had, which is its default.
//
//     FieldReader fields(node, "gateway", findings);
//     fields.integer("max_connections", config.maxConnections, {1, 1'000'000});
//     fields.mapping("limits", [&](FieldReader& limits) { limits.duration("ttl", ttl, {1s, 1h});
//     }); fields.finish();
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/lang/findings.h"
#include "rules/lang/scalar_reader.h"
#include "rules/lang/yaml_node.h"

namespace levee {

/// Confined to one thread. The node and the findings must outlive it.
class FieldReader {
public:
    /// `path` is how messages call the mapping; "" at the top. A node that is neither a mapping nor
    /// empty is reported here, and then has no fields.
    FieldReader(const YamlNode& node, std::string path, Findings& findings);

    /// Each declares `key`. Returns the node it was read from, for further checks of the value at
    /// its place, or nullptr when the key is absent or wrong (`out` is then as before).
    const YamlNode* text(std::string_view key, std::string& out, TextRange range = {});
    const YamlNode* name(std::string_view key, std::string& out);  ///< isName()
    const YamlNode* boolean(std::string_view key, bool& out);
    template <typename Integer>
    const YamlNode* integer(std::string_view key, Integer& out, IntegerRange range);
    const YamlNode* duration(std::string_view key, Duration& out, DurationRange range);
    const YamlNode* share(std::string_view key, double& out, ShareRange range);
    const YamlNode* rate(std::string_view key, double& out, RateRange range);
    const YamlNode* bytes(std::string_view key, std::uint64_t& out, BytesRange range);
    const YamlNode* word(std::string_view key, std::string& out,
                         const std::vector<std::string_view>& words);

    /// Calls `each` for every item with its path ("targets[2]"); paths count from 1.
    using ItemReader = std::function<void(const YamlNode& item, const std::string& path)>;
    const YamlNode* list(std::string_view key, const ItemReader& each);
    /// Calls `inside` with a reader of the mapping and finishes it.
    const YamlNode* mapping(std::string_view key, const std::function<void(FieldReader&)>& inside);
    /// A mapping with free keys and texts as values; at most `maximum` of them. `check` is asked
    /// for each pair and may return what is wrong with it, or "".
    using PairCheck = std::function<std::string(const std::string& key, const std::string& value)>;
    const YamlNode* texts(std::string_view key, std::map<std::string, std::string>& out,
                          std::size_t maximum, const PairCheck& check = {});

    /// Declares `key` without reading it. nullptr when absent.
    const YamlNode* any(std::string_view key);
    /// Reports the key as missing unless it is there. Declared or not.
    void require(std::string_view key, std::string_view advice = {});
    /// Keys that people may bring from elsewhere and that mean nothing here (yet).
    void unsupported(const std::vector<std::string_view>& keys);
    /// Reports the keys that were not declared. Call it last.
    void finish();

    bool isSound() const { return isSound_; }  ///< a mapping, or empty
    bool has(std::string_view key) const { return node_.find(key) != nullptr; }
    const std::string& path() const { return path_; }
    std::string pathOf(std::string_view key) const;
    const YamlNode& node() const { return node_; }
    Findings& findings() { return findings_; }

private:
    const YamlNode& node_;
    std::string path_;
    Findings& findings_;
    bool isSound_ = false;               ///< the node is a mapping, or empty
    std::vector<std::string> declared_;  ///< few, so searched linearly
    std::vector<std::string> unsupported_;
};

template <typename Integer>
const YamlNode* FieldReader::integer(std::string_view key, Integer& out, IntegerRange range) {
    const YamlNode* node = any(key);
    const auto value =
        node != nullptr ? readInteger(*node, pathOf(key), range, findings_) : std::nullopt;
    if (!value)
        return nullptr;
    out = static_cast<Integer>(*value);
    return node;
}

}  // namespace levee
