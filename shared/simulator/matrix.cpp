// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "rules/lang/scalar_reader.h"
#include "rules/lang/source_text.h"
#include "shared/base/suggestion.h"

namespace levee::simulator {
namespace {

constexpr std::size_t kLongestValue = 64;

struct Axis {
    std::string name;
    std::vector<std::string> values;
};

bool isAxisName(std::string_view text) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    return !text.empty() && text.size() <= kLongestValue &&
           kLetters.find(text[0]) != std::string_view::npos &&
           text.find_first_not_of(kAllowed) == std::string_view::npos;
}

void readValues(const YamlNode& list, const std::string& path, Axis& axis, Findings& findings) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const YamlNode& item = list.items[i];
        const auto text =
            readText(item, fmt::format("{}[{}]", path, i + 1), {1, kLongestValue}, findings);
        if (!text)
            continue;
        if (std::find(axis.values.begin(), axis.values.end(), *text) != axis.values.end())
            findings.error(
                "duplicate-value",
                fmt::format("{} has '{}' twice; each value stands once", path, shown(*text)),
                item.span);
        else
            axis.values.push_back(*text);
    }
}

std::optional<Axis> readAxis(const YamlEntry& entry, Findings& findings) {
    const std::string path = "spec.matrix." + shown(entry.key);
    if (!isAxisName(entry.key)) {
        findings.error("bad-name",
                       fmt::format("'{}' is no name for an axis; it begins with a letter and has "
                                   "1 to {} of the characters A-Z a-z 0-9 _",
                                   shown(entry.key), kLongestValue),
                       entry.keySpan);
        return std::nullopt;
    }
    if (!expectList(entry.value, path, findings))
        return std::nullopt;
    const std::size_t count = entry.value.items.size();
    if (count == 0 || count > kMostAxisValues) {
        findings.error(
            "out-of-range",
            fmt::format("{} has {} values; it must have 1 to {}", path, count, kMostAxisValues),
            entry.keySpan);
        return std::nullopt;
    }
    Axis axis{entry.key, {}};
    readValues(entry.value, path, axis, findings);
    return axis;
}

std::vector<MatrixPoint> product(const std::vector<Axis>& axes) {
    std::vector<MatrixPoint> points(1);
    for (const Axis& axis : axes) {
        std::vector<MatrixPoint> longer;
        longer.reserve(points.size() * axis.values.size());
        for (const MatrixPoint& point : points) {
            for (const std::string& value : axis.values) {
                longer.push_back(point);
                longer.back().values.emplace_back(axis.name, value);
            }
        }
        points = std::move(longer);
    }
    return points;
}

/// One scalar with its `${...}` replaced.
class Replacement {
public:
    Replacement(YamlNode& node, const MatrixPoint& point, std::set<std::string>& used,
                Findings& findings)
        : node_(node), point_(point), used_(used), findings_(findings) {}

    void run() {
        std::string result;
        std::string_view rest = node_.text;
        std::size_t open = rest.find("${");
        if (open == std::string_view::npos)
            return;
        for (; open != std::string_view::npos; open = rest.find("${")) {
            result += rest.substr(0, open);
            const std::size_t close = rest.find('}', open);
            if (close == std::string_view::npos)
                return fail("'${' without '}'");
            const std::string* value = find(rest.substr(open + 2, close - open - 2));
            if (value == nullptr)
                return;
            result += *value;
            rest.remove_prefix(close + 1);
        }
        result += rest;
        node_.text = std::move(result);
        node_.quoted = false;
    }

private:
    const std::string* find(std::string_view name) {
        std::vector<std::string> known;
        for (const auto& [axis, value] : point_.values) {
            if (axis == name) {
                used_.insert(axis);
                return &value;
            }
            known.push_back(axis);
        }
        const std::string nearest = nearestWord(name, known);
        fail(known.empty()
                 ? fmt::format("'${{{}}}' needs an axis of this name in spec.matrix", shown(name))
                 : fmt::format("spec.matrix has no axis '{}'{}", shown(name),
                               nearest.empty() ? "; add it" : "; did you mean '" + nearest + "'?"));
        return nullptr;
    }
    void fail(std::string message) { findings_.error("matrix", std::move(message), node_.span); }

    YamlNode& node_;
    const MatrixPoint& point_;
    std::set<std::string>& used_;
    Findings& findings_;
};

}  // namespace

std::string MatrixPoint::suffix() const {
    std::string text;
    for (const auto& [axis, value] : values)
        text += fmt::format("{}{}={}", text.empty() ? "[" : ",", axis, value);
    return text.empty() ? text : text + "]";
}

std::vector<MatrixPoint> readMatrix(const YamlNode* matrix, Findings& findings) {
    if (matrix == nullptr)
        return product({});
    if (!expectMapping(*matrix, "spec.matrix", findings))
        return {};
    const std::size_t errorsBefore = findings.errorCount();
    if (matrix->entries.size() > kMostAxes) {
        findings.error("out-of-range",
                       fmt::format("spec.matrix has {} axes; at most {} are allowed",
                                   matrix->entries.size(), kMostAxes),
                       matrix->entries[kMostAxes].keySpan);
        return {};
    }
    std::vector<Axis> axes;
    std::size_t count = 1;
    for (const YamlEntry& entry : matrix->entries) {
        if (std::optional<Axis> axis = readAxis(entry, findings)) {
            count *= axis->values.size();
            axes.push_back(std::move(*axis));
        }
    }
    if (findings.errorCount() != errorsBefore)
        return {};
    if (count > kMostMatrixPoints) {
        findings.error("out-of-range",
                       fmt::format("spec.matrix makes {} scenarios; at most {} are allowed", count,
                                   kMostMatrixPoints),
                       matrix->span);
        return {};
    }
    return product(axes);
}

void substitute(YamlNode& node, const MatrixPoint& point, std::set<std::string>& used,
                Findings& findings) {
    if (node.kind == YamlNode::Kind::Scalar)
        Replacement(node, point, used, findings).run();
    for (YamlNode& item : node.items)
        substitute(item, point, used, findings);
    for (YamlEntry& entry : node.entries)
        substitute(entry.value, point, used, findings);
}

}  // namespace levee::simulator
