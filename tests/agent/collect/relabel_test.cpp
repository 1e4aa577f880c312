// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/relabel.h"

#include <QTest>
#include <map>

#include "agent/collect/scrape_reader.h"
#include "agent/collect/target.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;
using Action = RelabelRule::Action;

namespace {

RelabelRule rule(Action action, std::vector<std::string> sources = {}, std::string regex = "(.*)",
                 std::string target = {}, std::string replacement = "$1") {
    RelabelRule made;
    made.action = action;
    made.sourceLabels = std::move(sources);
    made.regex = std::move(regex);
    made.targetLabel = std::move(target);
    made.replacement = std::move(replacement);
    return made;
}

/// "a=1,b=2" after the rules, "dropped", in the order of names.
std::string after(std::vector<RelabelRule> rules, const Labels& labels) {
    LabelBuilder builder(labels);
    if (!(*Relabeler::make(std::move(rules)))->apply(builder))
        return "dropped";
    std::map<std::string, std::string> sorted;
    for (const Label& label : builder.take())
        sorted[label.name] = label.value;
    std::string text;
    for (const auto& [name, value] : sorted)
        text += (text.empty() ? "" : ",") + name + '=' + value;
    return text;
}

const Labels kLabels{{"a", "foo"}, {"b", "bar"}, {"c", "baz"}};

struct Row {
    const char* what;
    std::vector<RelabelRule> rules;
    const char* expected;
};

std::vector<Row> rows() {
    RelabelRule slashed = rule(Action::Replace, {"a", "b"}, "(.*)", "d");
    slashed.separator = "/";
    RelabelRule mod = rule(Action::HashMod, {"c"}, "(.*)", "d");
    mod.modulus = 1000;
    return {
        {"nothing", {}, "a=foo,b=bar,c=baz"},
        {"a match is put into the replacement",
         {rule(Action::Replace, {"a"}, "f(.*)", "d", "ch${1}-ch${1}")},
         "a=foo,b=bar,c=baz,d=choo-choo"},
        {"later rules see what earlier ones wrote",
         {rule(Action::Replace, {"a", "b"}, "f(.*);(.*)r", "a", "b${1}${2}m"),
          rule(Action::Replace, {"c", "a"}, "(b).*b(.*)ba(.*)", "d", "$1$2$2$3")},
         "a=boobam,b=bar,c=baz,d=boooom"},
        {"the default joins with a semicolon",
         {rule(Action::Replace, {"a", "b"}, "(.*)", "d")},
         "a=foo,b=bar,c=baz,d=foo;bar"},
        {"a separator of one's own", {slashed}, "a=foo,b=bar,c=baz,d=foo/bar"},
        {"no match changes nothing",
         {rule(Action::Replace, {"a"}, "x", "d", "y")},
         "a=foo,b=bar,c=baz"},
        {"the whole value must match",
         {rule(Action::Replace, {"a"}, "o", "d", "y")},
         "a=foo,b=bar,c=baz"},
        {"alternatives are anchored together",
         {rule(Action::Replace, {"a"}, "x|foo", "d", "y"),
          rule(Action::Replace, {"a"}, "f|x", "e", "y")},
         "a=foo,b=bar,c=baz,d=y"},
        {"an empty result removes the label",
         {rule(Action::Replace, {"a"}, "(f).*", "b", "$2"),
          rule(Action::Replace, {}, "(.*)", "c", "")},
         "a=foo"},
        {"a missing label is an empty value",
         {rule(Action::Replace, {"x"}, "", "d", "none")},
         "a=foo,b=bar,c=baz,d=none"},
        {"no source at all sets a constant",
         {rule(Action::Replace, {}, "(.*)", "d", "v")},
         "a=foo,b=bar,c=baz,d=v"},
        {"the target may come from the match",
         {rule(Action::Replace, {"a"}, "f(.*)", "l_${1}_x", "v")},
         "a=foo,b=bar,c=baz,l_oo_x=v"},
        {"a target that is no name is left alone",
         {rule(Action::Replace, {"a"}, "(.*)", "${2}", "v")},
         "a=foo,b=bar,c=baz"},
        {"names of groups",
         {rule(Action::Replace, {"a"}, "(?P<x>f)(o*)", "d", "${x}-$x-$xy-$2")},
         "a=foo,b=bar,c=baz,d=f-f--oo"},
        {"a longer name is another group",
         {rule(Action::Replace, {"a"}, "(.*)", "d", "$1x|${1}x|$01")},
         "a=foo,b=bar,c=baz,d=|foox|"},
        {"dollars that begin nothing",
         {rule(Action::Replace, {"a"}, "(.*)", "d", "$$1 $ ${ ${} $-")},
         "a=foo,b=bar,c=baz,d=$1 $ ${ ${} $-"},
        {"keep", {rule(Action::Keep, {"a"}, "fo+")}, "a=foo,b=bar,c=baz"},
        {"keep nothing else", {rule(Action::Keep, {"a"}, "fo")}, "dropped"},
        {"drop", {rule(Action::Drop, {"a", "b"}, "foo;bar")}, "dropped"},
        {"drop nothing else", {rule(Action::Drop, {"a"}, "bar")}, "a=foo,b=bar,c=baz"},
        {"what is dropped stays dropped",
         {rule(Action::Drop, {"a"}, "foo"), rule(Action::Replace, {}, "(.*)", "d", "v")},
         "dropped"},
        {"keepequal",
         {rule(Action::Replace, {"a"}, "(.*)", "d"), rule(Action::KeepEqual, {"a"}, "(.*)", "d")},
         "a=foo,b=bar,c=baz,d=foo"},
        {"keepequal of different ones", {rule(Action::KeepEqual, {"a"}, "(.*)", "b")}, "dropped"},
        {"dropequal of different ones",
         {rule(Action::DropEqual, {"a"}, "(.*)", "b")},
         "a=foo,b=bar,c=baz"},
        {"dropequal of two absent ones", {rule(Action::DropEqual, {"x"}, "(.*)", "y")}, "dropped"},
        {"hashmod", {mod}, "a=foo,b=bar,c=baz,d=976"},
        {"labelmap",
         {rule(Action::LabelMap, {}, "(a|b)", "", "my_$1")},
         "a=foo,b=bar,c=baz,my_a=foo,my_b=bar"},
        {"of two that map to one the last wins",
         {rule(Action::LabelMap, {}, "(a|b)", "", "x")},
         "a=foo,b=bar,c=baz,x=bar"},
        {"labeldrop", {rule(Action::LabelDrop, {}, "a|c")}, "b=bar"},
        {"labelkeep", {rule(Action::LabelKeep, {}, "a|x")}, "a=foo"},
        {"uppercase",
         {rule(Action::Uppercase, {"a", "b"}, "(.*)", "d")},
         "a=foo,b=bar,c=baz,d=FOO;BAR"},
        {"lowercase of nothing removes",
         {rule(Action::Lowercase, {"x"}, "(.*)", "a")},
         "b=bar,c=baz"},
    };
}

/// A target whose series go through rules.
struct Relabelled {
    Relabelled(Labels labels, const std::vector<RelabelRule>& rules) : cache(std::move(labels)) {
        terms.filter = std::make_shared<KeepFilter>(std::vector<std::string>{"*"});
        terms.relabel = *Relabeler::make(rules);
    }

    /// What one scrape keeps.
    std::vector<std::string> kept(const std::string& body) {
        const ReadOutcome outcome = readScrape(body, terms, cache);
        std::vector<std::string> texts;
        if (outcome.failure != ScrapeFailure::None)
            texts.push_back(std::string(name(outcome.failure)) + ' ' + outcome.error);
        for (const Sample& sample : outcome.kept)
            texts.push_back(sample.series->text() + ' ' +
                            std::to_string(static_cast<int>(sample.value)));
        return texts;
    }

    ReadTerms terms;
    SeriesCache cache;
};

}  // namespace

class RelabelTest : public QObject {
    Q_OBJECT
private slots:
    void rules_data() {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < rows().size(); ++i)
            QTest::newRow(rows()[i].what) << static_cast<int>(i);
    }
    void rules() {
        QFETCH(int, row);
        const Row one = rows()[static_cast<std::size_t>(row)];
        QCOMPARE(after(one.rules, kLabels), std::string(one.expected));
    }

    void rulesForSeriesRunBeforeTheyAreKept() {
        const std::vector<RelabelRule> rules{
            rule(Action::Drop, {"__name__"}, "go_.*"),
            rule(Action::Replace, {"__name__"}, "old_(.*)", "__name__", "new_$1"),
            rule(Action::Replace, {"job"}, "(.*)", "team", "$1-team"),
            rule(Action::LabelDrop, {}, "pod")};
        const std::string body = "go_gc 1\nold_a{pod=\"x\",z=\"1\"} 2\nb{job=\"other\"} 3\n";
        const std::vector<std::string> expected{
            "new_a{job=\"j\",team=\"j-team\",z=\"1\"} 2",
            "b{exported_job=\"other\",job=\"j\",team=\"j-team\"} 3"};
        Relabelled target(Labels{{"job", "j"}}, rules);
        QCOMPARE(target.kept(body), expected);
        // And the same by the remembered lines.
        QCOMPARE(target.kept(body), expected);
        QCOMPARE(target.cache.layout().size(), std::size_t{3});
    }
    void linesThatBecomeOneSeriesCountOnce() {
        Relabelled target(Labels{}, {rule(Action::LabelDrop, {}, "id")});
        for (int scrape = 0; scrape < 3; ++scrape) {
            QCOMPARE(target.kept("a{id=\"1\"} 1\na{id=\"2\"} 2\nb 3\n"),
                     (std::vector<std::string>{"a{} 1", "b{} 3"}));
            QCOMPARE(target.cache.size(), std::size_t{2});
        }
    }
    void aSeriesWithoutANameFailsTheScrape() {
        Relabelled target(Labels{}, {rule(Action::LabelDrop, {}, "__name__")});
        const auto outcome = target.kept("a{x=\"1\"} 1\n");
        QCOMPARE(outcome, (std::vector<std::string>{
                              "relabel metric_relabel_configs leave no name to a{x=\"1\"}"}));
    }
    void labelsOfTheSampleWinWhenTheyAreHonoured() {
        ReadTerms terms;
        terms.filter = std::make_shared<KeepFilter>(std::vector<std::string>{"*"});
        SeriesCache cache(Labels{{"instance", "gateway:9091"}, {"job", "push"}});
        const auto text = [&] {
            return readScrape("a{job=\"batch\",instance=\"\",x=\"1\"} 1\n", terms, cache)
                .kept.at(0)
                .series->text();
        };
        QCOMPARE(text(),
                 std::string(
                     "a{exported_job=\"batch\",instance=\"gateway:9091\",job=\"push\",x=\"1\"}"));
        terms.honorLabels = true;
        QCOMPARE(text(), std::string("a{instance=\"gateway:9091\",job=\"batch\",x=\"1\"}"));
    }
    void timesOfTheTargetAreForgottenWhenTheyAreNotHonoured() {
        ReadTerms terms;
        terms.filter = std::make_shared<KeepFilter>(std::vector<std::string>{"*"});
        SeriesCache cache(Labels{});
        QCOMPARE(readScrape("a 1 5\n", terms, cache).kept.at(0).timestampMillis,
                 std::optional<std::int64_t>(5));
        terms.honorTimestamps = false;
        QVERIFY(!readScrape("a 1 5\n", terms, cache).kept.at(0).timestampMillis.has_value());
        QVERIFY(!readScrape("a 1 6\n", terms, cache).kept.at(0).timestampMillis.has_value());
    }

    void rulesForTargetsSayHowTheyAreScraped() {
        ScrapeJob job;
        job.name = "j";
        job.params = {{"target", {"x", "y"}}};
        job.statics.push_back({{"h:1", "h:2", "h:3"}, {{"__meta_path", "/probe"}, {"zone", "a"}}});
        job.relabel = {rule(Action::Drop, {"__address__"}, "h:2"),
                       rule(Action::Replace, {"__address__"}, "(.*)", "__param_target"),
                       rule(Action::Replace, {"__address__"}, "(.*)", "instance"),
                       rule(Action::Replace, {"__meta_path"}, "(.*)", "__metrics_path__"),
                       rule(Action::Replace, {}, "(.*)", "__address__", "exporter"),
                       rule(Action::Replace, {}, "(.*)", "__scheme__", "https"),
                       rule(Action::Replace, {}, "(.*)", "__scrape_interval__", "5s"),
                       rule(Action::Replace, {}, "(.*)", "__scrape_timeout__", "2s"),
                       rule(Action::Replace, {}, "(.*)", "__tmp", "gone")};
        const auto targets = makeTargets({job});
        QVERIFY(targets.isOk());
        QCOMPARE(targets->size(), std::size_t{2});
        const Target& first = targets->at(0);
        QCOMPARE(first.url, std::string("https://exporter:443/probe?target=h%3A1&target=y"));
        QCOMPARE(Series::make("x", first.labels)->text(),
                 std::string("x{instance=\"h:1\",job=\"j\",zone=\"a\"}"));
        QCOMPARE(first.interval, Duration(5s));
        QCOMPARE(first.timeout, Duration(2s));
    }
    void whatRulesMakeOfAnAddressIsChecked() {
        const auto made = [](const std::string& label, const std::string& value) {
            ScrapeJob job;
            job.name = "j";
            job.statics.push_back({{"h:1"}, {}});
            job.relabel = {rule(Action::Replace, {}, "(.*)", label, value)};
            const auto targets = makeTargets({job});
            return targets ? targets->at(0).url : targets.error().message;
        };
        QCOMPARE(made("__address__", "h2:99"), std::string("http://h2:99/metrics"));
        QCOMPARE(made("__address__", "[::1]"), std::string("http://[::1]:80/metrics"));
        QCOMPARE(made("__address__", ""),
                 std::string("scrape job 'j': a target is left without an __address__"));
        for (const char* address : {"h/x", "u@h:1", "h 1", "h?x"})
            QVERIFY(made("__address__", address).starts_with("scrape job 'j': a target must be"));
        QVERIFY(made("__scheme__", "file").find("must be http or https") != std::string::npos);
        QVERIFY(made("__metrics_path__", "/a b").find("has a blank") != std::string::npos);
        QCOMPARE(made("__metrics_path__", "m"), std::string("http://h:1/m"));
        QVERIFY(made("__scrape_interval__", "1ms").find("at least 10ms") != std::string::npos);
        QVERIFY(made("__scrape_timeout__", "x").find("__scrape_timeout__") != std::string::npos);
    }
    void discoveredTargetsThatAreWrongHarmNobody() {
        ScrapeJob job;
        job.name = "j";
        const DiscoveredTargets found{
            {"j", {{{"h:1", "bad/address", "h:1"}, {}}, {{"h:2"}, {{"__scheme__", "file"}}}}}};
        RefusedTargets refused;
        const auto targets = makeTargets({job}, found, &refused);
        QCOMPARE(targets->size(), std::size_t{1});
        QCOMPARE(refused.count, std::uint64_t{2});
        QCOMPARE(refused.first,
                 std::string("scrape job 'j': a target must be host:port, not 'bad/address'"));
    }
    void manyDiscoveredTargetsAreRefusedAsAWhole() {
        ScrapeJob job;
        job.name = "j";
        DiscoveredTargets found;
        for (std::size_t i = 0; i < kMaxTargets; ++i)
            found["j"].push_back({{"h:" + std::to_string(i + 1)}, {}});
        QVERIFY(makeTargets({job}, found).isOk());
        found["j"].push_back({{"one:1"}, {}});
        QCOMPARE(makeTargets({job}, found).error().kind, ErrorKind::Exhausted);
    }
};

LEVEE_TEST(RelabelTest)
#include "relabel_test.moc"
