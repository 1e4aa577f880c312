// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/expression_reader.h"

#include <fmt/format.h>

#include "rules/lang/scalar_reader.h"
#include "rules/promql/parser.h"

namespace levee {
namespace {

/// How many bytes stand before the expression in its token; -1: it is not written as it reads.
int bytesBefore(const YamlNode& node) {
    const int written = node.span.length - static_cast<int>(node.text.size());
    if (node.text.find('\n') != std::string::npos)
        return -1;
    return node.quoted && written == 2 ? 1 : !node.quoted && written == 0 ? 0 : -1;
}

}  // namespace

std::shared_ptr<const promql::Expression> readExpression(const YamlNode& node,
                                                         const std::string& path,
                                                         Findings& findings) {
    const auto text = readText(node, path, {1, promql::kMaxExpressionBytes}, findings);
    if (!text)
        return nullptr;
    const int before = bytesBefore(node);
    const promql::TextOrigin origin =
        before < 0 ? promql::TextOrigin{}
                   : promql::TextOrigin{findings.file(), node.span.line, node.span.column + before};
    promql::ParsedExpression parsed = promql::parseExpression(*text, origin);
    for (Diagnostic& found : parsed.diagnostics) {
        const SourcePlace inside = found.place;
        found.code = "bad-expression";
        if (before < 0) {
            found.message = fmt::format("{}, {}:{} in the expression: {}", path, inside.line,
                                        inside.column, found.message);
            found.place = findings.place(node.span);
        } else {
            found.message = fmt::format("{}: {}", path, found.message);
        }
        findings.add(std::move(found));
    }
    return parsed.expression;
}

}  // namespace levee
