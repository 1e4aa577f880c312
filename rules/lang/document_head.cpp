// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/document_head.h"

#include "rules/lang/scalar_reader.h"
#include "rules/lang/schema.h"

namespace levee {
namespace {

void readMetadata(FieldReader& metadata, DocumentHead& head) {
    if (const YamlNode* node = metadata.name("name", head.name))
        head.place = metadata.findings().place(node->span);
    metadata.require("name", "give the rule a name that is unique in the rule set");
    const auto checkKey = [](const std::string& key, const std::string&) {
        return isName(key) ? std::string()
                           : std::string("a key has 1 to 128 of the characters A-Z a-z 0-9 _ . -");
    };
    metadata.texts("labels", head.labels, kMaxRuleLabels, checkKey);
    metadata.texts("annotations", head.annotations, kMaxRuleLabels, checkKey);
}

}  // namespace

DocumentHead readHead(FieldReader& document) {
    DocumentHead head;
    std::string word;
    document.word("apiVersion", word, {kApiVersion});
    document.require("apiVersion", "write apiVersion: levee/v1");
    document.word("kind", word, {kGuardKind, kAutomationKind});
    document.require("kind", "write kind: Guard or kind: Automation");
    document.mapping("metadata", [&](FieldReader& metadata) { readMetadata(metadata, head); });
    document.require("metadata", "write metadata: {name: ...}");
    return head;
}

}  // namespace levee
