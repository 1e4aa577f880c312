// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/document.h"

#include <QTest>

#include "rules/lang/format.h"
#include "rules/lang/rule_parser.h"
#include "tests/rules/lang/random_rules.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

const std::string kBase =
    "# yaml-language-server: $schema=x\n"
    "# Owned by the pay team.\n"
    "\n"
    "# about a\n"
    "kind: Guard\n"
    "metadata: {name: a}   # first\n"
    "v: 1\n"
    "---\n"
    "# about b\n"
    "kind: Guard\n"
    "metadata:\n"
    "  name: b\n"
    "text: |\n"
    "  not a separator: ---\n"
    "  ---\n"
    "--- # third\n"
    "kind: Guard\n"
    "metadata: {name: c}\n";

QString merged(const std::string& base, const std::string& edit) {
    const auto result = mergeDocuments(base, edit);
    return QString::fromStdString(result ? result.value() : "error: " + result.error().message);
}

QString without(const std::string& base, const std::string& name) {
    const auto result = removeDocument(base, name);
    return QString::fromStdString(result ? result.value() : "error: " + result.error().message);
}

std::string doc(const std::string& name, const std::string& value) {
    return "kind: Guard\nmetadata: {name: " + name + "}\nv: " + value + "\n";
}

QString replaced(const std::string& from, const std::string& to) {
    return QString::fromStdString(kBase).replace(QString::fromStdString(from),
                                                 QString::fromStdString(to));
}

}  // namespace

class DocumentTest : public QObject {
    Q_OBJECT
private slots:
    void anEmptyEditChangesNothing() {
        QCOMPARE(merged(kBase, ""), QString::fromStdString(kBase));
        QCOMPARE(merged(kBase, "# only a remark\n"), QString::fromStdString(kBase));
    }
    void aDocumentTakesThePlaceOfTheOneOfItsName() {
        const std::string b = kBase.substr(kBase.find("# about b"));
        QCOMPARE(merged(kBase, doc("b", "2")),
                 replaced(b.substr(0, b.find("--- # third")), doc("b", "2")));
    }
    void theFirstDocumentLeavesTheCommentsOfTheText() {
        const std::string a = kBase.substr(kBase.find("# about a"));
        QCOMPARE(merged(kBase, "# new\n" + doc("a", "2")),
                 replaced(a.substr(0, a.find("---\n")), "# new\n" + doc("a", "2")));
    }
    void aNewDocumentIsAppended() {
        QCOMPARE(merged(kBase, doc("d", "1")),
                 QString::fromStdString(kBase + "---\n" + doc("d", "1")));
        QCOMPARE(merged("a: 1", doc("d", "1")),
                 QString::fromStdString("a: 1\n---\n" + doc("d", "1")));
    }
    void severalDocumentsAreMergedAtOnce() {
        const QString text = merged(doc("a", "1") + "---\n" + doc("b", "1"),
                                    doc("c", "2") + "---\n" + doc("a", "2"));
        QCOMPARE(text, QString::fromStdString(doc("a", "2") + "---\n" + doc("b", "1") + "---\n" +
                                              doc("c", "2")));
    }
    void anEmptyBaseBecomesTheEdit() {
        const std::string edit = "# yaml-language-server: $schema=x\n" + doc("a", "1");
        QCOMPARE(merged("", edit), QString::fromStdString(edit));
    }
    void theModelineOfAnEditIsNotTakenOver() {
        QCOMPARE(merged(doc("a", "1"), "# yaml-language-server: $schema=x\n" + doc("a", "2")),
                 QString::fromStdString(doc("a", "2")));
    }
    void anotherKindIsAnotherDocument() {
        const std::string other = "kind: Pack\nmetadata: {name: a}\n";
        QCOMPARE(merged(doc("a", "1"), other),
                 QString::fromStdString(doc("a", "1") + "---\n" + other));
    }
    void aBodyOnTheSeparatorLineIsUnderstood() {
        const std::string inlineDoc = "--- {kind: Guard, metadata: {name: a}}\n";
        QCOMPARE(merged(inlineDoc + "---\n" + doc("b", "1"), doc("a", "2")),
                 QString::fromStdString("---\n" + doc("a", "2") + "---\n" + doc("b", "1")));
        QCOMPARE(merged(doc("a", "1") + "---\n" + doc("b", "1"), inlineDoc),
                 QString::fromStdString(inlineDoc + "---\n" + doc("b", "1")));
    }
    void textsThatCannotBeReadAreRefusedWithTheirPlace() {
        QVERIFY(merged("a: [\n", doc("a", "1")).startsWith("error: base:"));
        QVERIFY(merged(kBase, "a: [\n").startsWith("error: edit:"));
        QCOMPARE(merged(kBase, "kind: Guard\n"),
                 QString("error: edit:1: this document has no metadata.name"));
        QCOMPARE(merged(kBase, doc("a", "1") + "---\nmetadata: {name: a}\n"),
                 QString("error: edit:4: this document has no kind"));
        QCOMPARE(merged(kBase, doc("a", "1") + "---\n" + doc("a", "2")),
                 QString("error: edit:4: Guard 'a' stands twice, here and at line 1"));
        QVERIFY(merged(doc("a", "1") + "---\n" + doc("a", "2"), "").startsWith("error: base:4: "));
    }
    void aDocumentIsRemovedAndTheOthersStay() {
        const std::string b = kBase.substr(kBase.find("---\n# about b"));
        QCOMPARE(without(kBase, "b"), replaced(b.substr(0, b.find("--- # third")), ""));
        QCOMPARE(without(kBase, "c"),
                 replaced("--- # third\nkind: Guard\nmetadata: {name: c}\n", ""));
        QCOMPARE(without(doc("a", "1") + "---\n" + doc("b", "1"), "a"),
                 QString::fromStdString(doc("b", "1")));
        QCOMPARE(without(doc("a", "1"), "a"), QString());
    }
    void removingWhatIsNotThereIsNotFound() {
        QVERIFY(removeDocument(kBase, "x").error().kind == ErrorKind::NotFound);
        const auto twice = removeDocument(doc("a", "1") + "---\n" + doc("a", "2"), "a");
        QVERIFY(twice.error().kind == ErrorKind::Conflict);
    }
    void endMarkersDoNotGlueDocumentsTogether() {
        const std::string base = doc("a", "1") + "...\n" + doc("b", "1");
        const auto result = mergeDocuments(base, doc("a", "2"));
        QVERIFY(!result);  // the text around the marker would change its meaning
        QVERIFY(mergeDocuments(base, doc("b", "2")).isOk());
    }
    /// Whatever is merged, the result means the base with the edited rules put in.
    void aMergeMeansWhatItSays() {
        Random random(99);
        for (int round = 0; round < 300; ++round) {
            const auto make = [&] {
                RuleSet set = test::randomRules(random);
                set.automations.clear();  // a merge leaves them where they stand, not at the end
                for (std::size_t i = 0; i < set.rules.size(); ++i) {
                    set.rules[i].name = "r" + std::to_string(i + random.next() % 2 * 10);
                    set.rules[i].service = set.rules[i].name;
                    set.rules[i].client.clear();
                }
                return set;
            };
            const RuleSet base = make();
            const RuleSet edit = make();
            RuleSet expected = base;
            for (const Rule& rule : edit.rules) {
                const auto old =
                    std::find_if(expected.rules.begin(), expected.rules.end(),
                                 [&](const Rule& other) { return other.name == rule.name; });
                if (old == expected.rules.end())
                    expected.rules.push_back(rule);
                else
                    *old = rule;
            }
            const auto text = mergeDocuments(formatRules(base), formatRules(edit));
            QVERIFY2(text.isOk(), text ? "" : text.error().message.c_str());
            const ParsedRules parsed = parseRules(*text, "f");
            QVERIFY2(meansTheSame(parsed.rules, expected), text->c_str());
            // The canonical text of a set is what a merge of canonical texts makes.
            QCOMPARE(QString::fromStdString(*text), QString::fromStdString(formatRules(expected)));
            for (const Rule& rule : base.rules) {
                const auto less = removeDocument(formatRules(base), rule.name);
                QVERIFY(less.isOk());
                QCOMPARE(parseRules(*less, "f").rules.rules.size(), base.rules.size() - 1);
            }
        }
    }
    void windowsLineEndsAreKept() {
        const std::string base =
            "# c\r\n\r\nkind: Guard\r\nmetadata: {name: a}\r\n---\r\n" + doc("b", "1");
        QCOMPARE(merged(base, doc("b", "2")).toStdString(),
                 base.substr(0, base.size() - 2) + "2\n");
    }
    void aByteOrderMarkIsNoPartOfTheText() {
        const std::string mark = "\xEF\xBB\xBF";
        const std::string base = doc("a", "1");
        QCOMPARE(merged(mark + base, mark + doc("b", "2")), merged(base, doc("b", "2")));
        QCOMPARE(merged(base, mark).toStdString(), base);
    }
    void automationsAreDocumentsLikeOthers() {
        Random random(9);
        for (int round = 0; round < 200; ++round) {
            RuleSet base = test::randomRules(random);
            base.automations = {test::randomAutomation(random, "x1"),
                                test::randomAutomation(random, "x2")};
            RuleSet edit;
            edit.automations = {test::randomAutomation(random, "x3")};
            edit.automations[0].name = base.automations[0].name;
            RuleSet expected = base;
            expected.automations[0] = edit.automations[0];
            const auto text = mergeDocuments(formatRules(base), formatRules(edit));
            QVERIFY2(text.isOk(), text ? "" : text.error().message.c_str());
            QVERIFY2(meansTheSame(parseRules(*text, "f").rules, expected), text->c_str());
            const auto less = removeDocument(*text, base.automations[1].name);
            QCOMPARE(parseRules(*less, "f").rules.automations.size(), std::size_t{1});
        }
    }
};

LEVEE_TEST(DocumentTest)
#include "document_test.moc"
