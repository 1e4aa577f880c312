// SPDX-License-Identifier: Apache-2.0
#include "tests/shared/stats/promtool_file.h"

#include <yaml-cpp/yaml.h>

#include <regex>
#include <sstream>

namespace levee::test {
namespace {

PromtoolSeries readSeries(const YAML::Node& node) {
    static const std::regex kForm(R"re((\w+)(?:\{le="([^"]+)"\})?)re");
    PromtoolSeries series;
    std::smatch parts;
    const auto name = node["series"].as<std::string>();
    if (!std::regex_match(name, parts, kForm)) {
        throw std::invalid_argument("series '" + name + "' is not of the form a or a{le=\"1\"}");
    }
    series.metric = parts[1];
    series.bound = parts[2];
    std::istringstream values(node["values"].as<std::string>());
    for (std::string word; values >> word;) {
        series.values.push_back(word == "_" ? std::nullopt : std::optional(std::stod(word)));
    }
    return series;
}

}  // namespace

Duration promtoolDuration(const std::string& text) {
    std::size_t end = 0;
    const int number = std::stoi(text, &end);
    return text.substr(end) == "ms" ? Duration(std::chrono::milliseconds(number))
                                    : Duration(std::chrono::seconds(number));
}

PromtoolFile readPromtoolFile(const std::string& path) {
    const YAML::Node test = YAML::LoadFile(path)["tests"][0];
    PromtoolFile file;
    file.interval = promtoolDuration(test["interval"].as<std::string>());
    for (const auto& node : test["input_series"]) {
        file.series.push_back(readSeries(node));
    }
    for (const auto& node : test["promql_expr_test"]) {
        const auto samples = node["exp_samples"];
        file.expectations.push_back(
            {node["expr"].as<std::string>(), promtoolDuration(node["eval_time"].as<std::string>()),
             samples.size() > 0 ? std::optional(samples[0]["value"].as<double>()) : std::nullopt});
    }
    return file;
}

}  // namespace levee::test
