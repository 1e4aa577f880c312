// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "rules/lang/source_text.h"
#include "rules/lang/yaml_reader.h"

namespace levee {
namespace {

struct Identity {
    std::string kind;
    std::string name;
    bool operator==(const Identity&) const = default;
};

/// A stretch of the text. All chunks one after the other are the text.
struct Chunk {
    std::string separator;  ///< the `---` line, or "" for a first document without one
    std::string body;       ///< whole lines, with the comments
    bool hasContent = false;
    int line = 1;       ///< where the chunk begins, from 1
    Identity identity;  ///< empty parts: not given
};

struct CutText {
    std::string head;  ///< comments of the text itself
    std::vector<Chunk> chunks;
};

bool isMarker(std::string_view line, std::string_view marker) {
    return line.starts_with(marker) &&
           (line.size() == marker.size() ||
            std::string_view(" \t\r\n").find(line[marker.size()]) != std::string_view::npos);
}

/// Neither blank nor only a comment.
bool isContent(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && line[first] != '#';
}

bool isModeline(std::string_view line) {
    return line.starts_with('#') && line.find("$schema=") != std::string_view::npos;
}

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

/// How many of the first lines belong to the text: all comments up to the last blank line or
/// modeline before the first content or `---`.
std::size_t headLines(const std::vector<std::string_view>& lines) {
    std::size_t head = 0;
    for (std::size_t i = 0; i < lines.size() && !isContent(lines[i]); ++i) {
        if (lines[i].find('#') == std::string_view::npos || isModeline(lines[i]))
            head = i + 1;
    }
    return head;
}

void addLine(Chunk& chunk, std::string_view line) {
    chunk.body += line;
    chunk.hasContent = chunk.hasContent || (isContent(line) && !isMarker(line, "..."));
}

/// A `---` line is a separator wherever it stands: YAML ends every scalar there.
CutText cut(std::string_view text) {
    // Some editors begin a file with a byte order mark; in the middle of a text it is none.
    if (text.starts_with(kByteOrderMark))
        text.remove_prefix(kByteOrderMark.size());
    CutText result;
    const std::vector<std::string_view> lines = linesOf(text);
    std::size_t i = 0;
    for (const std::size_t head = headLines(lines); i < head; ++i)
        result.head += lines[i];
    bool isEnded = true;
    for (; i < lines.size(); ++i) {
        const bool isSeparator = isMarker(lines[i], "---");
        if (isSeparator || isEnded) {
            result.chunks.emplace_back();
            result.chunks.back().line = static_cast<int>(i) + 1;
        }
        Chunk& chunk = result.chunks.back();
        if (isSeparator && !isContent(lines[i].substr(3)))
            chunk.separator = lines[i];
        else
            addLine(chunk, lines[i]);
        isEnded = isMarker(lines[i], "...");
    }
    return result;
}

std::string textAt(const YamlNode& node, std::string_view key) {
    const YamlNode* value = node.find(key);
    return value != nullptr && value->kind == YamlNode::Kind::Scalar ? value->text : std::string();
}

Identity identityOf(const YamlNode& document) {
    const YamlNode* metadata = document.find("metadata");
    return {textAt(document, "kind"),
            metadata != nullptr ? textAt(*metadata, "name") : std::string()};
}

/// Cuts a text and gives each chunk with content its identity. `what` names the text in errors.
Result<CutText> readText(std::string_view text, const std::string& what) {
    const YamlText yaml = readYaml(text, what);
    if (!yaml.diagnostics.empty())
        return Error{format(yaml.diagnostics.front()), ErrorKind::Invalid};
    CutText result = cut(text);
    std::size_t next = 0;
    for (Chunk& chunk : result.chunks) {
        if (chunk.hasContent && next < yaml.documents.size())
            chunk.identity = identityOf(yaml.documents[next++]);
    }
    const auto contents = std::count_if(result.chunks.begin(), result.chunks.end(),
                                        [](const Chunk& c) { return c.hasContent; });
    // A document that says nothing but `null`, or a directive: nothing that a rule text has.
    if (static_cast<std::size_t>(contents) != yaml.documents.size())
        return Error{what + ": cannot tell the documents apart; separate them by lines of ---",
                     ErrorKind::Invalid};
    return result;
}

std::string joined(const CutText& text) {
    std::string result = text.head;
    for (const Chunk& chunk : text.chunks) {
        if (!result.empty() && !result.ends_with('\n'))
            result += '\n';
        result += chunk.separator + chunk.body;
    }
    return result;
}

Chunk* find(CutText& text, const Identity& identity) {
    const auto it = std::find_if(text.chunks.begin(), text.chunks.end(),
                                 [&](const Chunk& c) { return c.identity == identity; });
    return it == text.chunks.end() ? nullptr : &*it;
}

/// The first identity that stands twice.
std::optional<Error> repeated(const CutText& text, const std::string& what) {
    std::map<std::pair<std::string, std::string>, int> lines;
    for (const Chunk& chunk : text.chunks) {
        const auto& [kind, name] = chunk.identity;
        if (name.empty())
            continue;
        const auto [first, isNew] = lines.emplace(std::pair(kind, name), chunk.line);
        if (!isNew)
            return Error{fmt::format("{}:{}: {} '{}' stands twice, here and at line {}", what,
                                     chunk.line, shown(kind), shown(name), first->second),
                         ErrorKind::Invalid};
    }
    return std::nullopt;
}

bool hasContent(const CutText& text) {
    return std::any_of(text.chunks.begin(), text.chunks.end(),
                       [](const Chunk& c) { return c.hasContent; });
}

/// Puts one edited document into the base. A body may bring its own marker: `--- {kind: ...}`.
void place(CutText& base, Chunk edit) {
    const bool bringsMarker = isMarker(edit.body, "---");
    if (!edit.body.ends_with('\n'))
        edit.body += '\n';
    if (Chunk* old = find(base, edit.identity)) {
        const bool hadMarker = !old->separator.empty() || isMarker(old->body, "---");
        if (bringsMarker || old->separator.empty())
            old->separator = hadMarker && !bringsMarker ? "---\n" : "";
        old->body = std::move(edit.body);
        return;
    }
    edit.separator = hasContent(base) && !bringsMarker ? "---\n" : "";
    base.chunks.push_back(std::move(edit));
}

/// The joined text, after a look whether it reads as the documents that it was made of: cutting at
/// lines must never change what a document that nobody edited means.
Result<std::string> checked(const CutText& expected) {
    std::string text = joined(expected);
    const Result<CutText> read = readText(text, "result");
    const auto next = [](auto it, auto end) {
        return std::find_if(it, end, [](const Chunk& c) { return c.hasContent; });
    };
    bool isSame = read.isOk();
    if (isSame) {
        auto a = next(expected.chunks.begin(), expected.chunks.end());
        auto b = next(read->chunks.begin(), read->chunks.end());
        for (;
             a != expected.chunks.end() && b != read->chunks.end() && a->identity == b->identity;) {
            a = next(a + 1, expected.chunks.end());
            b = next(b + 1, read->chunks.end());
        }
        isSame = a == expected.chunks.end() && b == read->chunks.end();
    }
    if (!isSame)
        return Error{"the documents cannot be put together; separate them by lines of --- only",
                     ErrorKind::Invalid};
    return text;
}

}  // namespace

Result<std::string> mergeDocuments(std::string_view baseText, std::string_view editText) {
    Result<CutText> base = readText(baseText, "base");
    if (!base)
        return base.error();
    const Result<CutText> edit = readText(editText, "edit");
    if (!edit)
        return edit.error();
    for (const auto& problem : {repeated(*base, "base"), repeated(*edit, "edit")}) {
        if (problem)
            return *problem;
    }
    if (base->head.empty() && base->chunks.empty())
        base->head = edit->head;
    for (const Chunk& chunk : edit->chunks) {
        if (!chunk.hasContent)
            continue;
        if (chunk.identity.kind.empty() || chunk.identity.name.empty())
            return Error{fmt::format("edit:{}: this document has no {}", chunk.line,
                                     chunk.identity.kind.empty() ? "kind" : "metadata.name"),
                         ErrorKind::Invalid};
        place(*base, chunk);
    }
    return checked(*base);
}

Result<std::string> removeDocument(std::string_view baseText, std::string_view name) {
    Result<CutText> base = readText(baseText, "base");
    if (!base)
        return base.error();
    std::vector<Chunk>& chunks = base->chunks;
    const auto isNamed = [&](const Chunk& c) { return c.hasContent && c.identity.name == name; };
    const auto count = std::count_if(chunks.begin(), chunks.end(), isNamed);
    if (count == 0)
        return Error{fmt::format("no document is named '{}'", shown(name)), ErrorKind::NotFound};
    if (count > 1)
        return Error{fmt::format("{} documents are named '{}'", count, shown(name)),
                     ErrorKind::Conflict};
    const auto gone = std::find_if(chunks.begin(), chunks.end(), isNamed);
    const bool wasUnmarked = gone->separator.empty();
    const auto it = chunks.erase(gone);
    // A text must not begin with a separator that separates nothing, unless its author wrote one.
    if (it == chunks.begin() && it != chunks.end() && base->head.empty() && wasUnmarked)
        it->separator.clear();
    return checked(*base);
}

}  // namespace levee
