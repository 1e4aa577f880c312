// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/prom_text_parser.h"

#include <QTest>
#include <cmath>

#include "agent/collect/go_float.h"
#include "agent/collect/utf8.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

/// One line a sample: name{label=value,...} value [@timestamp]; then "ok" or the error.
std::string walk(std::string_view text, ExpositionFormat format = ExpositionFormat::PromText,
                 ParseLimits limits = {}) {
    PromTextParser parser(text, format, limits);
    std::string out;
    for (;;) {
        switch (parser.next()) {
            case Entry::Sample: {
                const ParsedSample& sample = parser.sample();
                out += std::string(sample.name) + '{';
                for (const LabelView& label : sample.labels)
                    out += std::string(label.name) + '=' + std::string(label.value) + ',';
                out += "} " + QString::number(sample.value, 'g', 17).toStdString();
                if (sample.timestampMillis)
                    out += " @" + std::to_string(*sample.timestampMillis);
                out += '\n';
                break;
            }
            case Entry::Type:
            case Entry::Help:
            case Entry::Unit:
                out += "#" + std::string(parser.metadata().name) + '|' +
                       std::string(parser.metadata().text) + '\n';
                break;
            case Entry::Comment:
            case Entry::End:
                return out + "ok";
            case Entry::Error:
                return out + parser.error().text();
        }
    }
}

std::string walkOm(std::string_view text) {
    return walk(text, ExpositionFormat::OpenMetrics);
}

}  // namespace

class PromTextParserTest : public QObject {
    Q_OBJECT
private slots:
    void samplesAndMetadataComeInOrder() {
        QCOMPARE(
            walk("# HELP up Is it up.\n# TYPE up gauge\nup{a=\"b\",c=\"d\"} 1 1700000000123\n"),
            std::string("#up|Is it up.\n#up|gauge\nup{a=b,c=d,} 1 @1700000000123\nok"));
    }
    void blanksBetweenTokensAreFree() {
        QCOMPARE(walk(" \tup \t{ a = \"b\" , c\t=\"d\", }\t 1.5 \t 7 \t\n\n  \nup 2"),
                 std::string("up{a=b,c=d,} 1.5 @7\nup{} 2\nok"));
        QCOMPARE(walk("a{x=\"1\"}5\n"), std::string("a{x=1,} 5\nok"));
        QCOMPARE(walk("a{x=\"1\" y=\"2\"z=\"3\"} 5\n"), std::string("a{x=1,y=2,z=3,} 5\nok"));
    }
    void escapesAreDecodedAndUnknownOnesKept() {
        QCOMPARE(walk("a{x=\"q\\\"b\\\\n\\nz\",y=\"\\a\"} 1"),
                 std::string("a{x=q\"b\\n\nz,y=\\a,} 1\nok"));
    }
    void quotedNamesMayBeAnyText() {
        QCOMPARE(walk("{\"my.metric\",\"a.b\"=\"c\"} 1\n"), std::string("my.metric{a.b=c,} 1\nok"));
        QCOMPARE(walk("{\"only\"} 2\n{ \"t\" , } 3\n"), std::string("only{} 2\nt{} 3\nok"));
        QCOMPARE(walk("# TYPE \"my.metric\" gauge\n"), std::string("#my.metric|gauge\nok"));
        QVERIFY(walk("{a=\"b\"} 1\n").find("expected a metric name") != std::string::npos);
        QVERIFY(walk("m{\"x\"} 1\n").find("its name already") != std::string::npos);
    }
    void commentsThatAreNoMetadataAreIgnored() {
        QCOMPARE(
            walk(
                "#\n# \n#TYPE a b c\n# anything } { at all\n# HELP\n# TYPE x\n# EOF\n# UNIT a s\n"),
            std::string("ok"));
    }
    void anEmptyTextIsAnEmptyExposition() {
        QCOMPARE(walk(""), std::string("ok"));
        QCOMPARE(walk("\n\n"), std::string("ok"));
    }
    void errorsNameLineColumnAndExpectation_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("error");
        const auto row = [](const char* name, const char* text, const char* error) {
            QTest::newRow(name) << text << error;
        };
        row("no value", "a 1\nb\n", "2:2: expected a number as value, found the end of the line");
        row("no value at the end", "b",
            "1:2: expected a number as value, found the end of the text");
        row("bad value", "a 1\nb{c=\"d\"} 1x 3\n", "2:10: expected a number as value, found '1x'");
        row("bad start", "\n\n 1abc 2\n", "3:2: expected a metric name, found '1abc'");
        row("no equal sign", "a{b\"c\"} 1\n",
            "1:4: expected '=' after the label name, found '\"c\"}'");
        row("no quote", "a{b=c} 1\n",
            "1:5: expected '\"' at the start of the label value, found 'c}'");
        row("open quote", "a{b=\"c} 1\nd 2\n",
            "1:10: expected '\"' before the end of the line, found the end of the line");
        row("open brace", "a{b=\"c\" 1\n", "1:9: expected ',' or '}' after a label, found '1'");
        row("brace open at the end", "a{b=\"c\"\n",
            "1:8: expected ',' or '}' after a label, found the end of the line");
        row("comma alone", "a{,} 1\n", "1:3: expected a label name, found ',}'");
        row("timestamp", "a 1 1.5\n", "1:5: expected a timestamp: whole milliseconds, found '1.5'");
        row("timestamp too large", "a 1 9223372036854775808\n",
            "1:5: expected a timestamp: whole milliseconds, found '9223372036854775808'");
        row("a third number", "a 1 2 3\n",
            "1:7: expected the end of the line after the timestamp, found '3'");
        row("carriage return", "a 1\r\n", "1:3: expected a number as value, found '1\\x0d'");
        row("exemplar", "a 1 # {x=\"y\"} 1\n",
            "1:5: expected a timestamp: whole milliseconds, found '#'");
        row("type", "# TYPE a foo\n",
            "1:10: expected one of counter, gauge, histogram, summary, untyped, found 'foo'");
        row("type name", "# TYPE 1a gauge\n", "1:8: expected a metric name, found '1a'");
        row("twice the same label", "a{b=\"1\",c=\"2\",b=\"3\"} 1\n",
            "1:1: expected label names that differ, found 'a{b=\"1\",c=\"2\",b=\"3\"}'");
        row("reserved", "a{__name__=\"b\"} 1\n",
            "1:3: expected a label name that is not reserved, found '__name__=\"b\"}'");
        row("UTF-8", "a{b=\"x\xff\"} 1\n", "1:7: expected valid UTF-8, found '\\xff\"}'");
    }
    void errorsNameLineColumnAndExpectation() {
        QFETCH(QString, text);
        QFETCH(QString, error);
        // QString cannot hold the invalid byte of the last row, hence latin-1 there.
        const std::string bytes = QByteArray(QTest::currentDataTag()) == "UTF-8"
                                      ? std::string("a{b=\"x\xff\"} 1\n")
                                      : text.toStdString();
        const std::string result = walk(bytes);
        QVERIFY2(result.ends_with(error.toStdString()), result.c_str());
    }
    void anErrorIsFinal() {
        PromTextParser parser("a 1\nb\nc 2\n");
        QCOMPARE(parser.next(), Entry::Sample);
        QCOMPARE(parser.next(), Entry::Error);
        QCOMPARE(parser.next(), Entry::Error);
    }
    void anErrorInTheUnendedLastLineHasItsPlace() {
        QCOMPARE(walk("a 1\nbc{"),
                 std::string("a{} 1\n2:4: expected a label name, found the end of the text"));
        QCOMPARE(
            walk("a 1\nb{x=\"1\\"),
            std::string(
                "a{} 1\n2:8: expected '\"' before the end of the line, found the end of the text"));
    }
    void nulIsAnOrdinaryCharacterInsideQuotes() {
        QCOMPARE(walk(std::string_view("a{b=\"x\0y\"} 1\n", 13)).size(), std::size_t{14});
        QVERIFY(walk(std::string_view("a\0 1\n", 5)).find("expected") != std::string::npos);
    }
    void manyLabelsAreCheckedForRepetitionToo() {
        std::string text = "a{";
        for (int i = 0; i < 40; ++i)
            text += "l" + std::to_string(i) + "=\"v\",";
        QVERIFY(walk(text + "} 1\n").ends_with("ok"));
        QVERIFY(walk(text + "l7=\"w\"} 1\n").find("names that differ") != std::string::npos);
    }
    void limitsHoldAtTheBoundAndFailOnePast() {
        const ParseLimits limits{2, 3, 4};
        QCOMPARE(walk("abc{de=\"1234\",fgh=\"\"} 1\n", ExpositionFormat::PromText, limits),
                 std::string("abc{de=1234,fgh=,} 1\nok"));
        for (const char* text : {"abcd 1\n", "a{abcd=\"\"} 1\n", "a{b=\"12345\"} 1\n",
                                 "a{b=\"\",c=\"\",d=\"\"} 1\n", "{\"abcd\"} 1\n"}) {
            PromTextParser parser(text, ExpositionFormat::PromText, limits);
            QCOMPARE(parser.next(), Entry::Error);
            QCOMPARE(parser.error().kind, ParseErrorKind::LabelLimit);
        }
    }
    void seriesTextIsWhatStandsInTheText() {
        PromTextParser parser("a{b=\"\\n\"} 1\nc 2\n");
        parser.next();
        QCOMPARE(parser.sample().seriesText, std::string_view("a{b=\"\\n\"}"));
        parser.next();
        QCOMPARE(parser.sample().seriesText, std::string_view("c"));
        QCOMPARE(parser.sample().offset, std::size_t{12});
    }

    void openMetricsCountsInSecondsAndEndsWithEof() {
        QCOMPARE(walkOm("# TYPE a counter\n# UNIT a_s s\na_total 1 1.5\n# EOF\n"),
                 std::string("#a|counter\n#a_s|s\na_total{} 1 @1500\nok"));
        QVERIFY(walkOm("a 1\n").ends_with(
            "expected '# EOF' as the last line, found the end of the text"));
        QVERIFY(walkOm("a 1\n# EOF\nb 2\n")
                    .ends_with("3:1: expected nothing after '# EOF', found 'b'"));
        QVERIFY(walkOm("a 1\n# EOF").ends_with("ok"));
    }
    void openMetricsExemplarsAreCheckedAndIgnored() {
        QCOMPARE(walkOm("a_bucket{le=\"1\"} 5 # {id=\"#1\"} 0.5 17.25\n# EOF\n"),
                 std::string("a_bucket{le=1,} 5\nok"));
        QCOMPARE(walkOm("a 5 3 # {} 0.5\n# EOF\n"), std::string("a{} 5 @3000\nok"));
        QVERIFY(walkOm("a 5 # x\n# EOF\n").find("start of an exemplar") != std::string::npos);
        QVERIFY(walkOm("a 5 # {} z\n# EOF\n").find("expected a number") != std::string::npos);
    }
    void openMetricsHasMoreTypes() {
        QVERIFY(
            walkOm("# TYPE a stateset\n# TYPE b info\n# TYPE c unknown\n# EOF\n").ends_with("ok"));
        QVERIFY(!walk("# TYPE a info\n").ends_with("ok"));
        QVERIFY(!walkOm("# TYPE a untyped_\n# EOF\n").ends_with("ok"));
    }
    void openMetricsTimestampsAreFinite() {
        QCOMPARE(walkOm("a 1 1e300\n# EOF\n"), std::string("a{} 1 @9200000000000000000\nok"));
        QCOMPARE(walkOm("a 1 -1e300\n# EOF\n"), std::string("a{} 1 @-9200000000000000000\nok"));
        QVERIFY(!walkOm("a 1 Inf\n# EOF\n").ends_with("ok"));
        QVERIFY(!walkOm("a 1 NaN\n# EOF\n").ends_with("ok"));
    }

    void numbersAreGosNumbers_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("value");
        const auto row = [](const char* text, double value) {
            QTest::newRow(text) << text << value;
        };
        row("0", 0);
        row("1.", 1);
        row(".5", 0.5);
        row("+1e3", 1000);
        row("-2.5E-3", -0.0025);
        row("123456789012345", 123456789012345.0);
        row("1234567890123456", 1234567890123456.0);
        row("0.1", 0.1);
        row("5e-324", 5e-324);
        row("1e-999", 0);
        row("0.000000000000000000000000000000000000001e-400", 0);
        row("1.7976931348623157e308", 1.7976931348623157e308);
        row("+Inf", std::numeric_limits<double>::infinity());
        row("-infinity", -std::numeric_limits<double>::infinity());
        row("iNf", std::numeric_limits<double>::infinity());
    }
    void numbersAreGosNumbers() {
        QFETCH(QString, text);
        QFETCH(double, value);
        double parsed = -1;
        QVERIFY(parseGoFloat(text.toStdString(), parsed));
        QVERIFY(parsed == value);
    }
    void notANumberHasNoSign() {
        double parsed = 0;
        QVERIFY(parseGoFloat("NaN", parsed) && std::isnan(parsed));
        QVERIFY(parseGoFloat("nan", parsed) && std::isnan(parsed));
        QVERIFY(!parseGoFloat("+NaN", parsed));
        QVERIFY(!parseGoFloat("-nan", parsed));
        QVERIFY(!parseGoFloat("nan(1)", parsed));
    }
    void otherNumbersAreRefused() {
        double parsed = 0;
        for (const char* text : {"",     ".",     "+",     "1e",          "1e+",
                                 "e5",   "0x1p3", "0x10",  "1_000",       "1,5",
                                 "--1",  "+-1",   "1.2.3", "1e999",       "-1e999",
                                 "inff", "in",    "1 ",    "0.0001e4000", "1e99999999999999999999"})
            QVERIFY2(!parseGoFloat(text, parsed), text);
        QVERIFY(!parseGoFloat(std::string(400, '9') + "e-50", parsed));
        QVERIFY(parseGoFloat(std::string(300, '9') + "e-50", parsed));
    }
    void utf8IsCheckedAsInRfc3629() {
        for (const char* good :
             {"", "ascii only, and long enough", "é", "日本語", "\xf4\x8f\xbf\xbf"})
            QVERIFY(isValidUtf8(good));
        for (const char* bad :
             {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
              "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "abcdefgh\xff"})
            QVERIFY(!isValidUtf8(bad));
        QCOMPARE(utf8ErrorOffset("abcdefghij\xff"), std::size_t{10});
    }
};

LEVEE_TEST(PromTextParserTest)
#include "prom_text_parser_test.moc"
