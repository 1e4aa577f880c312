// SPDX-License-Identifier: Apache-2.0
#include "agent/config/pack_folder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "agent/config/config_diff.h"
#include "agent/config/config_loader.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

class PackFolderTest : public QObject {
    Q_OBJECT
    QTemporaryDir directory_;

    std::string path(const QString& name) { return directory_.filePath(name).toStdString(); }
    void write(const QString& name, const QByteArray& text) {
        QVERIFY(QDir().mkpath(QFileInfo(directory_.filePath(name)).path()));
        QFile file(directory_.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    void writePack(const QString& name, const QByteArray& job, const QByteArray& expression) {
        write(name + "/pack.yaml",
              "apiVersion: levee/v1\nkind: Pack\nmetadata: {name: " + name.toUtf8() +
                  ", title: X}\nspec:\n  needs: x_up\n  exporter:\n    name: x\n    port: 1\n"
                  "    scrape: |\n      " +
                  job + "\n  signals:\n    - {name: s, expr: \"" + expression +
                  "\", unit: count, help: H., normal: 1}\n");
    }
    LoadedConfig load(const QByteArray& text) {
        write("agent.yaml", text);
        return loadConfig(path("agent.yaml"));
    }
private slots:
    void initTestCase() {
        qputenv("LEVEE_PACKS", directory_.path().toUtf8());
        writePack("one", "- {job_name: one}", "one_s");
        writePack("two", "- {job_name: two}", "two_s");
    }
    void packsAreUsedByNameOrByPath() {
        const LoadedConfig loaded = load("packs: [one, ./two]\n");
        QVERIFY2(loaded.diagnostics.empty(), format(loaded.diagnostics).c_str());
        QCOMPARE(loaded.config.packs.size(), std::size_t{2});
        QCOMPARE(loaded.config.packs[0].folder, path("one"));
        QCOMPARE(loaded.config.packs[1].pack.signalList[0].expression, std::string("two_s"));
        QVERIFY(packRuleFiles(loaded.config.packs).empty());
        write("two/rules.yaml", "");
        QCOMPARE(packRuleFiles(loaded.config.packs).size(), std::size_t{1});
        QCOMPARE(packsIn(directory_.path().toStdString()),
                 (std::vector<std::string>{"one", "two"}));
    }
    void aPackThatIsNotThereIsAMistakeOfTheConfiguration() {
        const std::string found = format(load("packs:\n  - ones\n").diagnostics);
        QVERIFY2(found.find("agent.yaml:2:5: error: no pack in ") != std::string::npos,
                 found.c_str());
        QVERIFY2(found.find("did you mean one?") != std::string::npos, found.c_str());
    }
    void aPackIsNamedOnceAndByAName() {
        const std::string found = format(load("packs: [one, one, \"a b\"]\n").diagnostics);
        QVERIFY2(found.find("1:14: error: packs[2] is 'one', which stands there already") !=
                     std::string::npos,
                 found.c_str());
        QVERIFY2(found.find("1:19: error: packs[3] is 'a b'; it must be a pack's name") !=
                     std::string::npos,
                 found.c_str());
    }
    void packsAreBounded() {
        QByteArray text = "packs:\n";
        for (std::size_t i = 0; i <= kMostPacks; ++i)
            text += "  - ./p" + QByteArray::number(static_cast<qulonglong>(i)) + "\n";
        const auto parsed = parseConfig(text.toStdString(), "agent.yaml",
                                        [](const std::string&) { return std::nullopt; });
        QCOMPARE(parsed.config.packs.size(), kMostPacks);
        QVERIFY(format(parsed.diagnostics).find("packs[33]: at most 32 packs") !=
                std::string::npos);
    }
    void mistakesOfItsJobStandAtTheirPlaceInThePack() {
        writePack("bad", "- {job_nam: bad}", "x");
        const std::string found = format(load("packs: [bad]\n").diagnostics);
        QVERIFY2(
            found.find("bad/pack.yaml:10:10: error: unknown key 'job_nam'") != std::string::npos,
            found.c_str());
    }
    void itsNameIsThatOfItsFolder() {
        QVERIFY(QFile::rename(directory_.filePath("bad"), directory_.filePath("worse")));
        const std::string found = format(loadPack(path("worse")).diagnostics);
        QVERIFY2(found.find("metadata.name is 'bad' and its folder 'worse'") != std::string::npos,
                 found.c_str());
    }
    void aReloadSaysWhatChanges() {
        const AgentConfig before = load("packs: [one]\n").config;
        writePack("one", "- {job_name: one}", "one_t");
        const std::vector<ConfigChange> changes =
            diffConfig(before, load("packs: [one, two]\n").config);
        QCOMPARE(changes.size(), std::size_t{2});
        QCOMPARE(format(changes[0]),
                 std::string("packs.one.signals [s: one_s] -> [s: one_t] (live)"));
        QVERIFY(!needsRestart(changes));
    }
    void thePacksThatAreShippedAreRight() {
        const std::string folder = LEVEE_SOURCE_DIR "/rules/packs";
        const std::vector<std::string> names = packsIn(folder);
        QVERIFY(names.size() >= 6);
        for (const std::string& name : names) {
            const LoadedPack loaded = loadPack(folder + '/' + name);
            QVERIFY2(loaded.diagnostics.empty(), format(loaded.diagnostics).c_str());
            QVERIFY(loaded.pack.signalList.size() >= 6 && loaded.pack.signalList.size() <= 12);
            for (const char* file : {"rules.yaml", "tests.yaml", "README.md"})
                QVERIFY2(QFile::exists(QString::fromStdString(folder + '/' + name + '/' + file)),
                         (name + '/' + file).c_str());
        }
    }
};

LEVEE_TEST(PackFolderTest)
#include "pack_folder_test.moc"
