// SPDX-License-Identifier: Apache-2.0
// Conversions between the messages of rules.proto and their model values; total both ways. An
// enumerator of the wire that this build does not know becomes the model's first one.
#pragma once

#include <levee/v1/rules.pb.h>

#include "shared/base/diagnostic.h"
#include "shared/model/audit.h"
#include "shared/model/snapshot.h"

namespace levee::wire {

void toWire(const RuleRevision& value, v1::RuleRevision& message);
RuleRevision fromWire(const v1::RuleRevision& message);
void toWire(const AuditEntry& value, v1::AuditEntry& message);
AuditEntry fromWire(const v1::AuditEntry& message);
void toWire(const Diagnostic& value, v1::Diagnostic& message);
Diagnostic fromWire(const v1::Diagnostic& message);

}  // namespace levee::wire
