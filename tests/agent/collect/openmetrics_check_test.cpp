// SPDX-License-Identifier: Apache-2.0
// The OpenMetrics 1.0 specification, one row for each sentence with MUST that a single exposition
// can follow or break, in our own words. Not here, because one exposition cannot show it: HTTP, TLS
// and push, protobuf, what changes from one exposition to the next (counters never fall, Created
// follows a reset, states and names stay), and whether a sum is the true one.
#include <QTest>

#include "agent/collect/exposition_check.h"
#include "agent/collect/prom_text_parser.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

/// "ok", or "LINE:COLUMN code" of every error.
std::string verdict(std::string_view text) {
    std::string out;
    for (const Diagnostic& found : checkExposition(text, "m", ExpositionFormat::OpenMetrics))
        out += (out.empty() ? "" : ", ") + std::to_string(found.place.line) + ':' +
               std::to_string(found.place.column) + ' ' + found.code;
    return out.empty() ? "ok" : out;
}

std::string repeated(std::string_view text, int times) {
    std::string out;
    while (times-- > 0)
        out += text;
    return out;
}

struct Row {
    const char* sentence;
    std::string text;
    const char* verdict;
};

const std::vector<Row>& rows() {
    using namespace std::string_literals;
    static const std::vector<Row> kRows{
        // Data types.
        {"values are floating point or integer", "a 1\nb 1.5\nc 1e3\n# EOF\n", "ok"},
        {"values are numbers", "a x\n# EOF\n", "1:3 exposition-syntax"},
        {"values are decimal", "a 0x1p3\n# EOF\n", "1:3 exposition-syntax"},
        {"numbers have no underscores", "a 1_000\n# EOF\n", "1:3 exposition-syntax"},
        {"NaN and the infinities are supported",
         "a NaN\nb +Inf\nc -Inf\nd inf\ne nan\nf -infinity\n# EOF\n", "ok"},
        {"NaN has no sign", "a -NaN\n# EOF\n", "1:3 exposition-syntax"},
        {"numbers fit a 64-bit float", "a 1e308\nb 1e309\n# EOF\n", "2:3 exposition-syntax"},
        {"more digits than a float has are allowed", "a 123456789012345678901\n# EOF\n", "ok"},
        {"leading zeros are allowed", "a 0042\n# EOF\n", "ok"},
        {"booleans are 1 and 0", "# TYPE a stateset\na{a=\"x\"} 2\n# EOF\n", "2:1 value"},
        {"timestamps are seconds, negative and fractional ones too",
         "a 1 -1.5\nb 1 1604676851.123456789\n# EOF\n", "ok"},
        {"timestamps are real numbers", "a 1 NaN\nb 1 +Inf\n# EOF\n",
         "1:5 exposition-syntax, 2:5 exposition-syntax"},
        {"strings are UTF-8", "a{b=\"\xff\"} 1\n# EOF\n", "1:6 exposition-syntax"},
        {"HELP is UTF-8", "# HELP a \xff\n# EOF\n", "1:10 exposition-syntax"},
        {"strings may hold the byte 0", "a{b=\"x\0y\"} 1\n# EOF\n"s, "ok"},
        {"strings may be empty", "a{b=\"\"} 1\n# EOF\n", "ok"},
        // Labels.
        {"label names beginning with _ are reserved", "a{_b=\"1\"} 1\n# EOF\n",
         "1:1 reserved-name"},
        {"label names keep to the grammar", "a{b:c=\"1\"} 1\n# EOF\n", "1:4 exposition-syntax"},
        {"label names are not quoted", "a{\"b\"=\"1\"} 1\n# EOF\n", "1:3 exposition-syntax"},
        {"label names are unique in their set", "a{b=\"1\",b=\"2\"} 1\n# EOF\n",
         "1:1 exposition-syntax"},
        {"no labels are written as nothing or as empty braces", "a 0\nb{} 0\n# EOF\n", "ok"},
        {"no comma follows the last label", "a{b=\"1\",} 1\n# EOF\n", "1:9 exposition-syntax"},
        {"one comma stands between labels", "a{b=\"1\" c=\"2\"} 1\n# EOF\n",
         "1:8 exposition-syntax"},
        // Exemplars.
        {"an exemplar is labels and a value, perhaps a timestamp",
         "# TYPE a counter\na_total 1 # {b=\"c\"} 1\na_total{x=\"1\"} 1 2 # {} 1 2.5\n# EOF\n",
         "ok"},
        {"an exemplar has a value", "# TYPE a counter\na_total 1 # {b=\"c\"}\n# EOF\n",
         "2:20 exposition-syntax"},
        {"an exemplar without labels has {}", "# TYPE a counter\na_total 1 # 1\n# EOF\n",
         "2:13 exposition-syntax"},
        {"an exemplar's labels have at most 128 characters: 128",
         "# TYPE a counter\na_total 1 # {id=\"" + repeated("\xc3\xa9", 126) + "\"} 1\n# EOF\n",
         "ok"},
        {"an exemplar's labels have at most 128 characters: 129",
         "# TYPE a counter\na_total 1 # {id=\"" + repeated("\xc3\xa9", 127) + "\"} 1\n# EOF\n",
         "2:1 exemplar"},
        {"an escape counts as the one character it is",
         "# TYPE a counter\na_total 1 # {id=\"" + repeated("\\n", 126) + "\"} 1\n# EOF\n", "ok"},
        {"an exemplar's labels are unique",
         "# TYPE a counter\na_total 1 # {b=\"1\",b=\"2\"} 1\n# EOF\n", "2:1 exemplar"},
        {"only totals and buckets have exemplars", "# TYPE a gauge\na 1 # {} 1\n# EOF\n",
         "2:1 exemplar"},
        {"a # in a label value begins no exemplar", "a{b=\" # {} 1\"} 1\n# EOF\n", "ok"},
        {"a bucket has one exemplar",
         "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1 # {} 1 # {} 1\n# EOF\n",
         "2:30 exposition-syntax"},
        {"an exemplar lies within its bucket: at its bound",
         "# TYPE a histogram\na_bucket{le=\"1.0\"} 1 # {} 1\na_bucket{le=\"+Inf\"} 1\n# EOF\n",
         "ok"},
        {"an exemplar lies within its bucket: above",
         "# TYPE a histogram\na_bucket{le=\"1.0\"} 1 # {} 1.1\na_bucket{le=\"+Inf\"} 1\n# EOF\n",
         "2:1 exemplar"},
        // Metrics.
        {"points of a metric have rising timestamps", "# TYPE a gauge\na 1 123\na 2 456\n# EOF\n",
         "ok"},
        {"points of a metric have no falling timestamps",
         "# TYPE a gauge\na 1 456\na 2 123\n# EOF\n", "3:1 timestamps"},
        {"points of a metric have different timestamps",
         "# TYPE a gauge\na 1 123\na 2 123\n# EOF\n", "3:1 repeated-sample"},
        {"either all points have timestamps or none", "# TYPE a gauge\na 1\na 2 123\n# EOF\n",
         "3:1 timestamps"},
        {"the labels of each metric are unique in the family",
         "# TYPE a gauge\na{b=\"1\"} 1\na{b=\"1\"} 2\n# EOF\n", "3:1 repeated-sample"},
        {"the order of labels makes no other metric",
         "# TYPE a gauge\na{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 2\n# EOF\n",
         "3:1 repeated-sample"},
        {"a gauge has one value", "# TYPE a gauge\na 1\na 1\n# EOF\n", "3:1 repeated-sample"},
        {"an unknown has one value", "a 1\na 1\n# EOF\n", "2:1 repeated-sample"},
        // Families.
        {"family names are unique", "# TYPE a gauge\na 1\n# TYPE b gauge\n# TYPE a gauge\n# EOF\n",
         "4:1 name-clash"},
        {"names keep to the grammar", "1a 1\n# EOF\n", "1:1 exposition-syntax"},
        {"names are not quoted", "{\"a.b\"} 1\n# EOF\n", "1:1 exposition-syntax"},
        {"names in metadata are not quoted", "# TYPE \"a.b\" gauge\n# EOF\n",
         "1:8 exposition-syntax"},
        {"colons are characters of names", "a:b 1\n# EOF\n", "ok"},
        {"names beginning with _ are reserved", "_a 1\n# EOF\n", "1:1 reserved-name"},
        {"no family clashes with the samples of another",
         "# TYPE foo counter\nfoo_total 1\n# TYPE foo_created gauge\nfoo_created 1\n# EOF\n",
         "3:1 name-clash"},
        {"no family clashes with the samples of a later one",
         "# TYPE foo_sum gauge\nfoo_sum 1\n# TYPE foo summary\n# EOF\n", "3:1 name-clash"},
        {"a family may have no metrics", "# TYPE a gauge\n# EOF\n", "ok"},
        {"an exposition may have no families", "# EOF\n", "ok"},
        {"families do not interleave", "a 1\nb 1\na{x=\"1\"} 1\n# EOF\n", "3:1 name-clash"},
        {"families with a type do not interleave",
         "# TYPE a counter\na_total 1\n# TYPE b gauge\nb 1\na_total{x=\"1\"} 1\n# EOF\n",
         "5:1 interleaved"},
        {"nothing separates families", "a 1\n\nb 1\n# EOF\n", "2:1 exposition-syntax"},
        {"metrics do not interleave",
         "# TYPE a summary\na_count{b=\"1\"} 0\na_count{b=\"2\"} 0\na_sum{b=\"1\"} 0\n# EOF\n",
         "4:1 interleaved"},
        {"points do not interleave",
         "# TYPE a summary\na_count 0 123\na_count 0 456\na_sum 0 123\na_sum 0 456\n# EOF\n",
         "4:1 timestamps"},
        {"several points stand one after the other",
         "# TYPE a summary\na_count{b=\"x\"} 0 123\na_sum{b=\"x\"} 0 123\na_count{b=\"x\"} 0 456\n"
         "a_sum{b=\"x\"} 0 456\na_count{b=\"y\"} 0 123\na_sum{b=\"y\"} 0 123\n# EOF\n",
         "ok"},
        // Metadata.
        {"without TYPE a family is of type unknown", "# HELP a x\na_total 1\na 1\n# EOF\n",
         "3:1 name-clash"},
        {"a type is one of eight words", "# TYPE a untyped\n# EOF\n", "1:10 exposition-syntax"},
        {"types are written in lower case", "# TYPE a Gauge\n# EOF\n", "1:10 exposition-syntax"},
        {"a unit follows a _ at the end of the name",
         "# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# EOF\n", "ok"},
        {"a unit is the end of the name", "# TYPE a counter\n# UNIT a seconds\n# EOF\n",
         "2:10 exposition-syntax"},
        {"a unit is no part of a word", "# UNIT aseconds seconds\n# EOF\n",
         "1:17 exposition-syntax"},
        {"an empty UNIT or HELP counts as none",
         "# UNIT a \n# UNIT a \n# HELP a \n# HELP a x\na 1\n# EOF\n", "ok"},
        {"a family has one TYPE", "# TYPE a gauge\n# TYPE a gauge\n# EOF\n", "2:1 repeated-type"},
        {"a family has one HELP", "# HELP a x\n# HELP a x\n# EOF\n", "2:1 repeated-help"},
        {"a family has one UNIT", "# UNIT a_s s\n# UNIT a_s s\n# EOF\n", "2:1 repeated-unit"},
        {"metadata stands before the samples", "# TYPE a gauge\na 1\n# HELP a x\n# EOF\n",
         "3:1 metadata-order"},
        {"no other lines begin with #", "# a comment\n# EOF\n", "1:3 exposition-syntax"},
        {"one blank follows the #", "#TYPE a gauge\n#  TYPE a gauge\n# EOF\n",
         "1:2 exposition-syntax, 2:3 exposition-syntax"},
        {"HELP escapes quotes, line feeds and backslashes", "# HELP a \\\" \\n \\\\ \\a\n# EOF\n",
         "ok"},
        {"HELP has no bare quotes", "# HELP a a \"b\"\n# EOF\n", "1:12 exposition-syntax"},
        {"HELP ends with no bare backslash", "# HELP a b\\\n# EOF\n", "1:11 exposition-syntax"},
        {"HELP has a text, if empty", "# HELP a\n# EOF\n", "1:9 exposition-syntax"},
        // Counters.
        {"a counter has a total", "# TYPE a counter\na_created 1\n# EOF\n", "2:1 no-total"},
        {"a total is not NaN", "# TYPE a counter\na_total NaN\n# EOF\n", "2:1 value"},
        {"a total begins at 0", "# TYPE a counter\na_total -1\n# EOF\n", "2:1 value"},
        {"a total ends in _total", "# TYPE a counter\na 1\n# EOF\n", "2:1 sample-name"},
        {"created ends in _created",
         "# TYPE a counter\na_total 1\na_created 1520430000.123\n# EOF\n", "ok"},
        {"created is a time", "# TYPE a counter\na_total 1\na_created NaN\n# EOF\n", "3:1 value"},
        // Gauges and unknowns.
        {"a gauge has no suffix", "# TYPE a gauge\na_total 1\n# EOF\n", "2:1 sample-name"},
        {"an unknown has no suffix", "# TYPE a unknown\na_sum 1\n# EOF\n", "2:1 sample-name"},
        // State sets.
        {"a state has the family's name as label",
         "# TYPE a stateset\na{a=\"x\"} 0\na{a=\"y\"} 1\n# EOF\n", "ok"},
        {"a state without that label is none", "# TYPE a stateset\na{b=\"x\"} 1\n# EOF\n",
         "2:1 label"},
        {"states of one metric differ", "# TYPE a stateset\na{a=\"x\"} 0\na{a=\"x\"} 1\n# EOF\n",
         "3:1 repeated-sample"},
        {"a state set has no suffix", "# TYPE a stateset\na_info{a=\"x\"} 0\n# EOF\n",
         "2:1 sample-name"},
        {"a state set has no unit", "# TYPE a_s stateset\n# UNIT a_s s\na_s{a_s=\"x\"} 1\n# EOF\n",
         "2:1 unit"},
        // Infos.
        {"an info ends in _info", "# TYPE a info\na{b=\"c\"} 1\n# EOF\n", "2:1 sample-name"},
        {"an info is 1", "# TYPE a info\na_info{b=\"c\"} 1.0\na_info{b=\"d\"} 0\n# EOF\n",
         "3:1 value"},
        {"an info has no unit", "# TYPE a_s info\n# UNIT a_s s\na_s_info 1\n# EOF\n", "2:1 unit"},
        {"an info's labels differ from its metric's",
         "# TYPE a info\na_info{b=\"1\",b=\"2\"} 1\n# EOF\n", "2:1 exposition-syntax"},
        // Histograms.
        {"a histogram has buckets, count, sum and created",
         "# TYPE a histogram\na_bucket{le=\"1.0\"} 1\na_bucket{le=\"+Inf\"} 2\na_count 2\na_sum 3\n"
         "a_created 1\n# EOF\n",
         "ok"},
        {"a histogram has a bucket, that of +Inf",
         "# TYPE a histogram\na_sum 1\na_count 1\n# EOF\n", "2:1 no-inf-bucket"},
        {"buckets without +Inf do not do", "# TYPE a histogram\na_bucket{le=\"1.0\"} 1\n# EOF\n",
         "2:1 no-inf-bucket"},
        {"each metric has its +Inf bucket",
         "# TYPE a histogram\na_bucket{b=\"1\",le=\"1.0\"} 1\na_bucket{b=\"2\",le=\"+Inf\"} 1\n# "
         "EOF\n",
         "2:1 no-inf-bucket"},
        {"buckets have a bound", "# TYPE a histogram\na_bucket 1\n# EOF\n",
         "2:1 label, 2:1 no-inf-bucket"},
        {"buckets are cumulative",
         "# TYPE a histogram\na_bucket{le=\"1.0\"} 2\na_bucket{le=\"+Inf\"} 1\n# EOF\n",
         "3:1 bucket-order"},
        {"equal buckets are cumulative",
         "# TYPE a histogram\na_bucket{le=\"1.0\"} 10\na_bucket{le=\"+Inf\"} 10\n# EOF\n", "ok"},
        {"bounds are unique",
         "# TYPE a histogram\na_bucket{le=\"1.0\"} 1\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} "
         "1\n"
         "# EOF\n",
         "3:1 bucket-order"},
        {"bounds rise as numbers do",
         "# TYPE a histogram\na_bucket{le=\"10.0\"} 1\na_bucket{le=\"9.0\"} "
         "1\na_bucket{le=\"+Inf\"} 1\n"
         "# EOF\n",
         "3:1 bucket-order"},
        {"sum and buckets are not NaN",
         "# TYPE a histogram\na_bucket{le=\"+Inf\"} NaN\na_sum NaN\na_count 1\n# EOF\n",
         "2:1 value, 3:1 value, 4:1 count"},
        {"sum and buckets are not negative",
         "# TYPE a histogram\na_bucket{le=\"+Inf\"} -1\na_sum -1\na_count -1\n# EOF\n",
         "2:1 value, 3:1 value, 4:1 value"},
        {"a histogram with bounds below zero has no sum",
         "# TYPE a histogram\na_bucket{le=\"-1.0\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count "
         "1\n"
         "# EOF\n",
         "4:1 sum"},
        {"a histogram with bounds below zero has buckets",
         "# TYPE a histogram\na_bucket{le=\"-1.0\"} 1\na_bucket{le=\"+Inf\"} 1\n# EOF\n", "ok"},
        {"bounds are not NaN",
         "# TYPE a histogram\na_bucket{le=\"NaN\"} 1\na_bucket{le=\"+Inf\"} 1\n# EOF\n",
         "2:1 label"},
        {"buckets are integers, however written",
         "# TYPE a histogram\na_bucket{le=\"1.0\"} 1.5\na_bucket{le=\"+Inf\"} 2.0\n# EOF\n",
         "2:1 value"},
        {"the count is an integer",
         "# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_sum 1\na_count 1.5\n# EOF\n",
         "4:1 value, 4:1 count"},
        {"a histogram's labels have no le",
         "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count{le=\"1\"} 1\na_sum{le=\"1\"} 1\n# "
         "EOF\n",
         "3:1 label, 3:1 no-inf-bucket, 4:1 label"},
        {"a sum has a count", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\n# EOF\n",
         "3:1 no-count"},
        {"a count has a sum", "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 1\n# EOF\n",
         "3:1 no-sum"},
        {"the count is the +Inf bucket",
         "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n# EOF\n", "4:1 count"},
        {"buckets end in _bucket", "# TYPE a histogram\na{le=\"+Inf\"} 1\n# EOF\n",
         "2:1 sample-name"},
        {"infinity is written +Inf", "# TYPE a histogram\na_bucket{le=\"inf\"} 1\n# EOF\n",
         "2:1 label"},
        {"bounds need not be canonical",
         "# TYPE a histogram\na_bucket{le=\"1.1e-4\"} 1\na_bucket{le=\"1\"} "
         "1\na_bucket{le=\"+Inf\"} 1\n"
         "# EOF\n",
         "ok"},
        // Gauge histograms.
        {"a gauge histogram has buckets, gcount and gsum",
         "# TYPE a gaugehistogram\na_bucket{le=\"1\"} 34.0\na_bucket{le=\"+Inf\"} 42.0\na_gcount "
         "42.0\n"
         "a_gsum 3289.3\n# EOF\n",
         "ok"},
        {"a gauge histogram has the +Inf bucket",
         "# TYPE a gaugehistogram\na_bucket{le=\"1\"} 34\n# EOF\n", "2:1 no-inf-bucket"},
        {"a gauge histogram's buckets are not negative or NaN",
         "# TYPE a gaugehistogram\na_bucket{le=\"1\"} -1\na_bucket{le=\"+Inf\"} NaN\n# EOF\n",
         "2:1 value, 3:1 value"},
        {"a gauge histogram's buckets are integers",
         "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1.5\n# EOF\n", "2:1 value"},
        {"gsum may be negative with bounds below zero",
         "# TYPE a gaugehistogram\na_bucket{le=\"-1\"} 1\na_bucket{le=\"+Inf\"} 1\na_gsum -1\n"
         "a_gcount 1\n# EOF\n",
         "ok"},
        {"gsum is not negative without them",
         "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gsum -1\na_gcount 1\n# EOF\n",
         "3:1 sum"},
        {"gsum is not NaN",
         "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gsum NaN\na_gcount 1\n# EOF\n",
         "3:1 value"},
        {"gsum has gcount", "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gsum 1\n# EOF\n",
         "3:1 no-count"},
        {"a gauge histogram's labels have no le",
         "# TYPE a gaugehistogram\na_bucket{le=\"+Inf\"} 1\na_gsum{le=\"1\"} 1\n# EOF\n",
         "3:1 label, 3:1 no-inf-bucket, 3:1 no-count"},
        {"a gauge histogram's sum ends in _gsum", "# TYPE a gaugehistogram\na_sum 1\n# EOF\n",
         "2:1 sample-name"},
        // Summaries.
        {"a summary has count, sum, created and quantiles in any order",
         "# TYPE a summary\na{quantile=\"0.99\"} 2\na{quantile=\"0.5\"} NaN\na_count 17.0\na_sum "
         "2\n"
         "a_created 1\n# EOF\n",
         "ok"},
        {"count and sum are not NaN", "# TYPE a summary\na_count NaN\na_sum NaN\n# EOF\n",
         "2:1 value, 3:1 value"},
        {"count and sum are not negative", "# TYPE a summary\na_count -1\na_sum -1\n# EOF\n",
         "2:1 value, 3:1 value"},
        {"a summary's count is an integer", "# TYPE a summary\na_count 1.5\n# EOF\n", "2:1 value"},
        {"a quantile has the label quantile", "# TYPE a summary\na 1\n# EOF\n", "2:1 label"},
        {"quantiles lie between 0 and 1: at the ends",
         "# TYPE a summary\na{quantile=\"0\"} 1\na{quantile=\"1\"} 1\n# EOF\n", "ok"},
        {"quantiles lie between 0 and 1: beyond",
         "# TYPE a summary\na{quantile=\"-0.1\"} 1\na{quantile=\"1.1\"} 1\n# EOF\n",
         "2:1 label, 3:1 label"},
        {"a quantile's value is not negative", "# TYPE a summary\na{quantile=\"0.5\"} -1\n# EOF\n",
         "2:1 value"},
        {"a summary's labels have no quantile",
         "# TYPE a summary\na_sum{quantile=\"1\"} 1\n# EOF\n", "2:1 label"},
        {"a summary's sum and count have their suffixes", "# TYPE a summary\na_total 1\n# EOF\n",
         "2:1 sample-name"},
        // The whole.
        {"an invalid exposition is invalid as a whole, each error told", "a x\nb 1\nc y\n# EOF\n",
         "1:3 exposition-syntax, 3:3 exposition-syntax"},
        {"a partial exposition is invalid", "a 1\n", "2:1 exposition-syntax"},
        {"a cut line is invalid", "a 1\nb", "2:2 exposition-syntax, 2:2 exposition-syntax"},
        {"an exposition has an end", "", "1:1 exposition-syntax"},
        {"the end needs no line feed", "a 1\n# EOF", "ok"},
        {"nothing follows the end", "a 1\n# EOF\nb 1\nc 1\n", "3:1 exposition-syntax"},
        {"no empty line follows the end", "a 1\n# EOF\n\n", "3:1 exposition-syntax"},
        {"the end is written in capitals", "# eof\n# EOF\n", "1:3 exposition-syntax"},
        {"there is no byte order mark",
         "\xef\xbb\xbf"
         "a 1\n# EOF\n",
         "1:1 exposition-syntax"},
        {"lines end without carriage returns", "# HELP a x\r\n# TYPE a gauge\r\na 1\r\n# EOF\n",
         "1:11 exposition-syntax, 2:15 exposition-syntax, 3:3 exposition-syntax"},
        {"one blank stands before the value", "a  1\na{b=\"1\"}1\na\t1\n# EOF\n",
         "1:3 exposition-syntax, 2:9 exposition-syntax, 3:2 exposition-syntax"},
        {"no blank ends a line", "a 1 \n# EOF\n", "1:5 exposition-syntax"},
        {"no blank begins a line", " a 1\n# EOF\n", "1:1 exposition-syntax"},
        {"no blanks stand in braces", "a{ b=\"1\"} 1\na{b =\"1\"} 1\n# EOF\n",
         "1:3 exposition-syntax, 2:4 exposition-syntax"},
        {"line feeds, quotes and backslashes are escaped in labels",
         "a{b=\"\\n\\\"\\\\\"} 1\n# EOF\n", "ok"},
        {"line feeds stand in no label", "a{b=\"x\ny\"} 1\n# EOF\n",
         "1:7 exposition-syntax, 2:2 exposition-syntax"},
    };
    return kRows;
}

}  // namespace

class OpenMetricsCheckTest : public QObject {
    Q_OBJECT
private slots:
    void theSpecificationIsFollowed_data() {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < rows().size(); ++i)
            QTest::newRow(rows()[i].sentence) << static_cast<int>(i);
    }
    void theSpecificationIsFollowed() {
        QFETCH(int, row);
        const Row& expected = rows()[static_cast<std::size_t>(row)];
        QCOMPARE(QString::fromStdString(verdict(expected.text)), QString(expected.verdict));
    }
    /// A scraper must not be stricter than the check.
    void whatIsSoundCanBeScraped() {
        for (const Row& row : rows()) {
            if (row.verdict != std::string_view("ok"))
                continue;
            PromTextParser parser(row.text, ExpositionFormat::OpenMetrics);
            Entry entry = Entry::Comment;
            while (entry != Entry::End && entry != Entry::Error)
                entry = parser.next();
            QVERIFY2(entry == Entry::End, row.sentence);
        }
    }
    void aHundredErrorsAreTold() {
        QCOMPARE(
            checkExposition(repeated("a x\n", 99) + "# EOF\n", "m", ExpositionFormat::OpenMetrics)
                .size(),
            std::size_t{99});
        for (const int lines : {100, 101})
            QCOMPARE(checkExposition(repeated("a x\n", lines) + "# EOF\n", "m",
                                     ExpositionFormat::OpenMetrics)
                         .size(),
                     kMaxExpositionErrors);
    }
    void aMessageNamesTheMistakeAndTheFix() {
        const auto messages = [](std::string_view text) {
            return format(checkExposition(text, "m", ExpositionFormat::OpenMetrics));
        };
        QCOMPARE(
            messages("# TYPE a counter\na 1\n# EOF\n"),
            std::string("m:2:1: error: samples of the counter 'a' are named a_total, a_created, "
                        "found 'a'\n"));
        QCOMPARE(
            messages("# TYPE a info\n# TYPE a_info gauge\n# EOF\n"),
            std::string("m:2:1: error: 'a_info' could be a sample of the family 'a' too: rename "
                        "one of them\n"));
        QCOMPARE(
            messages("a 1\n"),
            std::string("m:2:1: error: expected '# EOF' as the last line, found the end of the "
                        "text\n"));
    }
};

LEVEE_TEST(OpenMetricsCheckTest)
#include "openmetrics_check_test.moc"
