// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/own_capabilities.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>
#include <cstdio>

#include "tests/support/test_registry.h"

using namespace levee;

namespace {

bool isAmbient(unsigned long capability) {
    return ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0UL, 0UL) == 1;
}

/// As systemd starts the agent: with these capabilities to hand on.
bool makeAmbient(std::initializer_list<unsigned long> capabilities) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2]{};
    if (::syscall(SYS_capget, &header, data) != 0)
        return false;
    for (const unsigned long capability : capabilities)
        data[0].inheritable |= 1U << capability;
    if (::syscall(SYS_capset, &header, data) != 0)
        return false;
    for (const unsigned long capability : capabilities) {
        if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0UL, 0UL) != 0)
            return false;
    }
    return true;
}

}  // namespace

class OwnCapabilitiesTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsReadOfOthersIsNotHandedOn() {
        // In a process of its own, which says by its exit code how it went.
        const pid_t child = ::fork();
        if (child == 0) {
            if (!makeAmbient({CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_NET_BIND_SERVICE}))
                ::_exit(2);
            keepOwnCapabilities();
            const bool isKept = !isAmbient(CAP_SYS_PTRACE) && !isAmbient(CAP_DAC_READ_SEARCH);
            ::_exit(isKept && isAmbient(CAP_NET_BIND_SERVICE) ? 0 : 1);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFEXITED(status));
        if (WEXITSTATUS(status) == 2) {
            std::printf("SKIP: needs these capabilities itself\n");
            return;
        }
        QCOMPARE(WEXITSTATUS(status), 0);
    }
};

LEVEE_TEST(OwnCapabilitiesTest)
#include "own_capabilities_test.moc"
