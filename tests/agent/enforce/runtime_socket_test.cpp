// SPDX-License-Identifier: Apache-2.0
// The transport against a peer that misbehaves on purpose, and map transactions against the real
// HAProxy.
#include "agent/enforce/runtime_socket.h"

#include <poll.h>
#include <sys/socket.h>

#include <QTest>

#include "agent/enforce/map_transaction.h"
#include "agent/runtime/unix_socket.h"
#include "tests/agent/enforce/gateway_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

namespace {

/// Answers each connection with `text` and closes it, unless it is told to stay silent.
class Peer {
public:
    Peer(std::string path, std::string text, bool silent = false)
        : listener_(listenUnix(path, 8).value()) {
        thread_ = std::thread([this, text, silent] {
            std::vector<UniqueFd> kept;
            for (;;) {
                pollfd entry{listener_.get(), POLLIN, 0};
                if (::poll(&entry, 1, 10) == 0) {
                    if (stopping_)
                        return;
                    continue;
                }
                UniqueFd fd = acceptUnix(listener_);
                char command[4096];
                pollfd readable{fd.get(), POLLIN, 0};
                ::poll(&readable, 1, 1000);
                (void)!::recv(fd.get(), command, sizeof command, 0);
                if (silent)
                    kept.push_back(std::move(fd));
                else
                    (void)sendAll(fd, text, Deadline::after(1s));
            }
        });
    }
    ~Peer() {
        stopping_ = true;
        thread_.join();
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

private:
    UniqueFd listener_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

MapEntries manyEntries() {
    MapEntries entries;
    for (std::uint32_t i = 0; i < 4000; ++i)
        entries.emplace_back("a-service-with-a-long-name-" + std::to_string(i) + "->other",
                             std::to_string(i));
    return entries;
}

}  // namespace

class RuntimeSocketTest : public QObject {
    Q_OBJECT
private slots:
    void wholeRepliesComeBack() {
        const ScratchDirectory scratch;
        const Peer peer(scratch.path() + "/s", "one\n\n\n");
        const RuntimeSocket socket(scratch.path() + "/s");
        const auto replies = socket.askAll({"a", "b"});
        QVERIFY(replies);
        QCOMPARE(*replies, (std::vector<std::string>{"one\n", ""}));
    }
    void aReplyThatIsCutIsInvalid() {
        const ScratchDirectory scratch;
        const Peer peer(scratch.path() + "/s", "Pid: 12\nUpt");
        QCOMPARE(RuntimeSocket(scratch.path() + "/s").ask("show info").error().kind,
                 ErrorKind::Invalid);
    }
    void silenceEndsAtTheDeadline() {
        const ScratchDirectory scratch;
        const Peer peer(scratch.path() + "/s", "", true);
        QCOMPARE(RuntimeSocket(scratch.path() + "/s", 30ms).ask("show info").error().kind,
                 ErrorKind::Unavailable);
    }
    void nobodyThereIsUnavailable() {
        QCOMPARE(RuntimeSocket("/tmp/levee-nobody.sock").ask("x").error().kind,
                 ErrorKind::Unavailable);
    }
    void aReplyAtTheLimitIsTakenAndOneByteMoreIsNot() {
        const ScratchDirectory scratch;
        const Peer peer(scratch.path() + "/s", std::string(998, 'x') + "\n\n");
        QVERIFY(RuntimeSocket(scratch.path() + "/s", 1s, 1000).ask("x"));
        QCOMPARE(RuntimeSocket(scratch.path() + "/s", 1s, 999).ask("x").error().kind,
                 ErrorKind::Exhausted);
    }
    void aMapAboveTheBufferSizeArrivesWhole() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        // HAProxy is ours alone from here on.
        QVERIFY(f.gateway->stop(true));
        const std::string map = GatewayPaths(f.config.directory).numbersMap();
        const MapEntries entries = manyEntries();
        QVERIFY(mapFileText(entries).size() > 16 * 1024 * 5);
        const Status done = replaceMap(f.socket(), map, entries);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        const auto text = f.socket().ask(command::showMap(map));
        QVERIFY(text);
        const auto read = reply::mapEntries(*text);
        QVERIFY(read);
        QCOMPARE(read->size(), entries.size());
        for (const auto& [key, value] : entries)
            QCOMPARE(read->at(key), value);
    }
    void aMapThatDidNotArriveWholeIsNotPutInForce() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QVERIFY(f.gateway->stop(true));
        const std::string map = GatewayPaths(f.config.directory).numbersMap();
        const auto before = f.socket().ask(command::showMap(map));
        // Longer than any payload: it is left out, as if HAProxy had dropped it.
        const Status done =
            replaceMap(f.socket(), map, {{"a", "1"}, {std::string(20'000, 'k'), "2"}});
        QVERIFY(!done);
        QVERIFY(done.error().message.starts_with("1 of 2 entries arrived"));
        QCOMPARE(*f.socket().ask(command::showMap(map)), *before);
        QCOMPARE(reply::maps(*f.socket().ask(command::kShowMaps))->at(map).entries,
                 std::uint64_t{7});
    }
    void aMapThatHaproxyDoesNotHaveIsNotFound() {
        LEVEE_NEED_HAPROXY();
        GatewayFixture f;
        QVERIFY(f.gateway->start(f.config, f.rules));
        QCOMPARE(replaceMap(f.socket(), "/no.map", {{"a", "1"}}).error().kind, ErrorKind::NotFound);
    }
};

LEVEE_TEST(RuntimeSocketTest)
#include "runtime_socket_test.moc"
