// SPDX-License-Identifier: Apache-2.0
#include "agent/config/environment.h"

#include <fmt/format.h>

#include "rules/lang/source_text.h"

namespace levee {
namespace {

/// More would be a file, not a value.
constexpr std::size_t kLongestValue = 64 * 1024;

bool isVariableName(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789";
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    return !text.empty() && kDigits.find(text[0]) == std::string_view::npos &&
           text.find_first_not_of(kAllowed) == std::string_view::npos;
}

class Substitution {
public:
    Substitution(YamlNode& node, bool isSecret, const EnvironmentLookup& environment,
                 Findings& findings)
        : node_(node), isSecret_(isSecret), environment_(environment), findings_(findings) {}

    void run() {
        std::string_view rest = node_.text;
        for (std::size_t dollar = rest.find('$'); dollar != std::string_view::npos;
             dollar = rest.find('$')) {
            result_ += rest.substr(0, dollar);
            rest.remove_prefix(dollar);
            if (!next(rest))
                return;
        }
        result_ += rest;
        if (result_.size() > kLongestValue)
            return fail(
                fmt::format("the value has {} bytes with its variables put in; at most {} "
                            "are allowed",
                            result_.size(), kLongestValue));
        node_.text = std::move(result_);
        node_.quoted = node_.quoted && !hasReplaced_;
    }

private:
    /// Takes what begins with the dollar sign at the front of `rest`. False after an error.
    bool next(std::string_view& rest) {
        if (rest.starts_with("$$")) {
            result_ += '$';
            rest.remove_prefix(2);
            return true;
        }
        if (!rest.starts_with("${")) {
            result_ += '$';
            rest.remove_prefix(1);
            return true;
        }
        const std::size_t end = rest.find('}');
        if (end == std::string_view::npos) {
            fail("'${' without '}'; write $$ for a plain dollar sign");
            return false;
        }
        const bool isFine = replace(rest.substr(2, end - 2));
        rest.remove_prefix(end + 1);
        return isFine;
    }

    bool replace(std::string_view inside) {
        const std::size_t mark = inside.find(":-");
        const bool hasDefault = mark != std::string_view::npos;
        const std::string name(inside.substr(0, mark));
        if (!isVariableName(name) && isSecret_) {
            fail("a '${' that begins no ${NAME}; write $$ for a plain dollar sign");
            return false;
        }
        if (!isVariableName(name)) {
            fail(
                fmt::format("'{}' is not the name of an environment variable; write ${{NAME}} or "
                            "${{NAME:-default}}",
                            shown(name)));
            return false;
        }
        const std::optional<std::string> value = environment_(name);
        if (!value && !hasDefault) {
            fail(
                fmt::format("the environment variable {0} is not set; set it, or write "
                            "${{{0}:-default}}",
                            shown(name)));
            return false;
        }
        result_ += hasDefault && (!value || value->empty()) ? inside.substr(mark + 2)
                                                            : std::string_view(*value);
        hasReplaced_ = true;
        return true;
    }

    void fail(std::string message) {
        findings_.error("environment", std::move(message), node_.span);
    }

    YamlNode& node_;
    const bool isSecret_;
    const EnvironmentLookup& environment_;
    Findings& findings_;
    std::string result_;
    bool hasReplaced_ = false;
};

void substitute(YamlNode& node, bool isSecret, const EnvironmentLookup& environment,
                Findings& findings) {
    if (node.kind == YamlNode::Kind::Scalar)
        Substitution(node, isSecret, environment, findings).run();
    for (YamlNode& item : node.items)
        substitute(item, isSecret, environment, findings);
    for (YamlEntry& entry : node.entries) {
        if (!entry.key.ends_with("relabel_configs"))
            substitute(entry.value, entry.key == "password" || entry.key == "credentials",
                       environment, findings);
    }
}

}  // namespace

void substituteEnvironment(YamlNode& node, const EnvironmentLookup& environment,
                           Findings& findings) {
    substitute(node, false, environment, findings);
}

}  // namespace levee
