// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/scalar_places.h"

#include <QTest>

#include "rules/lang/yaml_reader.h"
#include "shared/base/random.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

/// The places of all bytes of the value at `key`, each with the byte that stands there.
QStringList placesOf(const std::string& text) {
    const YamlText yaml = readYaml(text, "");
    if (yaml.documents.empty())
        return {"unreadable"};
    const YamlNode* node = yaml.documents[0].find("key");
    const ScalarPlaces places(text, *node);
    QStringList list;
    for (std::size_t i = 0; i < node->text.size(); ++i) {
        const YamlSpan at = places.at(i, 1);
        list << QStringLiteral("%1@%2:%3").arg(QChar(node->text[i])).arg(at.line).arg(at.column);
    }
    return list;
}

}  // namespace

class ScalarPlacesTest : public QObject {
    Q_OBJECT
private slots:
    void everyStyleIsFollowed_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("places");
        QTest::newRow("plain") << "key: a b"
                               << "a@1:6  @1:7 b@1:8";
        QTest::newRow("plain, folded") << "key: a\n  b\n\n  c"
                                       << "a@1:6  @1:7 b@2:3 \n@2:4 c@4:3";
        QTest::newRow("single") << "key: 'a''b'"
                                << "a@1:7 '@1:8 b@1:10";
        QTest::newRow("double") << "key: \"a\\\"\\x62c\""
                                << "a@1:7 \"@1:8 b@1:10 c@1:14";
        QTest::newRow("double, continued") << "key: \"a\\\n   b\""
                                           << "a@1:7 b@2:4";
        QTest::newRow("double, folded") << "key: \"a \n   b\""
                                        << "a@1:7  @1:8 b@2:4";
        QTest::newRow("literal") << "key: |\n  a\n   b\n\n  c\n"
                                 << "a@2:3 \n@2:4  @3:3 b@3:4 \n@3:5 \n@4:1 c@5:3 \n@5:4";
        QTest::newRow("literal, blank first") << "key: |-\n\n    a\n"
                                              << "\n@2:1 a@3:5";
        QTest::newRow("literal, CRLF") << "key: |\r\n  a\r\n  b\r\n"
                                       << "a@2:3 \n@2:5 b@3:3 \n@3:5";
        QTest::newRow("folded") << "key: >-\n  a\n  b\nnext: 1\n"
                                << "a@2:3  @2:4 b@3:3";
        QTest::newRow("in a list") << "key: [x]\nb: {key: 1}"
                                   << "";
        QTest::newRow("byte order mark") << "\uFEFFkey: a"
                                         << "a@1:6";
    }
    void everyStyleIsFollowed() {
        QFETCH(QString, text);
        QFETCH(QString, places);
        QCOMPARE(placesOf(text.toStdString()).join(' '), places);
    }
    void beyondTheEndIsTheEnd() {
        const std::string text = "a: 1\nkey: 'ab'\n";
        const YamlText yaml = readYaml(text, "");
        const ScalarPlaces places(text, *yaml.documents[0].find("key"));
        QCOMPARE(places.at(99, 1).column, 9);
        QCOMPARE(places.at(1, 2, 1).column, 8);
        QCOMPARE(places.at(7, 1, 1).line, 2);
    }
    /// Whatever stands there, a place is found and lies in the text.
    void anyTextHasPlaces() {
        static const std::string kAlphabet = "ab '\"\\\n\n  |>x0u-:#";
        Random random(7);
        for (int i = 0; i < 20'000; ++i) {
            std::string text = "key: ";
            for (std::size_t n = random.next() % 24; n > 0; --n)
                text += kAlphabet[random.next() % kAlphabet.size()];
            const YamlText yaml = readYaml(text, "");
            const YamlNode* node = yaml.documents.empty() ? nullptr : yaml.documents[0].find("key");
            if (node == nullptr || node->kind != YamlNode::Kind::Scalar)
                continue;
            const ScalarPlaces places(text, *node);
            for (std::size_t at = 0; at <= node->text.size(); ++at) {
                const YamlSpan span = places.at(at, 1);
                QVERIFY(span.line >= 1 && span.column >= 1);
                QVERIFY(span.line <= int(std::count(text.begin(), text.end(), '\n')) + 1);
            }
        }
    }
};

LEVEE_TEST(ScalarPlacesTest)
#include "scalar_places_test.moc"
