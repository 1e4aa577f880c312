// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/target_list.h"

#include <QTest>

#include "agent/collect/target.h"
#include "tests/agent/discover/stop_event.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::discover;

namespace {

std::string json(const std::string& text) {
    const auto groups = parseJsonTargets(text);
    return groups ? test::textOf(*groups) : "error: " + groups.error().message;
}
std::string yaml(const std::string& text) {
    const auto groups = parseYamlTargets(text, "t.yaml");
    return groups ? test::textOf(*groups) : "error: " + groups.error().message;
}
std::string manyTargets(std::size_t count) {
    std::string text = "[{\"targets\": [";
    for (std::size_t i = 0; i < count; ++i)
        text += (i == 0 ? "\"h:1\"" : ",\"h:1\"");
    return text + "]}]";
}

}  // namespace

class TargetListTest : public QObject {
    Q_OBJECT
private slots:
    void jsonAndYamlHaveTheSameGroups() {
        const std::string expected = "h:1 h:2 {zone=a}\ng:1 {}\n";
        QCOMPARE(json("[{\"targets\":[\"h:1\",\"h:2\"],\"labels\":{\"zone\":\"a\"}},{\"targets\":["
                      "\"g:1\"]}]"),
                 expected);
        QCOMPARE(yaml("- targets: [h:1, h:2]\n  labels: {zone: a}\n- targets: [g:1]\n"), expected);
        QCOMPARE(json("[]"), std::string());
        QCOMPARE(yaml(""), std::string());
        QCOMPARE(yaml("[]"), std::string());
        QCOMPARE(json("[{\"targets\":[],\"labels\":null}]"), std::string("{}\n"));
    }
    void aListIsWholeOrNothing_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("error");
        const auto row = [](const char* text, const char* error) {
            QTest::newRow(text) << text << QString("error: ") + error;
        };
        row("", "the text is no JSON");
        row("[{\"targets\":[\"h:1\"]}", "the text is no JSON");
        row("{}", "expected a list of target groups");
        row("[1]", "group 1: expected an object with targets and labels");
        row("[{\"targets\":[\"h:1\"]},{\"targets\":[1]}]", "group 2: targets must be texts");
        row("[{\"targets\":\"h:1\"}]",
            "group 1: 'targets' is not a list of targets or a set of labels");
        row("[{\"target\":[]}]", "group 1: 'target' is not a list of targets or a set of labels");
        row("[{\"labels\":{\"a\":1}}]", "group 1: the label 'a' must be a text");
        row("[{\"labels\":{\"a-b\":\"1\"}}]", "group 1: 'a-b' is no label name");
        row("[{\"targets\":[\"\"]}]", "group 1: a target must have 1 to 4096 bytes");
        row("[{\"targets\":[\"\\ud800\"]}]", "the text is no JSON");
    }
    void aListIsWholeOrNothing() {
        QFETCH(QString, text);
        QFETCH(QString, error);
        QCOMPARE(QString::fromStdString(json(text.toStdString())), error);
    }
    void yamlErrorsNameTheirPlace() {
        QVERIFY(yaml("- targets: [h:1\n").starts_with("error: t.yaml:"));
        QCOMPARE(yaml("targets: [h:1]"), std::string("error: expected a list of target groups"));
        QCOMPARE(yaml("- {targets: [[a]]}"), std::string("error: group 1: targets must be texts"));
    }
    void theNumberOfTargetsAndBytesIsBounded() {
        QVERIFY(parseJsonTargets(manyTargets(kMaxTargets)).isOk());
        QCOMPARE(json(manyTargets(kMaxTargets + 1)),
                 std::string("error: 2001 targets; at most 2000 are scraped"));
        QVERIFY(parseJsonTargets("[]" + std::string(kMaxListBytes - 2, ' ')).isOk());
        QCOMPARE(json("[]" + std::string(kMaxListBytes - 1, ' ')),
                 std::string("error: the list has more than 4 MiB"));
        // Brackets inside brackets cost no stack.
        QCOMPARE(json(std::string(1'000'000, '[')), std::string("error: the text is no JSON"));
    }
};

LEVEE_TEST(TargetListTest)
#include "target_list_test.moc"
