// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/convert_rules.h"

#include "shared/wire/enum_wire.h"

namespace levee::wire {

void toWire(const RuleRevision& value, v1::RuleRevision& message) {
    message.set_revision(value.revision);
    message.set_millis(value.millis);
    message.set_author(value.author);
    message.set_reason(value.reason);
    message.set_text(value.text);
    message.set_active(value.active);
}

RuleRevision fromWire(const v1::RuleRevision& message) {
    RuleRevision value;
    value.revision = message.revision();
    value.millis = message.millis();
    value.author = message.author();
    value.reason = message.reason();
    value.text = message.text();
    value.active = message.active();
    return value;
}

void toWire(const AuditEntry& value, v1::AuditEntry& message) {
    message.set_id(value.id);
    message.set_millis(value.millis);
    message.set_action(enumToWire<v1::AuditAction>(value.action));
    message.set_author(value.author);
    message.set_reason(value.reason);
    message.set_subject(value.subject);
    message.set_revision(value.revision);
    message.set_change(value.change);
}

AuditEntry fromWire(const v1::AuditEntry& message) {
    AuditEntry value;
    value.id = message.id();
    value.millis = message.millis();
    value.action = enumFromWire(message.action(), AuditAction::OverrideExpire);
    value.author = message.author();
    value.reason = message.reason();
    value.subject = message.subject();
    value.revision = message.revision();
    value.change = message.change();
    return value;
}

void toWire(const Diagnostic& value, v1::Diagnostic& message) {
    message.set_severity(enumToWire<v1::DiagnosticSeverity>(value.severity));
    message.set_code(value.code);
    message.set_message(value.message);
    message.set_file(value.place.file);
    message.set_line(value.place.line);
    message.set_column(value.place.column);
    message.set_length(value.place.length);
}

Diagnostic fromWire(const v1::Diagnostic& message) {
    Diagnostic value;
    value.severity = enumFromWire(message.severity(), Severity::Info);
    value.code = message.code();
    value.message = message.message();
    value.place.file = message.file();
    value.place.line = message.line();
    value.place.column = message.column();
    value.place.length = message.length();
    return value;
}

}  // namespace levee::wire
