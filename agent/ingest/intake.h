// SPDX-License-Identifier: Apache-2.0
// The door between the servers and the intake thread. A server may only get in with bytes that the
// budget has room for, so an overload is refused early and cheaply.
#pragma once

#include <functional>
#include <string>

#include "agent/ingest/byte_budget.h"
#include "agent/ingest/otlp_answer.h"
#include "agent/ingest/span_format.h"

namespace levee::ingest {

/// One whole body, decompressed, with the budget it holds.
struct IntakeBody {
    std::string bytes;
    BudgetShare share;
    SpanFormat format = SpanFormat::OtlpProtobuf;
};

/// Called once, from the intake thread (or while it shuts down, from the thread that stops it);
/// must not block.
using AnswerCallback = std::function<void(OtlpAnswer)>;

/// Why a server refused a request without asking the intake; each is a counter.
enum class Refusal { Busy, TooLarge, Malformed, BadRequest, Timeout };

/// Thread-safe.
class Intake {
public:
    virtual ~Intake() = default;

    virtual ByteBudget& budget() = 0;
    /// Queues `body`. False when the queue is full or closed: `answer` is not called then.
    virtual bool submit(IntakeBody body, AnswerCallback answer) = 0;
    /// Counts a request that was refused before it had a body.
    virtual void countRefusal(Refusal why) = 0;
};

}  // namespace levee::ingest
