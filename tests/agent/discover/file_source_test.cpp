// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/file_source.h"

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/agent/discover/stop_event.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::discover;
using namespace std::chrono_literals;

namespace {

/// A folder with files, and a source that watches *.json and *.yml in it.
class Folder {
public:
    std::string path(const std::string& name) const {
        return directory_.filePath(QString::fromStdString(name)).toStdString();
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
    }
    FileDiscovery config() const { return {{path("*.json"), path("*.yml")}, 1h}; }

private:
    QTemporaryDir directory_;
};

std::string targets(const std::string& list) {
    return "[{\"targets\":[" + list + "]}]";
}

}  // namespace

class FileSourceTest : public QObject {
    Q_OBJECT
private slots:
    void everyMatchingFileIsReadWithItsPath() {
        const Folder folder;
        folder.write("a.json", targets("\"h:1\""));
        folder.write("b.yml", "- targets: [g:1]\n  labels: {zone: a}\n");
        folder.write("c.txt", "no list");
        FileSource source(folder.config());
        const auto found = source.look(-1);
        QCOMPARE(test::textOf(found->groups),
                 "h:1 {__meta_filepath=" + folder.path("a.json") +
                     "}\ng:1 {__meta_filepath=" + folder.path("b.yml") + ",zone=a}\n");
        QVERIFY(found->problem.empty());
    }
    void aBrokenFileKeepsWhatItHadAndTheOthersMoveOn() {
        const Folder folder;
        folder.write("a.json", targets("\"h:1\""));
        folder.write("b.json", targets("\"g:1\""));
        FileSource source(folder.config());
        QVERIFY(source.look(-1).isOk());
        folder.write("a.json", targets("\"h:2\""));
        folder.write("b.json", "[{\"targets\":");
        const auto found = source.look(-1);
        QCOMPARE(found->groups.at(0).targets.at(0), std::string("h:2"));
        QCOMPARE(found->groups.at(1).targets.at(0), std::string("g:1"));
        QCOMPARE(found->problem, folder.path("b.json") + ": the text is no JSON");
        folder.write("b.json", targets("\"g:3\""));
        QCOMPARE(source.look(-1)->groups.at(1).targets.at(0), std::string("g:3"));
        QVERIFY(source.look(-1)->problem.empty());
    }
    void aFileThatIsGoneTakesItsTargetsAlong() {
        const Folder folder;
        folder.write("a.json", targets("\"h:1\""));
        FileSource source(folder.config());
        QCOMPARE(source.look(-1)->groups.size(), std::size_t{1});
        std::filesystem::remove(folder.path("a.json"));
        QVERIFY(source.look(-1)->groups.empty());
    }
    void aChangeEndsTheWait() {
        const Folder folder;
        folder.write("a.json", targets("\"h:1\""));
        const test::StopEvent stop;
        for (const char* how : {"written", "moved"}) {
            FileSource source(folder.config());
            QVERIFY(source.look(stop.fd()).isOk());
            const std::string target = std::string("\"") + how + ":1\"";
            std::thread changer([&] {
                if (std::string(how) == "written") {
                    folder.write("a.json", targets(target));
                } else {
                    folder.write("new.tmp", targets(target));
                    std::filesystem::rename(folder.path("new.tmp"), folder.path("a.json"));
                }
            });
            // The refresh interval is an hour: only the change can end this. Another file of the
            // folder, like new.tmp, may end it early.
            std::string seen;
            while (seen != std::string(how) + ":1") {
                source.wait(stop.fd());
                seen = source.look(stop.fd())->groups.at(0).targets.at(0);
            }
            changer.join();
        }
    }
    void stoppingEndsTheWait() {
        const Folder folder;
        const test::StopEvent stop;
        FileSource source(folder.config());
        stop.raise();
        source.wait(stop.fd());
    }
    void whatIsNoFileIsNamed() {
        const Folder folder;
        std::filesystem::create_directory(folder.path("d.json"));
        FileSource source(folder.config());
        QCOMPARE(source.look(-1)->problem, folder.path("d.json") + " is no file");
    }
};

LEVEE_TEST(FileSourceTest)
#include "file_source_test.moc"
