// SPDX-License-Identifier: Apache-2.0
#include "agent/config/config_fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/lang/source_text.h"

namespace levee::config {

void TakenAddresses::claim(const Address& address, const std::string& path, YamlSpan span,
                           Findings& findings) {
    const auto other = std::find_if(claims_.begin(), claims_.end(), [&](const Claim& taken) {
        return collide(taken.address, address);
    });
    if (other == claims_.end()) {
        claims_.push_back({address, path, span});
        return;
    }
    // A default has no place, and is not what has to be changed: point at what somebody wrote.
    const Claim claim{address, path, span};
    const bool isDefault = span.line == 0;
    const Claim& here = isDefault ? *other : claim;
    const Claim& there = isDefault ? claim : *other;
    const std::string where = there.span.line > 0
                                  ? fmt::format("at {}:{}", there.span.line, there.span.column)
                                  : std::string("by default");
    findings.error("duplicate-address",
                   fmt::format("{} listens on port {}, and so does {} ({}); choose another port",
                               here.path, address.port, there.path, where),
                   here.span);
}

std::optional<Address> readAddress(const YamlNode& node, const std::string& path, PortZero zero,
                                   Findings& findings) {
    const auto text = readText(node, path, {}, findings);
    if (!text)
        return std::nullopt;
    const Result<Address> address = parseAddress(*text);
    if (!address) {
        findings.error("bad-address", fmt::format("{}: {}", path, address.error().message),
                       node.span);
        return std::nullopt;
    }
    if (address->port == 0 && zero == PortZero::Refused) {
        findings.error("bad-address", fmt::format("{}: the port is 0; it must be 1 to 65535", path),
                       node.span);
        return std::nullopt;
    }
    return *address;
}

std::vector<std::string> readTargets(FieldReader& fields, std::string_view key) {
    std::vector<std::string> targets;
    Findings& findings = fields.findings();
    fields.list(key, [&](const YamlNode& item, const std::string& path) {
        if (!readAddress(item, path, PortZero::Refused, findings))
            return;
        if (std::find(targets.begin(), targets.end(), item.text) != targets.end())
            findings.warning("duplicate",
                             fmt::format("{}: '{}' stands twice in this list", path, item.text),
                             item.span);
        else
            targets.push_back(item.text);
    });
    return targets;
}

void readListen(FieldReader& fields, std::string_view key, std::string& out, PortZero zero,
                TakenAddresses& taken) {
    const YamlNode* node = fields.any(key);
    const std::string path = fields.pathOf(key);
    if (node == nullptr) {
        if (const Result<Address> address = parseAddress(out))
            taken.claim(*address, path, {}, fields.findings());
        return;
    }
    if (node->kind == YamlNode::Kind::Scalar && node->text == "off") {
        out.clear();
        return;
    }
    const auto address = readAddress(*node, path, zero, fields.findings());
    if (!address)
        return;
    out = node->text;
    taken.claim(*address, path, node->span, fields.findings());
}

void readPath(FieldReader& fields, std::string_view key, std::string& out, std::size_t longest) {
    const std::string before = out;
    const YamlNode* node = fields.text(key, out, {1, longest});
    if (node == nullptr)
        return;
    const bool hasControl = std::any_of(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (out.starts_with('/') && !hasControl)
        return;
    fields.findings().error("bad-path",
                            fmt::format("{} is '{}'; it must be an absolute path, beginning with /",
                                        fields.pathOf(key), shown(out)),
                            node->span);
    out = before;
}

std::string labelProblem(const std::string& key, const std::string& value) {
    if (key.starts_with("__"))
        return "label names that begin with __ are reserved";
    return targetLabelProblem(key, value);
}

std::string targetLabelProblem(const std::string& key, const std::string& value) {
    constexpr std::string_view kDigits = "0123456789";
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    if (key.empty() || kDigits.find(key[0]) != std::string_view::npos ||
        key.find_first_not_of(kAllowed) != std::string::npos)
        return "a label name has letters, digits and _, and does not begin with a digit";
    if (key == "service" && !isName(value))
        return "a service name has 1 to 128 of the characters A-Z a-z 0-9 _ . -";
    return {};
}

}  // namespace levee::config
