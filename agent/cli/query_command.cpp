// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/table.h"
#include "agent/cli/text_file.h"
#include "rules/promql/number_text.h"
#include "rules/promql/parser.h"

namespace levee::cli {
namespace {

using nlohmann::json;

/// As `data` of Prometheus' HTTP API: numbers are texts, as JSON has no NaN.
std::string jsonText(const QueryAnswer& answer) {
    const double seconds = static_cast<double>(answer.millis) / 1000;
    const auto point = [seconds](double value) {
        return json::array({seconds, promql::formatNumber(value)});
    };
    json data;
    if (answer.value.type == promql::ValueType::Scalar) {
        data = {{"resultType", "scalar"}, {"result", point(answer.value.scalar)}};
    } else {
        data = {{"resultType", "vector"}, {"result", json::array()}};
        for (const promql::Element& element : answer.value.vector) {
            json metric = json::object();
            for (const promql::Label& label : element.labels)
                metric[label.name] = label.value;
            data["result"].push_back({{"metric", metric}, {"value", point(element.value)}});
        }
    }
    return data.dump(2, ' ', false, json::error_handler_t::replace);
}

void printTable(const QueryAnswer& answer) {
    if (answer.value.type == promql::ValueType::Scalar) {
        std::printf("%s\n", promql::formatNumber(answer.value.scalar).c_str());
        return;
    }
    if (answer.value.vector.empty()) {
        std::fputs("no series; the section keep of agent.yaml says what is kept\n", stderr);
        return;
    }
    Table table({{"SERIES"}, {"VALUE", Table::Align::Right}});
    for (const promql::Element& element : answer.value.vector)
        table.add({promql::text(element.labels), promql::formatNumber(element.value)});
    std::fputs(table.text().c_str(), stdout);
}

}  // namespace

int query(const QueryOptions& options) {
    const auto answer = AgentClient(options.agent).query(options.expression);
    if (!answer) {
        std::fprintf(stderr, "levee: %s\n", answer.error().message.c_str());
        return kFailure;
    }
    std::fputs(format(answer->diagnostics).c_str(), stderr);
    if (hasErrors(answer->diagnostics))
        return kLint;
    if (options.output == "json")
        std::printf("%s\n", jsonText(*answer).c_str());
    else
        printTable(*answer);
    return kOk;
}

int checkPromql(const std::string& expressionOrFile) {
    std::error_code error;
    const bool isFile =
        expressionOrFile == "-" || std::filesystem::is_regular_file(expressionOrFile, error);
    const Result<std::string> text =
        isFile ? readText(expressionOrFile) : Result<std::string>(expressionOrFile);
    if (!text) {
        std::fprintf(stderr, "%s\n", text.error().message.c_str());
        return kFailure;
    }
    const promql::ParsedExpression parsed =
        promql::parseExpression(*text, {isFile ? expressionOrFile : ""});
    std::fputs(format(parsed.diagnostics).c_str(), stderr);
    if (hasErrors(parsed.diagnostics))
        return kFailure;
    std::printf("the expression is right: it gives %s\n",
                std::string(name(parsed.expression->type)).c_str());
    return kOk;
}

}  // namespace levee::cli
