// SPDX-License-Identifier: Apache-2.0
// Mutated rules and configurations: each is refused with a place, or is right; what is in force
// stays byte for byte after every refusal. LEVEE_MUTATIONS says how many of each; 10,000 take some
// minutes.
#include <QTemporaryDir>
#include <QTest>

#include "agent/config/config_loader.h"
#include "agent/control/rule_book.h"
#include "rules/lang/format.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/mutation.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

/// What is mutated, and where pieces come from.
struct Corpus {
    explicit Corpus(const std::string& folder) {
        for (const QString& file : test::filesIn(folder, "*.good.yaml"))
            good.push_back(test::readData(folder + "/" + file.toStdString()));
        all = good;
        for (const QString& file : test::filesIn(folder, "*.bad.yaml"))
            all.push_back(test::readData(folder + "/" + file.toStdString()));
    }
    std::string next(Random& random) const {
        const auto& from = random.next() % 4 == 0 ? all : good;
        return test::mutated(from[random.next() % from.size()], all, random);
    }
    std::vector<std::string> good;
    std::vector<std::string> all;
};

int rounds() {
    constexpr int kShort = 300;
    const int asked = qEnvironmentVariableIntValue("LEVEE_MUTATIONS");
    return asked > 0 ? asked : kShort;
}

/// "" where it is as it should be: errors say where and what.
std::string problemOf(const Diagnostics& found, const std::string& file) {
    bool hasError = false;
    for (const Diagnostic& each : found) {
        if (each.message.empty() || each.code.empty())
            return "a finding without words";
        if (each.severity != Severity::Error)
            continue;
        hasError = true;
        // An edit that is right alone may be wrong beside the rules in force: the set is "rules".
        if (each.place.file != file && each.place.file != "rules")
            return "another file: " + format(each);
        // A text that is too long, or no text at all, has no line to point at.
        if (each.place.line < 1 && each.code != "too-large" && each.code != "encoding")
            return "no place: " + format(each);
    }
    return hasError ? "" : "refused without an error";
}

}  // namespace

class MutationTest : public QObject {
    Q_OBJECT
private slots:
    void rules() {
        const QTemporaryDir directory;
        const RealTimeSource time;
        const auto store = *RuleStore::open(directory.path().toStdString(), 0);
        int announced = 0;
        RuleBook book(*store, time, [&](const auto&, const RuleRevision&) { ++announced; });
        (void)book.load({});
        const auto inForce = [&] {
            return std::to_string(book.active()->revision) + formatRules(book.active()->rules) +
                   store->active()->text + std::to_string(announced) +
                   std::to_string(store->audit(1, 0, "")->at(0).id);
        };
        const Corpus corpus("rules");
        Random random(20);
        int refused = 0;
        for (int i = 0; i < rounds(); ++i) {
            const std::string text = corpus.next(random);
            const std::string before = inForce();
            const RuleEdit edit = i % 2 == 0 ? RuleEdit::Replace : RuleEdit::Merge;
            const auto result =
                book.apply(text, "m.yaml", edit, book.active()->revision, "fuzz", "fuzz");
            if (result && result->isApplied)
                continue;
            ++refused;
            QCOMPARE(inForce(), before);
            const std::string problem =
                result ? problemOf(result->check.diagnostics, "m.yaml") : result.error().message;
            QVERIFY2(problem.empty(), (problem + "\n" + text).c_str());
        }
        QVERIFY(refused > rounds() / 4 && refused < rounds());
        qInfo("%d rule texts, %d refused", rounds(), refused);
    }
    void configurations() {
        const Corpus corpus("config");
        const EnvironmentLookup environment = [](const std::string& name) {
            return name == "HOST" ? std::optional<std::string>("h") : std::nullopt;
        };
        Random random(21);
        int refused = 0;
        for (int i = 0; i < rounds(); ++i) {
            const std::string text = corpus.next(random);
            const LoadedConfig loaded = parseConfig(text, "m.yaml", environment);
            if (!hasErrors(loaded.diagnostics))
                continue;
            ++refused;
            const std::string problem = problemOf(loaded.diagnostics, "m.yaml");
            QVERIFY2(problem.empty(), (problem + "\n" + text).c_str());
        }
        QVERIFY(refused > rounds() / 4 && refused < rounds());
        qInfo("%d configurations, %d refused", rounds(), refused);
    }
};

LEVEE_TEST(MutationTest)
#include "mutation_test.moc"
