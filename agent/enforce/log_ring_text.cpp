// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/log_ring_text.h"

namespace levee {

void writeLogRing(const GatewayPaths& paths, ConfigLines& out) {
    out.line("ring levee");
    out.line("    format raw");
    out.line("    maxlen 512");
    out.line("    size 4194304");
    out.line("    timeout connect 1s");
    out.line("    timeout server 5s");
    out.line("    server agent unix@{}", paths.logSocket());
}

void writeLogSink(const GatewayPaths& paths, ConfigLines& out) {
    out.line("frontend levee.sink");
    out.line("    mode tcp");
    out.line("    no log");
    out.line("    bind {} mode 600", quotedWord("unix@" + paths.sinkSocket()));
    out.line("    timeout client 5s");
    out.line("    tcp-request inspect-delay 1s");
    out.line("    tcp-request content reject if WAIT_END");
}

}  // namespace levee
