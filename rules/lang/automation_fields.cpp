// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/automation_fields.h"

#include <fmt/format.h>

#include <array>
#include <type_traits>

#include "rules/lang/format.h"
#include "rules/promql/parser.h"
#include "shared/model/names.h"

namespace levee {
namespace {

constexpr double kDay = 24 * 3600;

GuardMode modeNamed(std::string_view word) {
    for (const GuardMode mode : {GuardMode::Off, GuardMode::Shadow}) {
        if (name(mode) == word)
            return mode;
    }
    return GuardMode::Enforce;
}

/// Completes a row with the accessors of T.*Member.
template <typename T, auto Member>
FieldOf<T> row(Field shape, std::string_view required = {}) {
    using Type = std::remove_cvref_t<decltype(T{}.*Member)>;
    FieldOf<T> field;
    field.shape = std::move(shape);
    field.required = required;
    field.get = [](const T& value) -> FieldValue {
        if constexpr (std::is_same_v<Type, GuardMode>)
            return std::string(name(value.*Member));
        else if constexpr (std::is_same_v<Type, std::uint32_t>)
            return static_cast<std::int64_t>(value.*Member);
        else
            return value.*Member;
    };
    field.set = [](T& value, const FieldValue& read) {
        if constexpr (std::is_same_v<Type, GuardMode>)
            value.*Member = modeNamed(std::get<std::string>(read));
        else if constexpr (std::is_same_v<Type, std::uint32_t>)
            value.*Member = static_cast<std::uint32_t>(std::get<std::int64_t>(read));
        else
            value.*Member = std::get<Type>(read);
    };
    return field;
}

std::vector<FieldOf<Automation>> makeAutomationFields() {
    using A = Automation;
    return {
        row<A, &A::mode>(
            {.name = "mode",
             .type = FieldType::Word,
             .words = {"off", "shadow", "enforce"},
             .doc = "`enforce` acts, `shadow` decides and counts but does nothing, `off` does not "
                    "even look."}),
        row<A, &A::when>(
            {.name = "when",
             .type = FieldType::Text,
             .minimum = 1,
             .maximum = promql::kMaxExpressionBytes,
             .doc = "The condition, in PromQL (`rules/promql` has the subset) over what the agent "
                    "scrapes; the series that it reads are kept for it. It holds while it gives at "
                    "least one element, as with an alert of Prometheus; without data it does not "
                    "hold."},
            "give a condition, like when: redis_memory_used_bytes / redis_memory_max_bytes > 0.95"),
        row<A, &A::holdsFor>(
            {.name = "for",
             .type = FieldType::TimeSpan,
             .minimum = 0,
             .maximum = kDay,
             .doc = "It begins when the condition has held for so long, and ends when it has not "
                    "held for so long. At most `atMost`."}),
        row<A, &A::atMost>(
            {.name = "atMost",
             .type = FieldType::TimeSpan,
             .minimum = 1,
             .maximum = kDay,
             .doc = "It ends after this time in any case. What it holds is an override with this "
                    "expiry; override.max_ttl of agent.yaml bounds it as well."}),
        row<A, &A::cooldown>({.name = "cooldown",
                              .type = FieldType::TimeSpan,
                              .minimum = 0,
                              .maximum = kDay,
                              .doc = "From its end to when the condition counts again."}),
    };
}

FieldOf<AutomationAction> service(std::string_view doc) {
    return row<AutomationAction, &AutomationAction::service>(
        {.name = "service", .type = FieldType::Name, .maximum = 128, .doc = doc},
        "name the service");
}

std::vector<ActionForm> makeActionForms() {
    using A = AutomationAction;
    return {
        {A::Kind::Limit,
         "limit",
         "Holds a service's concurrency limit at a number, or at a share of what it is when it "
         "begins. "
         "One of the two.",
         "limit: {service: payment, factor: 50%}",
         {service("The service whose limit it is."),
          row<A, &A::factor>({.name = "factor",
                              .type = FieldType::Share,
                              .minimum = 0.01,
                              .maximum = 1,
                              .doc = "So much of the limit when it begins, and at least 1."}),
          row<A, &A::fixed>({.name = "fixed",
                             .type = FieldType::Integer,
                             .minimum = 1,
                             .maximum = 100'000,
                             .doc = "Concurrent requests that are let through."})}},
        {A::Kind::Open,
         "open",
         "Opens the breaker of a call: its callers get the fallback at once.",
         "open: {client: checkout, service: payment}",
         {row<A, &A::client>({.name = "client",
                              .type = FieldType::Name,
                              .maximum = 128,
                              .doc = "The calling service."},
                             "name the calling service"),
          service("The service that is called.")}},
        {A::Kind::Shed,
         "shed",
         "Refuses the requests of a class, and of all classes below it. The most important class "
         "cannot be shed.",
         "shed: {service: web, class: batch}",
         {service("The service; its guard must have `spec.priority`."),
          row<A, &A::className>({.name = "class",
                                 .type = FieldType::Name,
                                 .maximum = 128,
                                 .doc = "One of `spec.priority.classes`."},
                                "name the class")}},
        {A::Kind::Notify,
         "notify",
         "Sends a small JSON by POST when it begins and when it ends. Sent by a thread of its own, "
         "tried three times, each for 5 s; what cannot be sent is counted.",
         "notify: {webhook: \"http://127.0.0.1:9/hook\"}",
         {row<A, &A::webhook>({.name = "webhook",
                               .type = FieldType::Text,
                               .minimum = 1,
                               .maximum = 2048,
                               .doc = "An http or https URL."},
                              "give a URL, like webhook: \"https://host/hook\"")}},
    };
}

}  // namespace

const std::vector<FieldOf<Automation>>& automationFields() {
    static const std::vector<FieldOf<Automation>> kFields = makeAutomationFields();
    return kFields;
}

const std::vector<ActionForm>& actionForms() {
    static const std::vector<ActionForm> kForms = makeActionForms();
    return kForms;
}

const ActionForm& formOf(AutomationAction::Kind kind) {
    return actionForms()[static_cast<std::size_t>(kind)];
}

std::string formatAction(const AutomationAction& action) {
    const ActionForm& form = formOf(action.kind);
    std::string fields;
    for (const FieldOf<AutomationAction>& field : form.fields) {
        const FieldValue value = field.get(action);
        if (value == field.get(AutomationAction{}))
            continue;
        const std::string text = formatValue(field.shape, value);
        const bool isText =
            field.shape.type == FieldType::Text || field.shape.type == FieldType::Name;
        fields += fmt::format("{}{}: {}", fields.empty() ? "" : ", ", field.shape.name,
                              isText ? yamlScalar(text) : text);
    }
    return fmt::format("{}: {{{}}}", form.word, fields);
}

}  // namespace levee
