// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/target_list.h"

#include <nlohmann/json.hpp>

#include "agent/collect/relabel.h"
#include "agent/collect/utf8.h"
#include "rules/lang/scalar_reader.h"
#include "rules/lang/source_text.h"
#include "rules/lang/yaml_reader.h"

namespace levee::discover {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxLabelsPerGroup = 128;
constexpr std::size_t kMaxTextBytes = 4096;

Error wrong(const std::string& where, const std::string& what) {
    return {where + ": " + what, ErrorKind::Invalid};
}

Status checkLabel(const std::string& where, const std::string& name, const std::string& value,
                  std::size_t count) {
    if (!isLabelName(name))
        return wrong(where, "'" + shown(name) + "' is no label name");
    if (value.size() > kMaxTextBytes)
        return wrong(where, "the value of " + name + " has more than 4096 bytes");
    if (count > kMaxLabelsPerGroup)
        return wrong(where, "more than 128 labels");
    return Status::ok();
}

Status addTarget(const std::string& where, std::string target, StaticTargets& group) {
    if (target.empty() || target.size() > kMaxTextBytes)
        return wrong(where, "a target must have 1 to 4096 bytes");
    group.targets.push_back(std::move(target));
    return Status::ok();
}

Status readJsonGroup(const json& item, const std::string& where, StaticTargets& group) {
    if (!item.is_object())
        return wrong(where, "expected an object with targets and labels");
    for (const auto& [key, value] : item.items()) {
        if (key == "targets" && value.is_array()) {
            for (const json& target : value) {
                if (!target.is_string())
                    return wrong(where, "targets must be texts");
                if (Status done = addTarget(where, target.get<std::string>(), group); !done)
                    return done;
            }
        } else if (key == "labels" && (value.is_object() || value.is_null())) {
            for (const auto& [name, text] : value.items()) {
                if (!text.is_string())
                    return wrong(where, "the label '" + shown(name) + "' must be a text");
                Status done =
                    checkLabel(where, name, text.get<std::string>(), group.labels.size() + 1);
                if (!done)
                    return done;
                group.labels[name] = text.get<std::string>();
            }
        } else {
            return wrong(where, "'" + shown(key) + "' is not a list of targets or a set of labels");
        }
    }
    return Status::ok();
}

Status readYamlGroup(const YamlNode& item, const std::string& where, StaticTargets& group) {
    if (item.kind != YamlNode::Kind::Mapping)
        return wrong(where, "expected a mapping with targets and labels");
    for (const YamlEntry& entry : item.entries) {
        const YamlNode& value = entry.value;
        if (entry.key == "targets" && value.kind == YamlNode::Kind::List) {
            for (const YamlNode& target : value.items) {
                if (target.kind != YamlNode::Kind::Scalar)
                    return wrong(where, "targets must be texts");
                if (Status done = addTarget(where, target.text, group); !done)
                    return done;
            }
        } else if (entry.key == "labels" &&
                   (value.kind == YamlNode::Kind::Mapping || value.kind == YamlNode::Kind::Null)) {
            for (const YamlEntry& label : value.entries) {
                if (label.value.kind != YamlNode::Kind::Scalar)
                    return wrong(where, "the label '" + shown(label.key) + "' must be a text");
                Status done =
                    checkLabel(where, label.key, label.value.text, group.labels.size() + 1);
                if (!done)
                    return done;
                group.labels[label.key] = label.value.text;
            }
        } else {
            return wrong(where,
                         "'" + shown(entry.key) + "' is not a list of targets or a set of labels");
        }
    }
    return Status::ok();
}

template <typename Items, typename Read>
Result<TargetGroups> readGroups(const Items& items, Read read) {
    TargetGroups groups;
    std::size_t number = 0;
    for (const auto& item : items) {
        StaticTargets group;
        if (Status done = read(item, "group " + std::to_string(++number), group); !done)
            return done.error();
        groups.push_back(std::move(group));
    }
    if (Status counted = checkCount(groups); !counted)
        return counted.error();
    return groups;
}

}  // namespace

Result<TargetGroups> parseJsonTargets(std::string_view text) {
    if (text.size() > kMaxListBytes)
        return Error{"the list has more than 4 MiB", ErrorKind::Exhausted};
    json document;
    try {
        document = json::parse(text);
    } catch (const json::exception&) {
        return Error{"the text is no JSON", ErrorKind::Invalid};
    }
    if (!document.is_array())
        return Error{"expected a list of target groups", ErrorKind::Invalid};
    return readGroups(document, readJsonGroup);
}

Result<TargetGroups> parseYamlTargets(std::string_view text, const std::string& fileName) {
    const YamlText yaml = readYaml(text, fileName);
    if (hasErrors(yaml.diagnostics))
        return Error{format(yaml.diagnostics.front()), ErrorKind::Invalid};
    if (yaml.documents.empty())
        return TargetGroups();
    if (yaml.documents.front().kind != YamlNode::Kind::List)
        return Error{"expected a list of target groups", ErrorKind::Invalid};
    return readGroups(yaml.documents.front().items, readYamlGroup);
}

}  // namespace levee::discover
