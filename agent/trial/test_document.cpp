// SPDX-License-Identifier: Apache-2.0
#include "agent/trial/test_document.h"

#include "rules/lang/schema.h"

namespace levee::trial {

void readTestDocument(FieldReader& fields, Findings& findings, std::string& name,
                      SourcePlace& place, const char* wanted,
                      const std::function<void(FieldReader&)>& readSpec) {
    std::string word;
    fields.word("apiVersion", word, {kApiVersion});
    fields.require("apiVersion", "write apiVersion: levee/v1");
    fields.any("kind");
    fields.mapping("metadata", [&](FieldReader& metadata) {
        if (const YamlNode* node = metadata.text("name", name, {1, 256}))
            place = findings.place(node->span);
        metadata.require("name", "say what the test is about");
    });
    fields.require("metadata", "write metadata: {name: ...}");
    fields.mapping("spec", readSpec);
    fields.require("spec", wanted);
    fields.finish();
}

}  // namespace levee::trial
