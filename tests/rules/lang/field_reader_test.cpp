// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/field_reader.h"

#include <QTest>

#include "rules/lang/yaml_reader.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

/// Everything that a reader may be asked for.
struct Sample {
    std::string text = "default";
    std::string name = "default";
    bool flag = false;
    int number = 7;
    Duration time = 1s;
    double share = 0.5;
    double rate = 1;
    std::uint64_t bytes = 1;
    std::string word = "red";
    std::vector<std::string> list;
    int inner = 0;
    std::map<std::string, std::string> labels;
};

QString read(const std::string& yaml, Sample& sample) {
    const YamlText text = readYaml(yaml, "");
    Findings findings("");
    const YamlNode empty;
    FieldReader fields(text.documents.empty() ? empty : text.documents[0], "", findings);
    fields.text("text", sample.text, {1, 5});
    fields.name("name", sample.name);
    fields.boolean("flag", sample.flag);
    fields.integer("number", sample.number, {-5, 5});
    fields.duration("time", sample.time, {1ms, 10s});
    fields.share("share", sample.share, {0, 0.5});
    fields.rate("rate", sample.rate, {0, 100});
    fields.bytes("bytes", sample.bytes, {1, 1024});
    fields.word("word", sample.word, {"red", "green", "blue"});
    fields.list("list", [&](const YamlNode& item, const std::string& path) {
        if (const auto value = readText(item, path, {1, 5}, findings))
            sample.list.push_back(*value);
    });
    fields.mapping("inside", [&](FieldReader& f) { f.integer("number", sample.inner, {0, 9}); });
    fields.texts("labels", sample.labels, 2);
    fields.unsupported({"later"});
    fields.finish();
    return QString::fromStdString(format(findings.take()));
}

}  // namespace

class FieldReaderTest : public QObject {
    Q_OBJECT
private slots:
    void everyTypeIsRead() {
        Sample s;
        QCOMPARE(read("{text: 12, name: a-b.c_D, flag: true, number: -5, time: 10s, share: 50%,\n"
                      " rate: 60/m, bytes: 1KiB, word: blue, list: [a, b], inside: {number: 9},\n"
                      " labels: {a: b, c: 1}}",
                      s),
                 QString());
        QCOMPARE(s.text, std::string("12"));
        QCOMPARE(s.name, std::string("a-b.c_D"));
        QVERIFY(s.flag);
        QCOMPARE(s.number, -5);
        QCOMPARE(s.time, Duration(10s));
        QCOMPARE(s.share, 0.5);
        QCOMPARE(s.rate, 1.0);
        QCOMPARE(s.bytes, std::uint64_t{1024});
        QCOMPARE(s.word, std::string("blue"));
        QCOMPARE(s.list.size(), std::size_t{2});
        QCOMPARE(s.inner, 9);
        QCOMPARE(s.labels.at("c"), std::string("1"));
    }
    void whatIsAbsentKeepsItsDefault() {
        Sample s;
        QCOMPARE(read("", s), QString());
        QCOMPARE(s.number, 7);
        QCOMPARE(s.text, std::string("default"));
    }
    void theMessageNamesValueAndRange_data() {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* yaml, const char* message) {
            QTest::newRow(yaml) << yaml << message;
        };
        row("text: ''", "1:7: error: text has 0 bytes; it must have 1 to 5");
        row("text: abcdef", "1:7: error: text has 6 bytes; it must have 1 to 5");
        row("text: [a]", "1:7: error: text: expected a text, found a list");
        row("text:", "1:1: error: text: expected a text, found no value");
        row("name: a/b",
            "1:7: error: name is 'a/b'; a name has 1 to 128 of the characters A-Z a-z 0-9 _ . -");
        row("flag: on", "1:7: error: flag: expected true or false, found 'on'");
        row("flag: {a: b}", "1:7: error: flag: expected true or false, found a mapping");
        row("number: 6", "1:9: error: number is 6; it must be -5 to 5");
        row("number: -6", "1:9: error: number is -6; it must be -5 to 5");
        row("number: 5.0", "1:9: error: number: expected an integer, found '5.0'");
        row("number: ''", "1:9: error: number: expected an integer, found the quoted text ''");
        row("time: 11s", "1:7: error: time is 11s; it must be 1ms to 10s");
        row("time: 999us", "1:7: error: time is 999us; it must be 1ms to 10s");
        row("share: 51%", "1:8: error: share is 51%; it must be 0% to 50%");
        row("rate: 101/s", "1:7: error: rate is 101/s; it must be 0/s to 100/s");
        row("rate: 5", "1:7: error: rate: '5' is not a rate; write it as 200/s, 90/m or 5/h");
        row("bytes: 1025", "1:8: error: bytes is 1025; it must be 1 to 1KiB");
        row("word: grean",
            "1:7: error: word: expected red, green or blue, found 'grean'; did you mean 'green'?");
        row("word: purple", "1:7: error: word: expected red, green or blue, found 'purple'");
        row("list: a", "1:7: error: list: expected a list, found 'a'");
        row("list: [a, [b]]", "1:11: error: list[2]: expected a text, found a list");
        row("inside: [a]", "1:9: error: inside: expected a mapping, found a list");
        row("inside: {number: 10}", "1:18: error: inside.number is 10; it must be 0 to 9");
        row("inside: {nunber: 1}", "1:10: error: unknown key 'nunber'; did you mean 'number'?");
        row("inside: {x: 1}", "1:10: error: unknown key 'x'; known here: number");
        row("labels: {a: 1, b: 2, c: 3}",
            "1:22: error: labels has 3 entries; at most 2 are allowed");
        row("later: 1", "1:1: error: 'later' is not supported by this version; remove it");
        row("tect: 1", "1:1: error: unknown key 'tect'; did you mean 'text'?");
        row("[a]", "1:1: error: the document: expected a mapping, found a list");
    }
    void theMessageNamesValueAndRange() {
        QFETCH(QString, yaml);
        QFETCH(QString, message);
        Sample s;
        QCOMPARE(read(yaml.toStdString(), s), message + "\n");
    }
    void allMistakesAreReportedInTheOrderOfTheText() {
        Sample s;
        QCOMPARE(read("wrod: red\nflag: 1\nnumber: x\n", s),
                 QString("1:1: error: unknown key 'wrod'; did you mean 'word'?\n"
                         "2:7: error: flag: expected true or false, found '1'\n"
                         "3:9: error: number: expected an integer, found 'x'\n"));
    }
    void aSectionOfOnlyCommentsIsEmpty() {
        Sample s;
        QCOMPARE(read("inside:\n  # number: 1\nlist:\nlabels:\n", s), QString());
    }
    void sharesArePrintedAsTheyAreRead() {
        for (const double share : {0.5, 0.07, 0.3, 1.0, 1e-6, 1.0 / 3, 0.123456789012345, 5e-9}) {
            const YamlNode node{YamlNode::Kind::Scalar, {}, formatShare(share), false, {}, {}};
            Findings findings("");
            QVERIFY2(readShare(node, "s", {}, findings) == share, formatShare(share).c_str());
        }
        QCOMPARE(formatShare(0.07), std::string("7%"));
        QCOMPARE(formatShare(0.125), std::string("12.5%"));
    }
};

LEVEE_TEST(FieldReaderTest)
#include "field_reader_test.moc"
