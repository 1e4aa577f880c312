// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/expression_reader.h"

#include <fmt/format.h>

#include "rules/lang/scalar_places.h"
#include "rules/lang/scalar_reader.h"
#include "rules/promql/parser.h"

namespace levee {

std::shared_ptr<const promql::Expression> readExpression(const YamlNode& node,
                                                         const std::string& path,
                                                         std::string_view source,
                                                         Findings& findings) {
    const auto text = readText(node, path, {1, promql::kMaxExpressionBytes}, findings);
    if (!text)
        return nullptr;
    const promql::ParsedExpression parsed = promql::parseExpression(*text);
    const ScalarPlaces places(source, node);
    for (const Diagnostic& found : parsed.diagnostics)
        findings.error("bad-expression", fmt::format("{}: {}", path, found.message),
                       places.at(found.place.line, found.place.column, found.place.length));
    return parsed.expression;
}

}  // namespace levee
