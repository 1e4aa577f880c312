// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/value_words.h"

#include <QCoreApplication>

#include "dashboard/model/cell_values.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

QString word(const char* text) {
    return QCoreApplication::translate("ValueWords", text);
}

}  // namespace

VisualState visualState(EventSeverity severity) {
    switch (severity) {
        case EventSeverity::Critical:
            return VisualState::Failing;
        case EventSeverity::Warning:
            return VisualState::Degraded;
        case EventSeverity::Notice:
            return VisualState::Ok;
        case EventSeverity::Info:
            break;
    }
    return VisualState::Idle;
}

QString wordOf(EventSeverity severity) {
    switch (severity) {
        case EventSeverity::Critical:
            return word(QT_TRANSLATE_NOOP("ValueWords", "critical"));
        case EventSeverity::Warning:
            return word(QT_TRANSLATE_NOOP("ValueWords", "warning"));
        case EventSeverity::Notice:
            return word(QT_TRANSLATE_NOOP("ValueWords", "notice"));
        case EventSeverity::Info:
            break;
    }
    return word(QT_TRANSLATE_NOOP("ValueWords", "info"));
}

VisualState visualState(Enforcement enforcement) {
    switch (enforcement) {
        case Enforcement::Enforcing:
            return VisualState::Ok;
        case Enforcement::Refused:
            return VisualState::Failing;
        case Enforcement::Sent:
        case Enforcement::Accepted:
            return VisualState::Degraded;
        case Enforcement::Unknown:
            break;
    }
    return VisualState::Unknown;
}

QString wordOf(Enforcement enforcement) {
    switch (enforcement) {
        case Enforcement::Sent:
            return word(QT_TRANSLATE_NOOP("ValueWords", "sent"));
        case Enforcement::Accepted:
            return word(QT_TRANSLATE_NOOP("ValueWords", "accepted"));
        case Enforcement::Enforcing:
            return word(QT_TRANSLATE_NOOP("ValueWords", "enforcing"));
        case Enforcement::Refused:
            return word(QT_TRANSLATE_NOOP("ValueWords", "refused"));
        case Enforcement::Unknown:
            break;
    }
    return word(QT_TRANSLATE_NOOP("ValueWords", "not proven"));
}

QString wordOf(Confidence confidence) {
    switch (confidence) {
        case Confidence::High:
            return word(QT_TRANSLATE_NOOP("ValueWords", "high"));
        case Confidence::Medium:
            return word(QT_TRANSLATE_NOOP("ValueWords", "medium"));
        case Confidence::Low:
            break;
    }
    return word(QT_TRANSLATE_NOOP("ValueWords", "low"));
}

QString wordOf(GuardMode mode) {
    switch (mode) {
        case GuardMode::Off:
            return word(QT_TRANSLATE_NOOP("ValueWords", "off"));
        case GuardMode::Shadow:
            return word(QT_TRANSLATE_NOOP("ValueWords", "shadow: changes nothing"));
        case GuardMode::Enforce:
            break;
    }
    return word(QT_TRANSLATE_NOOP("ValueWords", "enforce"));
}

VisualState visualState(DataAge reach) {
    switch (reach) {
        case DataAge::Live:
            return VisualState::Ok;
        case DataAge::Late:
            return VisualState::Degraded;
        case DataAge::Lost:
        case DataAge::Never:
            break;
    }
    return VisualState::Stale;
}

QString wordOf(DataAge reach) {
    switch (reach) {
        case DataAge::Live:
            return word(QT_TRANSLATE_NOOP("ValueWords", "live"));
        case DataAge::Late:
            return word(QT_TRANSLATE_NOOP("ValueWords", "late"));
        case DataAge::Lost:
            return word(QT_TRANSLATE_NOOP("ValueWords", "lost"));
        case DataAge::Never:
            break;
    }
    return word(QT_TRANSLATE_NOOP("ValueWords", "not heard"));
}

QString wordOf(TimelineLane lane) {
    switch (lane) {
        case TimelineLane::Guards:
            return word(QT_TRANSLATE_NOOP("ValueWords", "guards"));
        case TimelineLane::Rules:
            return word(QT_TRANSLATE_NOOP("ValueWords", "rules"));
        case TimelineLane::Changes:
            return word(QT_TRANSLATE_NOOP("ValueWords", "changes"));
        case TimelineLane::Notes:
            break;
    }
    return word(QT_TRANSLATE_NOOP("ValueWords", "notes"));
}

QString plainText(const std::string& text, int limit) {
    return plainLine(toText(text), limit);
}

}  // namespace levee
