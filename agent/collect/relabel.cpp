// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/relabel.h"

#include <openssl/evp.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "rules/promql/matcher.h"

namespace levee {
namespace {

using Action = RelabelRule::Action;
using re2::RE2;
using re2::StringPiece;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
/// What may stand in a name after a `$`.
bool isNameByte(char c) {
    return isLetter(c) || isDigit(c) || static_cast<unsigned char>(c) >= 0x80;
}

/// The parts of a value that an expression matched, the whole first.
struct Match {
    const RE2& regex;
    std::vector<StringPiece> parts;

    std::string_view part(std::size_t index) const {
        if (index >= parts.size() || parts[index].data() == nullptr)
            return {};
        return {parts[index].data(), parts[index].size()};
    }
    std::string_view part(std::string_view name) const {
        const auto& groups = regex.NamedCapturingGroups();
        const auto group = groups.find(std::string(name));
        return group == groups.end() ? std::string_view{}
                                     : part(static_cast<std::size_t>(group->second));
    }
};

std::optional<Match> match(const RE2& regex, std::string_view text) {
    Match found{regex, std::vector<StringPiece>(
                           static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1)};
    const StringPiece piece(text.data(), text.size());
    if (!regex.Match(piece, 0, text.size(), RE2::ANCHOR_BOTH, found.parts.data(),
                     static_cast<int>(found.parts.size())))
        return std::nullopt;
    return found;
}

/// The number that a reference is, or nothing for a name. Go's rule: no leading zero.
std::optional<std::size_t> groupNumber(std::string_view name) {
    constexpr std::size_t kTooLarge = 100'000'000;
    std::size_t number = 0;
    if (name.size() > 1 && name[0] == '0')
        return std::nullopt;
    for (const char c : name) {
        if (!isDigit(c) || number >= kTooLarge)
            return std::nullopt;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

/// Takes `name` or `{name}` off the front of `rest`; "" and nothing taken when there is none.
std::string_view takeReference(std::string_view& rest) {
    const bool isBraced = rest.starts_with('{');
    const std::string_view text = rest.substr(isBraced ? 1 : 0);
    std::size_t size = 0;
    while (size < text.size() && isNameByte(text[size]))
        ++size;
    if (size == 0 || (isBraced && (size == text.size() || text[size] != '}')))
        return {};
    rest = text.substr(size + (isBraced ? 1 : 0));
    return text.substr(0, size);
}

/// `$1`, `${1}`, `$name` and `$$` in a template; any other `$` stands for itself.
std::string expand(std::string_view text, const Match& match) {
    std::string out;
    for (;;) {
        const std::size_t dollar = text.find('$');
        out += text.substr(0, dollar);
        if (dollar == std::string_view::npos)
            return out;
        text.remove_prefix(dollar + 1);
        if (text.starts_with('$')) {
            out += '$';
            text.remove_prefix(1);
            continue;
        }
        const std::string_view reference = takeReference(text);
        if (reference.empty())
            out += '$';
        else if (const auto number = groupNumber(reference))
            out += match.part(*number);
        else
            out += match.part(reference);
    }
}

/// The last eight bytes of the MD5 sum as a number: which share a label set falls to is the same
/// as in every Prometheus.
std::uint64_t shareHash(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), sum.data(), &size, EVP_md5(), nullptr);
    std::uint64_t number = 0;
    for (std::size_t i = 8; i < 16; ++i)
        number = number << 8 | sum[i];
    return number;
}

std::string cased(std::string text, bool upper) {
    for (char& c : text) {
        if (upper && c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 32);
        else if (!upper && c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    }
    return text;
}

}  // namespace

bool isLabelName(std::string_view name) {
    return !name.empty() && isLetter(name[0]) &&
           std::all_of(name.begin(), name.end(), [](char c) { return isLetter(c) || isDigit(c); });
}

std::size_t LabelBuilder::find(std::string_view name) const {
    std::size_t i = 0;
    while (i < labels_.size() && labels_[i].name != name)
        ++i;
    return i;
}

std::string_view LabelBuilder::get(std::string_view name) const {
    const std::size_t i = find(name);
    return i < labels_.size() ? std::string_view(labels_[i].value) : std::string_view{};
}

void LabelBuilder::remove(std::string_view name) {
    const std::size_t i = find(name);
    if (i < labels_.size())
        labels_.erase(labels_.begin() + static_cast<std::ptrdiff_t>(i));
}

void LabelBuilder::set(std::string_view name, std::string value) {
    const std::size_t i = find(name);
    if (value.empty())
        remove(name);
    else if (i < labels_.size())
        labels_[i].value = std::move(value);
    else
        labels_.push_back({std::string(name), std::move(value)});
}

struct Relabeler::Compiled {
    const RelabelRule* rule = nullptr;
    std::shared_ptr<const RE2> regex;
};

Relabeler::Relabeler(std::vector<RelabelRule> rules) : rules_(std::move(rules)) {}
Relabeler::~Relabeler() = default;

Result<std::shared_ptr<const Relabeler>> Relabeler::make(std::vector<RelabelRule> rules) {
    std::shared_ptr<Relabeler> made(new Relabeler(std::move(rules)));
    for (const RelabelRule& rule : made->rules_) {
        auto regex = promql::compileRegex(rule.regex);
        if (!regex)
            return regex.error();
        made->compiled_.push_back({&rule, *std::move(regex)});
    }
    return std::shared_ptr<const Relabeler>(std::move(made));
}

bool Relabeler::apply(LabelBuilder& labels) const {
    return std::all_of(compiled_.begin(), compiled_.end(),
                       [&](const Compiled& rule) { return apply(rule, labels); });
}

namespace {

std::string joined(const RelabelRule& rule, const LabelBuilder& labels) {
    std::string value;
    for (std::size_t i = 0; i < rule.sourceLabels.size(); ++i) {
        if (i > 0)
            value += rule.separator;
        value += labels.get(rule.sourceLabels[i]);
    }
    return value;
}

void replace(const RelabelRule& rule, const RE2& regex, const std::string& value,
             LabelBuilder& labels) {
    const auto found = match(regex, value);
    if (!found)
        return;
    const std::string target = expand(rule.targetLabel, *found);
    if (isLabelName(target))
        labels.set(target, expand(rule.replacement, *found));
}

/// For each label whose name matches, in the order of names: of several that are mapped to one name
/// the last counts.
template <typename Act>
void eachNamed(const RE2& regex, const LabelBuilder& labels, bool matching, Act act) {
    Labels before = labels.labels();
    std::sort(before.begin(), before.end(),
              [](const Label& a, const Label& b) { return a.name < b.name; });
    for (const Label& label : before) {
        const auto found = match(regex, label.name);
        if (found.has_value() == matching)
            act(label, found);
    }
}

}  // namespace

bool Relabeler::apply(const Compiled& compiled, LabelBuilder& labels) const {
    const RelabelRule& rule = *compiled.rule;
    const RE2& regex = *compiled.regex;
    const std::string value = joined(rule, labels);
    const auto matches = [&] { return match(regex, value).has_value(); };
    switch (rule.action) {
        case Action::Keep:
            return matches();
        case Action::Drop:
            return !matches();
        case Action::KeepEqual:
            return labels.get(rule.targetLabel) == value;
        case Action::DropEqual:
            return labels.get(rule.targetLabel) != value;
        case Action::Replace:
            replace(rule, regex, value, labels);
            break;
        case Action::Lowercase:
        case Action::Uppercase:
            labels.set(rule.targetLabel, cased(value, rule.action == Action::Uppercase));
            break;
        case Action::HashMod:
            labels.set(rule.targetLabel,
                       std::to_string(rule.modulus == 0 ? 0 : shareHash(value) % rule.modulus));
            break;
        case Action::LabelMap:
            eachNamed(regex, labels, true, [&](const Label& label, const auto& found) {
                labels.set(expand(rule.replacement, *found), label.value);
            });
            break;
        case Action::LabelDrop:
            eachNamed(regex, labels, true,
                      [&](const Label& label, const auto&) { labels.remove(label.name); });
            break;
        case Action::LabelKeep:
            eachNamed(regex, labels, false,
                      [&](const Label& label, const auto&) { labels.remove(label.name); });
            break;
    }
    return true;
}

}  // namespace levee
