// SPDX-License-Identifier: Apache-2.0
#include "agent/api/grpc_log.h"

#include <grpc/support/log.h>

#include <mutex>
#include <string_view>

#include "shared/base/log.h"

namespace levee {
namespace {

std::atomic<std::uint64_t> failed{0};

void take(gpr_log_func_args* entry) {
    const std::string_view message = entry->message;
    if (message.find("Handshake failed") == std::string_view::npos) {
        log::warning("grpc", "{}", message);
        return;
    }
    ++failed;
    log::debug("api", "{}", message);  // whoever connects can cause it
}

}  // namespace

const std::atomic<std::uint64_t>& failedHandshakes() {
    static std::once_flag once;
    std::call_once(once, [] { gpr_set_log_function(take); });
    return failed;
}

}  // namespace levee
