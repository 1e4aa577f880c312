// SPDX-License-Identifier: Apache-2.0
// Replies are files captured from HAProxy 2.6.12.
#include "agent/enforce/haproxy_commands.h"

#include <QTest>

#include "agent/runtime/file_replace.h"
#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

std::string captured(const std::string& name) {
    const auto text = readFile(LEVEE_TEST_DATA "/haproxy/" + name, 1 << 20);
    return text ? *text : std::string();
}

/// The one reply in a captured file.
std::string replyOf(const std::string& name) {
    const auto replies = reply::split(captured(name), 1);
    return replies ? replies->front() : std::string();
}

}  // namespace

class HaproxyCommandsTest : public QObject {
    Q_OBJECT
private slots:
    void commandsAreHaproxysWords() {
        QCOMPARE(command::setServerLimit("in.payment", "127.0.0.1:1", 7),
                 std::string("set maxconn server in.payment/127.0.0.1:1 7"));
        QCOMPARE(command::setMapEntry("/m", "a->b", "500"), std::string("set map /m a->b 500"));
        QCOMPARE(command::setServerWeight("out.a.b", "127.0.0.1:1", 50),
                 std::string("set weight out.a.b/127.0.0.1:1 50"));
        QCOMPARE(command::commitMap("/m", 3), std::string("commit map @3 /m"));
        QCOMPARE(command::discardMap("/m", 3), std::string("clear map @3 /m"));
        QCOMPARE(command::addMapEntries("/m", 3, {{"a", "1"}, {"b", "2"}}),
                 (std::vector<std::string>{"add map @3 /m <<\na 1\nb 2\n\n"}));
        QVERIFY(command::addMapEntries("/m", 3, {}).empty());
    }
    void payloadsStayBelowWhatHaproxyDrops() {
        MapEntries entries;
        for (std::uint32_t i = 0; i < 5000; ++i)
            entries.emplace_back("service-" + std::to_string(i) + "->other", std::to_string(i));
        std::size_t lines = 0;
        for (const std::string& text : command::addMapEntries("/m", 1, entries)) {
            QVERIFY(text.size() <= kMaxPayload);
            QVERIFY(text.ends_with("\n\n"));
            lines += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 2;
        }
        QCOMPARE(lines, entries.size());
    }
    void anEntryThatFitsExactlyIsSentAndALongerOneIsLeftOut() {
        const std::size_t head = std::string("add map @1 /m <<\n").size();
        const std::string key(kMaxPayload - head - std::string(" 1\n").size() - 1, 'k');
        QCOMPARE(command::addMapEntries("/m", 1, {{key, "1"}}).front().size(), kMaxPayload);
        QVERIFY(command::addMapEntries("/m", 1, {{key + "k", "1"}}).empty());
    }
    void joinedLinesAreBoundedAndKeepTheOrder() {
        const std::vector<std::string> commands(1000, "set map /m key 1");
        std::size_t count = 0;
        for (const command::Line& line : command::join(commands)) {
            QVERIFY(line.text.size() <= kMaxCommandLine);
            count += line.commands;
        }
        QCOMPARE(count, commands.size());
        QCOMPARE(command::join({"a", "b"}).front().text, std::string("a;b"));
        QVERIFY(command::join({}).empty());
    }
    void repliesAreToldApart() {
        const auto replies = reply::split("\nentry not found.\n\na\nb\n\n", 3);
        QVERIFY(replies);
        QCOMPARE(*replies, (std::vector<std::string>{"", "entry not found.\n", "a\nb\n"}));
    }
    void aReplyThatWasCutIsRefusedAsAWhole() {
        const std::string whole = captured("show_info.txt");
        QVERIFY(reply::split(whole, 1));
        for (std::size_t length = 0; length < whole.size(); ++length)
            QVERIFY(!reply::split(whole.substr(0, length), 1));
        QVERIFY(!reply::split(whole, 2));
        QVERIFY(!reply::split(whole + "more\n\n", 1));
    }
    void theWorkerIsKnownFromShowInfo() {
        const auto worker = reply::worker(replyOf("show_info.txt"));
        QVERIFY(worker);
        QVERIFY(worker->pid > 0);
        QVERIFY(worker->startSeconds > 1'500'000'000);
        QVERIFY(worker->description.starts_with("levee-"));
        QVERIFY(!worker->isStopping);
        QVERIFY(!reply::worker(""));
        QVERIFY(!reply::worker("Pid: -3\nStart_time_sec: 1\nUptime_sec: 1\n"));
        QVERIFY(!reply::worker("Pid: 3x\nStart_time_sec: 1\nUptime_sec: 1\n"));
        QVERIFY(
            reply::worker("Pid: 3\nStart_time_sec: 1\nUptime_sec: 1\nStopping: 1\n")->isStopping);
    }
    void mapsAreRead() {
        const auto entries = reply::mapEntries(replyOf("show_map.txt"));
        QVERIFY(entries);
        QCOMPARE(entries->at("checkout->payment"), std::string("250"));
        QVERIFY(reply::mapEntries("")->empty());
        QVERIFY(!reply::mapEntries("Unknown map identifier. Please use #<id> or <file>.\n"));
    }
    void theListOfMapsIsRead() {
        const auto maps = reply::maps(replyOf("show_maps.txt"));
        QVERIFY(maps);
        QCOMPARE(maps->size(), std::size_t{2});
        for (const auto& [file, status] : *maps) {
            QVERIFY(file.ends_with(".map"));
            QVERIFY(status.nextVersion >= status.currentVersion);
            QVERIFY(status.entries >= 1);
        }
        QVERIFY(!reply::maps("0 (/m) nothing\n"));
    }
    void aNewVersionIsRead() {
        QCOMPARE(*reply::newVersion("New version created: 12\n"), 12U);
        QVERIFY(!reply::newVersion("Unknown map identifier.\n"));
    }
    void oneMapValueIsRead() {
        QCOMPARE(*reply::mapValue(replyOf("get_map.txt")), std::string("250"));
        QCOMPARE(reply::mapValue(replyOf("get_map_missing.txt")).error().kind, ErrorKind::NotFound);
        QCOMPARE(reply::mapValue("value=\"12").error().kind, ErrorKind::Invalid);
    }
    void serversAreReadWithTheirLimits() {
        const auto servers = reply::servers(replyOf("show_stat_servers.txt"));
        QVERIFY(servers);
        QCOMPARE(servers->size(), std::size_t{2});
        QCOMPARE(servers->at(0).backend, std::string("in.payment"));
        QCOMPARE(servers->at(0).limit, 7U);
        QCOMPARE(servers->at(1).backend, std::string("out.checkout.payment"));
        QCOMPARE(servers->at(1).limit, 0U);
        QCOMPARE(servers->at(1).weight, 100U);
        QVERIFY(!reply::servers(""));
        QVERIFY(!reply::servers("# other,columns\n"));
        QVERIFY(!reply::servers("# pxname,svname,qcur,qmax,scur,smax,slim,x\na,b,c,d,e,f,g,\n"));
    }
    void tablesAreReadWithHowFullTheyAre() {
        const auto tables = reply::tables(
            "# table: rate.in.payment, type: string, size:1024, used:2\n"
            "# table: rate.in.cart, type: ipv6, size:10, used:10\n");
        QVERIFY(tables);
        QCOMPARE(tables->size(), std::size_t{2});
        QCOMPARE(tables->at("rate.in.payment").used, std::uint64_t{2});
        QCOMPARE(tables->at("rate.in.cart").size, std::uint64_t{10});
        QVERIFY(reply::tables("")->empty());
        QVERIFY(!reply::tables("# table: x, type: string, size:\n"));
        QVERIFY(!reply::tables("0x1: key=a use=0\n"));
    }
};

LEVEE_TEST(HaproxyCommandsTest)
#include "haproxy_commands_test.moc"
