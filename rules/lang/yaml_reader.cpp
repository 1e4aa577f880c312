// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/yaml_reader.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <istream>
#include <optional>
#include <streambuf>
#include <unordered_map>
#include <utility>

#include "rules/lang/findings.h"
#include "rules/lang/source_text.h"

namespace levee {
namespace {

/// Ends the reading; the finding is already recorded.
struct Stop {};

/// Builds the trees from the parser's events, and stops at the limits while the text is still being
/// read, so that nothing larger than the limits is ever built.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(const SourceText& source, Findings& findings, std::vector<YamlNode>& documents)
        : source_(source), findings_(findings), documents_(documents) {}

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuseAlias(mark); }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::List, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(YamlNode::Kind::Mapping, mark, tag, anchor);
    }
    void OnMapEnd() override { close(); }
    void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuseAlias(mark); }

    /// Where the last event stood, for an error that the parser cannot place.
    YamlSpan last() const { return last_; }

private:
    /// A mapping or list that is still open.
    struct Frame {
        YamlNode node;
        bool hasKey = false;  ///< mapping: `key` waits for its value
        bool skip = false;    ///< mapping: `key` is a duplicate, its value is dropped
        std::string key;
        YamlSpan keySpan;
        std::unordered_map<std::string, YamlSpan> keys;
    };

    bool wantsKey() const {
        return !frames_.empty() && frames_.back().node.kind == YamlNode::Kind::Mapping &&
               !frames_.back().hasKey;
    }
    void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
    void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
              YAML::anchor_t anchor);
    void close();
    void takeKey(const std::string& value, YamlSpan span);
    void attach(YamlNode node);
    [[noreturn]] void stop(std::string code, std::string message, YamlSpan span);
    [[noreturn]] void refuseAlias(const YAML::Mark& mark) {
        stop("alias", "anchors (&) and aliases (*) are not supported; write the value out",
             source_.at(mark.line, mark.column, 1));
    }

    const SourceText& source_;
    Findings& findings_;
    std::vector<YamlNode>& documents_;
    std::vector<Frame> frames_;
    std::size_t nodes_ = 0;
    YamlSpan last_;
};

void TreeBuilder::stop(std::string code, std::string message, YamlSpan span) {
    findings_.error(std::move(code), std::move(message), span);
    throw Stop{};
}

/// What every value goes through. yaml-cpp gives untagged plain values the tag "?", untagged quoted
/// ones "!".
void TreeBuilder::check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    last_ = source_.at(mark.line, mark.column, 0);
    if (anchor != 0)
        refuseAlias(mark);
    const bool hasTag = !tag.empty() && tag != "?" && tag != "!";
    if (hasTag || source_.startsWith(mark.line, mark.column, "!"))
        stop("tag", "tags (!) are not supported; write the plain value", last_);
}

/// yaml-cpp takes what does not fit below a finished value for the next document.
void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
    frames_.clear();
    if (!source_.beginsDocument(mark.line))
        stop("syntax", "this does not belong to what stands above it; check the indentation",
             source_.at(mark.line, mark.column, 0));
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    check(mark, "", anchor);
    if (wantsKey())
        stop("syntax", "a key is missing before this ':'", last_);
    YamlNode node;
    node.span = source_.nullAt(mark.line, mark.column);
    // A value that is not there has no place of its own: its key is the best that can be shown.
    if (node.span.length == 0 && !frames_.empty() && frames_.back().hasKey)
        node.span = frames_.back().keySpan;
    attach(std::move(node));
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
    check(mark, tag, anchor);
    const YamlSpan span = source_.scalarAt(mark.line, mark.column, value);
    if (!source_.isClosed(mark.line, mark.column))
        stop("syntax", "the closing quote is missing", span);
    if (wantsKey())
        return takeKey(value, span);
    YamlNode node;
    node.kind = YamlNode::Kind::Scalar;
    node.span = span;
    node.text = value;
    node.quoted = tag == "!";
    attach(std::move(node));
}

void TreeBuilder::takeKey(const std::string& value, YamlSpan span) {
    Frame& frame = frames_.back();
    frame.hasKey = true;
    frame.key = value;
    frame.keySpan = span;
    const auto [first, isNew] = frame.keys.emplace(value, span);
    frame.skip = !isNew;
    if (!isNew)
        findings_.error("duplicate-key",
                        fmt::format("duplicate key '{}'; it is already given at {}:{}",
                                    shown(value), first->second.line, first->second.column),
                        span);
}

void TreeBuilder::open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor) {
    check(mark, tag, anchor);
    if (wantsKey())
        stop("syntax",
             "a key must be a plain word, not a list or a mapping; or a closing bracket is missing",
             last_);
    if (frames_.size() == kYamlMaxDepth)
        stop("too-deep", fmt::format("more than {} levels of nesting", kYamlMaxDepth), last_);
    Frame frame;
    frame.node.kind = kind;
    frame.node.span = source_.openingAt(mark.line, mark.column);
    frames_.push_back(std::move(frame));
}

void TreeBuilder::close() {
    YamlNode node = std::move(frames_.back().node);
    frames_.pop_back();
    attach(std::move(node));
}

void TreeBuilder::attach(YamlNode node) {
    if (++nodes_ > kYamlMaxNodes)
        stop("too-large", fmt::format("more than {} values in one text", kYamlMaxNodes), node.span);
    if (frames_.empty()) {
        // Nothing between two --- is no document; a ~ that somebody wrote is one, of the wrong
        // kind.
        if (node.kind != YamlNode::Kind::Null || node.span.length > 0)
            documents_.push_back(std::move(node));
        return;
    }
    Frame& frame = frames_.back();
    if (frame.node.kind == YamlNode::Kind::List) {
        frame.node.items.push_back(std::move(node));
        return;
    }
    if (!frame.skip)
        frame.node.entries.push_back({std::move(frame.key), frame.keySpan, std::move(node)});
    frame.hasKey = false;
}

/// Reads from memory that somebody else owns.
class MemoryStream final : private std::streambuf, public std::istream {
public:
    explicit MemoryStream(std::string_view text)
        : std::istream(static_cast<std::streambuf*>(this)) {
        char* begin = const_cast<char*>(text.data());  // the interface asks for it, nobody writes
        setg(begin, begin, begin + text.size());
    }
};

struct Advice {
    std::string_view theirs;
    std::string_view ours;
};
const std::array<Advice, 10> kAdvice{{
    {YAML::ErrorMsg::END_OF_MAP, "the mapping ends unexpectedly; check the indentation"},
    {YAML::ErrorMsg::END_OF_SEQ, "the list ends unexpectedly; check the indentation"},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "a ',' or the closing '}' is missing"},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a ',' or the closing ']' is missing"},
    {YAML::ErrorMsg::MAP_VALUE,
     "a ':' is not expected here; check the indentation, or put the value in quotes"},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a list item is not expected here; check the indentation"},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "the closing quote is missing"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "this character starts no value; put the value in quotes"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR,
     "anchors (&) and aliases (*) are not supported; write the value out"},
    {YAML::ErrorMsg::FLOW_END, "this closing bracket was never opened"},
}};

std::string advice(const std::string& message) {
    for (const Advice& entry : kAdvice) {
        if (entry.theirs == message)
            return std::string(entry.ours);
    }
    return message;
}

/// A tab in the indentation confuses the parser somewhere later; the tab is the thing to show.
void reportSyntax(const YAML::ParserException& error, const SourceText& source, YamlSpan last,
                  Findings& findings) {
    const int line = error.mark.is_null() ? last.line : error.mark.line + 1;
    for (int l = line; l > 0 && l >= last.line; --l) {
        if (const std::optional<YamlSpan> tab = source.tabInIndentation(l)) {
            findings.error("tab", "a tab in the indentation; indent with spaces", *tab);
            return;
        }
    }
    findings.error("syntax", advice(error.msg),
                   error.mark.is_null() ? last : source.at(error.mark.line, error.mark.column, 0));
}

}  // namespace

YamlText readYaml(std::string_view text, const std::string& fileName) {
    YamlText result;
    Findings findings(fileName);
    if (text.starts_with(kByteOrderMark))
        text.remove_prefix(kByteOrderMark.size());
    if (text.size() > kYamlMaxBytes) {
        findings.error(
            "too-large",
            fmt::format("the text has {} bytes; at most {} are read", text.size(), kYamlMaxBytes),
            {});
        result.diagnostics = findings.take();
        return result;
    }
    const SourceText source(text);
    TreeBuilder builder(source, findings, result.documents);
    try {
        if (const std::optional<YamlSpan> bad = source.firstBadByte()) {
            findings.error("encoding",
                           "not UTF-8 text, a control character, or a second byte order mark",
                           *bad);
            throw Stop{};
        }
        if (const std::optional<YamlSpan> directive = source.firstDirective()) {
            findings.error("directive", "YAML directives (%...) are not supported; remove the line",
                           *directive);
            throw Stop{};
        }
        MemoryStream stream(text);
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const Stop&) {
        // The finding says why.
    } catch (const YAML::ParserException& error) {
        reportSyntax(error, source, builder.last(), findings);
    } catch (const YAML::Exception& error) {
        findings.error("syntax", error.msg, builder.last());
    }
    result.diagnostics = findings.take();
    return result;
}

const YamlNode* YamlNode::find(std::string_view key) const {
    const auto it = std::find_if(entries.begin(), entries.end(),
                                 [&](const YamlEntry& entry) { return entry.key == key; });
    return it == entries.end() ? nullptr : &it->value;
}

}  // namespace levee
