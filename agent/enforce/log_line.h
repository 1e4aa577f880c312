// SPDX-License-Identifier: Apache-2.0
// The line that the gateway's HAProxy writes for each request, and what it means. Pure.
//
//   L2 <config> <listener> <t0> <t1> <t2> <Tw> <Tc> <status> <term> <sc> <sq> <bq> <rc> <out>
//   <server> <class> <barred> <grpc> <every>
//
//   config    8 hex digits, configHash() of the process that wrote it
//   listener  index into that configuration's listeners
//   t0 t1 t2  microseconds since the epoch: request read, answer's head ready, line written;
//             `-` when it did not come to that
//   Tw Tc     milliseconds waited for a slot, for the connection; -1: did not come to that
//   status    of the answer, -1: none
//   term      HAProxy's four termination flags (configuration.txt, 8.5)
//   sc sq bq  other requests in flight at the server; requests before this one in the server's
//             queue and in the backend's
//   rc        retries, `+` before it after a change of the server
//   out       s refused by the limit, p for its class, q by the rate, b by the breaker, r by a
//             limit further down, Q the rate would have refused it, - none of these
//   server    position among the listener's targets, from 1; - when it did not come to that
//   class     0 the most important one; - without classes
//   barred    1 when the retry budget would not have let it be tried again
//   grpc      grpc-status of an answer that has it in its head, else -
//   every     one of so many good answers was logged at that time; - for all. The line of a good
//             answer stands for so many, every other one for itself: see isSampled()
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "shared/model/request_record.h"

namespace levee {

/// HAProxy cuts at 512; a longer line is not ours.
constexpr std::size_t kMaxLogLine = 1024;
/// The largest `every`.
constexpr std::uint32_t kMostSampled = 1000;

struct LogLine {
    std::uint32_t config = 0;
    RequestRecord record;  ///< listener: as in the line, belonging to `config`
};

/// One line without its end. Nothing when it is not of the form above or a number is out of range.
std::optional<LogLine> parseLogLine(std::string_view line);

/// Whether the gateway threw its dice for it: a head of an answer came from the service, with a
/// status that is no failure, nor 429, which may be a refusal, and without a mark. How it went on
/// after the head is not asked. The same is written into the configuration (frontend_text.cpp).
bool isSampled(char mark, std::string_view termination, int status, int grpc);

/// How a request ended. `mark` is the field out, `termination` the four flags, `grpc` the
/// grpc-status or -1.
Outcome deriveOutcome(char mark, std::string_view termination, int status, int grpc = -1);

}  // namespace levee
