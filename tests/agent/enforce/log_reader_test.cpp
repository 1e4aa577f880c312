// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/log_reader.h"

#include <QTest>

#include "agent/runtime/unix_socket.h"
#include "tests/agent/enforce/gateway_fixture.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::test;
using namespace std::chrono_literals;

namespace {

std::string line(int listener, const std::string& config = "0000000a") {
    return "L2 " + config + " " + std::to_string(listener) +
           " 1000 2000 3000 0 0 200 ---- 0 0 0 0 - 1 - - - -\n";
}

class Reader {
public:
    Reader()
        : path(scratch.path() + "/log.sock"),
          reader(path, [this](std::vector<RequestRecord>&& batch) {
              const std::lock_guard lock(mutex_);
              ++batches_;
              records_.insert(records_.end(), batch.begin(), batch.end());
          }) {
        reader.setListeners(10, {{"a", {"x", "y"}}, {"b", {"z"}}});
        started = static_cast<bool>(reader.start());
    }
    UniqueFd connect() { return connectUnix(path, Deadline::after(1s)).value(); }
    void write(const UniqueFd& fd, const std::string& text) {
        QVERIFY(sendAll(fd, text, Deadline::after(5s)));
    }
    std::vector<RequestRecord> records() {
        const std::lock_guard lock(mutex_);
        return records_;
    }

    ScratchDirectory scratch;
    std::string path;
    LogReader reader;
    bool started = false;

private:
    std::mutex mutex_;
    std::size_t batches_ = 0;
    std::vector<RequestRecord> records_;
};

}  // namespace

class LogReaderTest : public QObject {
    Q_OBJECT
private slots:
    void linesBecomeRecordsHoweverTheyAreCut() {
        Reader r;
        QVERIFY(r.started);
        const UniqueFd fd = r.connect();
        for (const char c : line(0) + line(1))
            r.write(fd, std::string(1, c));
        QTRY_COMPARE(r.records().size(), std::size_t{2});
        QCOMPARE(r.records()[1].listener, 1U);
    }
    void manyLinesComeInOrderAndWhole() {
        Reader r;
        const UniqueFd fd = r.connect();
        std::string text;
        for (int i = 0; i < 100'000; ++i)
            text += line(i % 2);
        r.write(fd, text);
        QTRY_COMPARE(r.records().size(), std::size_t{100'000});
        const auto records = r.records();
        for (std::size_t i = 0; i < records.size(); ++i)
            QCOMPARE(records[i].listener, static_cast<std::uint32_t>(i % 2));
    }
    void badLinesAreCountedAndSkipped() {
        Reader r;
        const UniqueFd fd = r.connect();
        r.write(fd, "Proxy in.payment stopped (cumulated conns: FE: 1, BE: 0).\n\nL2 nonsense\n" +
                        std::string(kMaxLogLine + 1, 'x') + "\n" + line(0));
        QTRY_COMPARE(r.records().size(), std::size_t{1});
        QCOMPARE(r.reader.counters().malformed, std::uint64_t{2});
        QCOMPARE(r.reader.counters().notices, std::uint64_t{2});
    }
    void anEndlessLineCostsNoMemoryAndNothingAfterIt() {
        Reader r;
        const UniqueFd fd = r.connect();
        for (int i = 0; i < 100; ++i)
            r.write(fd, std::string(100'000, 'x'));
        r.write(fd, "\n" + line(1));
        QTRY_COMPARE(r.records().size(), std::size_t{1});
        QCOMPARE(r.reader.counters().malformed, std::uint64_t{1});
    }
    void anOlderProcessIsTranslatedByName() {
        Reader r;
        const UniqueFd fd = r.connect();
        r.reader.setListeners(11, {{"b", {"w", "z"}}, {"c", {}}});
        r.write(fd, line(0) + line(1) + line(0, "0000000b"));
        QTRY_COMPARE(r.records().size(), std::size_t{2});
        QCOMPARE(r.records()[0].listener, 0U);
        QCOMPARE(r.records()[1].listener, 0U);
        // "a" is gone.
        QCOMPARE(r.reader.counters().unknown, std::uint64_t{1});
    }
    void unknownConfigurationsAndListenersAreCounted() {
        Reader r;
        const UniqueFd fd = r.connect();
        r.write(fd, line(0, "0000000c") + line(2) + line(1));
        QTRY_COMPARE(r.records().size(), std::size_t{1});
        QCOMPARE(r.reader.counters().unknown, std::uint64_t{2});
    }
    void theEighthStreamIsReadAndTheNinthIsNot() {
        Reader r;
        std::vector<UniqueFd> streams;
        for (int i = 0; i < 8; ++i)
            streams.push_back(r.connect());
        QTRY_COMPARE(r.reader.counters().connections, std::uint64_t{8});
        r.write(streams.back(), line(0));
        QTRY_COMPARE(r.records().size(), std::size_t{1});
        const UniqueFd ninth = r.connect();
        QTRY_COMPARE(r.reader.counters().refused, std::uint64_t{1});
        streams.clear();
        const UniqueFd next = r.connect();
        r.write(next, line(1));
        QTRY_COMPARE(r.records().size(), std::size_t{2});
    }
    void whatCameBeforeTheStopIsHandedOver() {
        Reader r;
        const UniqueFd fd = r.connect();
        r.write(fd, line(0));
        QTRY_COMPARE(r.reader.counters().connections, std::uint64_t{1});
        r.write(fd, line(1));
        r.reader.stop();
        QCOMPARE(r.records().size(), std::size_t{2});
    }
    void aPathThatIsTooLongIsAnError() {
        LogReader reader(std::string(200, 'x'), [](std::vector<RequestRecord>&&) {});
        QCOMPARE(reader.start().error().kind, ErrorKind::Invalid);
    }
};

LEVEE_TEST(LogReaderTest)
#include "log_reader_test.moc"
