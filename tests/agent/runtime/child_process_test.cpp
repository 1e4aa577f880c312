// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/child_process.h"

#include <poll.h>
#include <unistd.h>

#include <QTest>
#include <csignal>

#include "tests/support/run_child.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

Result<ChildResult> shell(const std::string& script, Duration timeout = 10s) {
    return test::runChild({"/bin/sh", "-c", script}, timeout);
}

}  // namespace

class ChildProcessTest : public QObject {
    Q_OBJECT
private slots:
    void outputAndExitCodeComeBack() {
        const auto result = shell("echo out; echo err >&2; exit 3");
        QVERIFY(result);
        QCOMPARE(result->exitCode, 3);
        QCOMPARE(result->output, std::string("out\nerr\n"));
    }
    void aSignalIsToldApart() { QCOMPARE(shell("kill -9 $$")->exitCode, 128 + SIGKILL); }
    void aMissingProgramIsNotFound() {
        QCOMPARE(test::runChild({"/nowhere/program"}, 1s).error().kind, ErrorKind::NotFound);
    }
    void outputIsBounded() {
        const auto result = shell("head -c 1000000 /dev/zero");
        QVERIFY(result);
        QCOMPARE(result->output.size(), std::size_t{64 * 1024});
    }
    void aChildThatDoesNotEndIsKilled() {
        const auto result = shell("sleep 100", 50ms);
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Unavailable);
    }
    void whatStaysBehindDoesNotHoldUsUp() {
        const auto result = shell("sleep 5 & echo started");
        QVERIFY(result);
        QCOMPARE(result->output, std::string("started\n"));
    }
    void descriptorsOfOursDoNotReachTheChild() {
        const int leaked = ::dup(2);
        // 3 is the directory itself.
        QCOMPARE(shell("exec ls /proc/self/fd")->output, std::string("0\n1\n2\n3\n"));
        ::close(leaked);
    }
    void aChildWaitsForItsInput() {
        auto child = ChildProcess::start({"/bin/cat"});
        QVERIFY(child);
        QVERIFY(child->isRunning());
        const auto result = test::finish(*std::move(child), "what it reads", 10s);
        QVERIFY(result);
        QCOMPARE(result->output, std::string("what it reads"));
    }
    void oneThatRunsOnIsWaitedForNoLonger() {
        auto child = ChildProcess::start({"/bin/cat"});
        QVERIFY(child);
        QVERIFY(!child->wait(1ms));
        child->give("late");
        std::optional<ChildResult> result;
        for (int i = 0; !result && i < 1000; ++i)
            result = child->wait(10ms);
        QVERIFY(result);
        QCOMPARE(result->output, std::string("late"));
        QCOMPARE(result->exitCode, 0);
    }
    void inputThatThePipeDoesNotHoldIsGivenAll() {
        auto child = ChildProcess::start({"/bin/sh", "-c", "sleep 0.1; wc -c"});
        QVERIFY(child);
        const auto result = test::finish(*std::move(child), std::string(1'000'000, 'x'), 10s);
        QVERIFY(result);
        QCOMPARE(result->output, std::string("1000000\n"));
    }
    void aChildNeedNotReadItsInput() {
        std::signal(SIGPIPE, SIG_IGN);
        auto child = ChildProcess::start({"/bin/sh", "-c", "exec 0<&-; echo enough; exit 4"});
        QVERIFY(child);
        const auto result = test::finish(*std::move(child), std::string(1'000'000, 'x'), 10s);
        QVERIFY(result);
        QCOMPARE(result->exitCode, 4);
    }
    void aChildThatIsGivenUpIsEnded() {
        int pid = 0;
        {
            auto child = ChildProcess::start({"/bin/cat"});
            QVERIFY(child);
            auto another = std::move(*child);
            pid = another.pid();
            QCOMPARE(::kill(pid, 0), 0);
        }
        QVERIFY(::kill(pid, 0) != 0);
    }
    void theEndOfAProcessIsSeen() {
        QVERIFY(!watchProcess(0).isOpen());
        const UniqueFd self = watchProcess(::getpid());
        pollfd entry{self.get(), POLLIN, 0};
        QCOMPARE(::poll(&entry, 1, 0), 0);
    }
};

LEVEE_TEST(ChildProcessTest)
#include "child_process_test.moc"
