// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/pack.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

constexpr std::string_view kGood = R"(apiVersion: levee/v1
kind: Pack
metadata: {name: memcached, title: memcached}
spec:
  needs: memcached_up
  exporter:
    name: prometheus-memcached-exporter
    port: 9150
    scrape: |
      - job_name: memcached
        static_configs: [{targets: ["127.0.0.1:9150"]}]
  signals:
    - name: connections
      expr: memcached_current_connections / memcached_max_connections
      unit: share
      help: Connections, of those that are allowed.
      normal: below 70%
)";

std::string with(std::string_view from, std::string_view to) {
    std::string text(kGood);
    const std::size_t place = text.find(from);
    return place == std::string::npos ? std::string() : text.replace(place, from.size(), to);
}

std::string wrong(const std::string& text) {
    return format(parsePack(text, "pack.yaml").diagnostics);
}

std::string signal(int number) {
    return "    - {name: s" + std::to_string(number) +
           ", expr: up, unit: count, help: Help., normal: 1}\n";
}

}  // namespace

class PackTest : public QObject {
    Q_OBJECT
private slots:
    void aPackIsRead() {
        const ParsedPack parsed = parsePack(kGood, "pack.yaml");
        QVERIFY2(parsed.diagnostics.empty(), format(parsed.diagnostics).c_str());
        QCOMPARE(parsed.pack.name, std::string("memcached"));
        QCOMPARE(parsed.pack.needs, std::string("memcached_up"));
        QCOMPARE(parsed.pack.port, 9150U);
        QVERIFY(parsed.pack.scrape.starts_with("- job_name: memcached\n"));
        QCOMPARE(parsed.scrapeAt.line, 9);
        QCOMPARE(parsed.pack.signalList.size(), std::size_t{1});
        const PackSignal expected{"connections",
                                  "memcached_current_connections / memcached_max_connections",
                                  "share", "Connections, of those that are allowed.", "below 70%"};
        QVERIFY(parsed.pack.signalList[0] == expected);
    }
    void aDefectIsNamedAtItsPlace_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* from, const char* to, const char* message) {
            QTest::newRow(to) << from << to << message;
        };
        row("kind: Pack", "kind: Guard", "2:7: error: kind: expected Pack, found 'Guard'");
        row("title: memcached", "titel: x", "unknown key 'titel'; did you mean 'title'?");
        row("needs: memcached_up", "needs: memcached_up ==",
            "5:25: error: spec.needs: expected an expression, found the end");
        row("expr: memcached_current", "expr: rate(up) + ratte(x[1m]) + memcached_current",
            "14:18: error: spec.signals[1].expr: ");
        row("expr: memcached_current", "expr: rate(up) + ratte(x[1m]) + memcached_current",
            "14:24: error: spec.signals[1].expr: ");
        row("expr: memcached_current_connections /", "expr: \"up ==\" #",
            "14:19: error: spec.signals[1].expr: expected an expression");
        row("expr: memcached_current_connections /", "expr: |\n        up\n        == )\n      #",
            "16:12: error: spec.signals[1].expr: expected an expression");
        row("unit: share", "unit: shares", "did you mean 'share'?");
        row("name: connections", "name: Connections",
            "13:13: error: spec.signals[1].name is 'Connections'; it must have a-z, 0-9 and _");
        row("      normal: below 70%\n", "", "spec.signals[1].normal is missing");
        row("port: 9150", "port: 65536", "8:11: error: spec.exporter.port");
        row("port: 9150", "port: 0", "8:11: error: spec.exporter.port");
        row("    scrape: |\n      - job_name: memcached\n        static_configs: [{targets: "
            "[\"127.0.0.1:9150\"]}]\n",
            "", "spec.exporter.scrape is missing; the jobs for scrape_configs");
        row("  needs: memcached_up\n", "", "spec.needs is missing");
    }
    void aDefectIsNamedAtItsPlace() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, message);
        const std::string text = with(from.toStdString(), to.toStdString());
        QVERIFY(!text.empty());
        const QString found = QString::fromStdString(wrong(text));
        QVERIFY2(found.contains(message), qPrintable(found));
    }
    void allDefectsAreNamedAtOnce() {
        const Diagnostics found =
            parsePack(with("port: 9150", "port: none\n    prot: 1"), "pack.yaml").diagnostics;
        QCOMPARE(found.size(), std::size_t{2});
    }
    void signalsAreBoundedAndNamedOnce() {
        std::string text(kGood.substr(0, kGood.find("    - name: connections")));
        QVERIFY(wrong(text).find("signals has 0; it must have 1 to 64") != std::string::npos ||
                wrong(text).find("spec.signals") != std::string::npos);
        for (int i = 0; i < 64; ++i)
            text += signal(i);
        QCOMPARE(wrong(text), std::string());
        QVERIFY(wrong(text + signal(64)).find("has 65; it must have 1 to 64") != std::string::npos);
        QVERIFY(wrong(std::string(kGood) + signal(1) + signal(1)).find("a second signal 's1'") !=
                std::string::npos);
    }
    void aPackIsOneDocument() {
        QVERIFY(wrong("# nothing\n").find("an empty text") != std::string::npos);
        QVERIFY(wrong(std::string(kGood) + "---\n" + std::string(kGood))
                    .find("19:1: error: a second document") != std::string::npos);
    }
};

LEVEE_TEST(PackTest)
#include "pack_test.moc"
