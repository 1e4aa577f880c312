// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/own_capabilities.h"

#include <linux/capability.h>
#include <sys/prctl.h>

#include <initializer_list>

namespace levee {

void keepOwnCapabilities() {
    for (const unsigned long capability : {CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH})
        (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, capability, 0UL, 0UL);
}

}  // namespace levee
