// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/yaml_reader.h"

#include <QTest>
#include <algorithm>

#include "rules/lang/document.h"
#include "rules/lang/rule_parser.h"
#include "shared/base/random.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

QString findings(const std::string& text) {
    return QString::fromStdString(format(readYaml(text, "").diagnostics));
}

QString place(const YamlSpan& span) {
    return QString("%1:%2+%3").arg(span.line).arg(span.column).arg(span.length);
}

/// One value inside `depth` lists.
std::string nested(std::size_t depth) {
    return std::string(depth, '[') + "x" + std::string(depth, ']');
}

/// A list of `count` values; with the list itself count + 1 nodes.
std::string longList(std::size_t count) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i)
        text += "1,";
    return text + "]";
}

}  // namespace

class YamlReaderTest : public QObject {
    Q_OBJECT
private slots:
    void everyValueKnowsItsPlace() {
        const YamlText yaml = readYaml(
            "a: plain\n"
            "bb:  \"q\\\"d\"  # comment\n"
            "c:\n"
            "  - 'it''s'\n"
            "  - {x: 1, y: [2]}\n"
            "d: |\n"
            "  block\n"
            "e:\n"
            "f: ~\n",
            "");
        QVERIFY(yaml.diagnostics.empty());
        const YamlNode& root = yaml.documents.at(0);
        QCOMPARE(place(root.find("a")->span), QString("1:4+5"));
        QCOMPARE(place(root.entries[1].keySpan), QString("2:1+2"));
        QCOMPARE(place(root.find("bb")->span), QString("2:6+6"));
        QCOMPARE(root.find("bb")->text, std::string("q\"d"));
        QVERIFY(root.find("bb")->quoted);
        QVERIFY(!root.find("a")->quoted);
        const YamlNode& list = *root.find("c");
        QCOMPARE(place(list.items[0].span), QString("4:5+7"));
        QCOMPARE(list.items[0].text, std::string("it's"));
        QCOMPARE(place(list.items[1].span), QString("5:5+1"));
        QCOMPARE(place(list.items[1].find("y")->items[0].span), QString("5:16+1"));
        QCOMPARE(place(root.find("d")->span), QString("6:4+1"));
        QCOMPARE(root.find("d")->text, std::string("block\n"));
        QVERIFY(root.find("d")->quoted);
        QVERIFY(root.find("e")->kind == YamlNode::Kind::Null);
        QCOMPARE(place(root.find("e")->span), QString("8:1+1"));
        QCOMPARE(place(root.find("f")->span), QString("9:4+1"));
    }
    void columnsCountBytesAlsoAfterAByteOrderMark() {
        const YamlText yaml = readYaml("\xEF\xBB\xBF{\xC3\xA4\xC3\xB6: x}\n", "");
        QVERIFY(yaml.diagnostics.empty());
        QCOMPARE(place(yaml.documents.at(0).entries[0].keySpan), QString("1:2+4"));
        QCOMPARE(place(yaml.documents.at(0).entries[0].value.span), QString("1:8+1"));
    }
    void documentsWithoutContentAreLeftOut() {
        const YamlText yaml = readYaml("# c\n---\na: 1\n---\n# only this\n---\nb: 2\n---\n", "");
        QVERIFY(yaml.diagnostics.empty());
        QCOMPARE(yaml.documents.size(), std::size_t{2});
    }
    void documentsBeforeASyntaxErrorAreKept() {
        const YamlText yaml = readYaml("a: 1\n---\nb: [\n", "f");
        QCOMPARE(yaml.documents.size(), std::size_t{1});
        QCOMPARE(yaml.diagnostics.size(), std::size_t{1});
        QCOMPARE(yaml.diagnostics[0].code, std::string("syntax"));
    }
    void theFirstOfTwoEqualKeysCountsAndBothPlacesAreNamed() {
        const YamlText yaml = readYaml("a: 1\nb: 2\na: 3\n", "");
        QCOMPARE(yaml.documents.at(0).entries.size(), std::size_t{2});
        QCOMPARE(yaml.documents.at(0).find("a")->text, std::string("1"));
        QCOMPARE(findings("a: 1\nb: 2\na: 3\n"),
                 QString("3:1: error: duplicate key 'a'; it is already given at 1:1\n"));
    }
    void depthIsBounded() {
        QVERIFY(readYaml(nested(kYamlMaxDepth), "").diagnostics.empty());
        QCOMPARE(findings(nested(kYamlMaxDepth + 1)),
                 QString("1:33: error: more than 32 levels of nesting\n"));
    }
    void theNumberOfValuesIsBounded() {
        QVERIFY(readYaml(longList(kYamlMaxNodes - 1), "").diagnostics.empty());
        QVERIFY(findings(longList(kYamlMaxNodes)).contains("more than 50000 values in one text"));
    }
    void theSizeIsBounded() {
        const std::string largest = "#" + std::string(kYamlMaxBytes - 1, 'x');
        QVERIFY(readYaml(largest, "").diagnostics.empty());
        QCOMPARE(findings(largest + "x"),
                 QString("error: the text has 1048577 bytes; at most 1048576 are read\n"));
    }
    void aBillionLaughsAreNotHeard() {
        QVERIFY(findings("a: &a [x, x]\nb: [*a, *a]\n").startsWith("1:4: error: anchors"));
    }
    /// What yaml-cpp lets pass although it is not YAML, or not what the author can have meant.
    void whatTheParserOverlooksIsRefused_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* text, const char* message) {
            QTest::newRow(text) << text << message;
        };
        row("a: \"x\nb: 1\n", "1:4: error: the closing quote is missing");
        row("a: 'b''\nb: 1\n", "1:4: error: the closing quote is missing");
        row("a: \"x\\\"\n", "1:4: error: the closing quote is missing");
        row("\"a: 1\n", "1:1: error: the closing quote is missing");
        row("- a\nb: c\n",
            "2:1: error: this does not belong to what stands above it; check the indentation");
        row("{a: 1}\n# remark\nb: c\n",
            "3:1: error: this does not belong to what stands above it; check the indentation");
        row("a: ! x\n", "1:4: error: tags (!) are not supported; write the plain value");
        row("a: !\n", "1:4: error: tags (!) are not supported; write the plain value");
    }
    void whatTheParserOverlooksIsRefused() {
        QFETCH(QString, text);
        QFETCH(QString, message);
        QCOMPARE(findings(text.toStdString()), message + "\n");
    }
    void quotesOverSeveralLinesAndDocumentEndsAreFine() {
        QCOMPARE(findings("a: \"x\n  y\"\nb: 'it''s\n  z'\n...\n# remark\nc: 1\n---\nd: 1\n"),
                 QString());
    }
    void aTabInTheIndentationIsShownWhereItIs() {
        QCOMPARE(findings("a:\n  b:\n \tc: 1\n"),
                 QString("3:2: error: a tab in the indentation; indent with spaces\n"));
    }
    void bytesThatAreNotTextAreRefused_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("where");
        QTest::newRow("latin-1") << QByteArray("a: caf\xe9\n") << "1:7";
        QTest::newRow("overlong") << QByteArray("a: \xc0\x80\n") << "1:4";
        QTest::newRow("surrogate") << QByteArray("a: \xed\xa0\x80\n") << "1:4";
        QTest::newRow("above the last") << QByteArray("a: \xf4\x90\x80\x80\n") << "1:4";
        QTest::newRow("cut short") << QByteArray("a: 1\nb: \xe2\x82") << "2:4";
        QTest::newRow("NUL") << QByteArray("a: x\0y\n", 7) << "1:5";
        QTest::newRow("escape") << QByteArray("a: \x1b[0m\n") << "1:4";
        QTest::newRow("lone CR") << QByteArray("a: x\ry\n") << "1:5";
        QTest::newRow("UTF-16") << QByteArray("\xff\xfe\x61\x00", 4) << "1:1";
    }
    void bytesThatAreNotTextAreRefused() {
        QFETCH(QByteArray, text);
        QFETCH(QString, where);
        QCOMPARE(
            findings(text.toStdString()),
            where + ": error: not UTF-8 text, a control character, or a second byte order mark\n");
    }
    /// Whatever comes in, something sensible comes out: no exception, no crash, places inside the
    /// text, bounded messages.
    void damagedTextsAreSurvived() {
        Random random(20240607);
        const std::string alphabet = "{}[]:,-?&*!|>'\"%@`#\\ \n\t~<a0\xC3";
        QStringList files = test::filesIn("rules", "*.yaml");
        for (int round = 0; round < 4000; ++round) {
            const QString name = files.at(static_cast<int>(random.next() % files.size()));
            std::string text = test::readData("rules/" + name.toStdString()).substr(0, 600);
            for (std::uint64_t edits = 1 + random.next() % 6; edits > 0 && !text.empty(); --edits) {
                const std::size_t at = random.next() % text.size();
                const char c = alphabet[random.next() % alphabet.size()];
                switch (random.next() % 4) {
                    case 0:
                        text[at] = c;
                        break;
                    case 1:
                        text.insert(at, 1, c);
                        break;
                    case 2:
                        text.erase(at, 1 + random.next() % 8);
                        break;
                    default:
                        text += text.substr(at, random.next() % 40);
                }
            }
            const Diagnostics diagnostics = parseRules(text, "f").diagnostics;
            QVERIFY(diagnostics.size() <= 201);
            for (const Diagnostic& diagnostic : diagnostics) {
                QVERIFY(!diagnostic.message.empty());
                QVERIFY(diagnostic.place.line >= 0);
                QVERIFY(diagnostic.place.line <= 2 + std::count(text.begin(), text.end(), '\n'));
            }
            // A merge refuses what it cannot do; a text that it makes can be read.
            const auto merged = mergeDocuments(text, "kind: Guard\nmetadata: {name: new}\n");
            if (merged)
                QVERIFY2(readYaml(*merged, "f").diagnostics.empty(), merged->c_str());
        }
    }
    /// Texts that are known to make YAML readers slow or recurse. Done means done within the time
    /// limit of the test program.
    void hostileTextsAreReadInTime_data() {
        QTest::addColumn<QByteArray>("unit");
        for (const char* unit :
             {"[",   "{",      "- ",         "? ", "a: ",  "!",   "&a ",  "*",    "\"",    "'",
              "|\n", "%",      "#",          "\n", "- \n", "-\n", "a:\n", "[]: ", "{a: [", "a\n",
              "a ",  "--- \n", "---\n...\n", ",",  "\\",   " ",   "[a, ", "- - ", "? - ",  "\"\\"})
            QTest::newRow(unit) << QByteArray(unit);
    }
    void hostileTextsAreReadInTime() {
        QFETCH(QByteArray, unit);
        const QByteArray text = unit.repeated(static_cast<int>(kYamlMaxBytes) / unit.size());
        const YamlText yaml = readYaml(text.toStdString(), "f");
        QVERIFY(yaml.diagnostics.size() <= 201);
    }
};

LEVEE_TEST(YamlReaderTest)
#include "yaml_reader_test.moc"
