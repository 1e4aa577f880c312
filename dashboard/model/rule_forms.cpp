// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/model/rule_forms.h"

#include "rules/lang/pack.h"
#include "rules/lang/schema.h"

namespace levee {
namespace {

constexpr std::string_view kTest = kAutomationTestKind;

constexpr OtherField kFields[] = {
    {kTest, "metadata", "name", false, "What the test is called in its result."},
    {kTest, "spec", "automation", false, "The automation under test; default all that are there."},
    {kTest, "spec", "interval", false, "Between two values of a series; default 15s."},
    {kTest, "spec", "series", true, "What is scraped, as for promtool."},
    {kTest, "spec", "expect", true, "What holds at which time after the first value."},
    {kTest, "spec.series", "series", false, "Metric and labels: 'up{job=\"a\"}'."},
    {kTest, "spec.series", "values", false,
     "5, 0+10x5 (6 values), 3x20 (21 values), _ and _x4 (missing), stale."},
    {kTest, "spec.expect", "at", false, "So long after the first value."},
    {kTest, "spec.expect", "firing", false, "The automations that fire, exactly; [] is none."},
    {kTest, "spec.expect", "inForce", false,
     "The actions in force, exactly: limit payment, open checkout->payment, notify URL."},
    {kPackKind, "metadata", "name", false, "That of its folder."},
    {kPackKind, "metadata", "title", false, "The technology's own name: PostgreSQL."},
    {kPackKind, "spec", "needs", false, "PromQL: gives something where the technology is scraped."},
    {kPackKind, "spec", "exporter", true, "The program whose metrics these are."},
    {kPackKind, "spec", "signals", true, "What to look at, at most 64."},
    {kPackKind, "spec.exporter", "name", false, "Of the Debian package, where there is one."},
    {kPackKind, "spec.exporter", "port", false, "Where it listens unless told otherwise."},
    {kPackKind, "spec.exporter", "scrape", false, "Jobs to paste into scrape_configs."},
    {kPackKind, "spec.signals", "name", false, "a-z 0-9 _, unique in the pack."},
    {kPackKind, "spec.signals", "expr", false, "PromQL."},
    {kPackKind, "spec.signals", "unit", false, "What its numbers are."},
    {kPackKind, "spec.signals", "help", false, "What it says, one sentence."},
    {kPackKind, "spec.signals", "normal", false, "What it is on a good day."},
};

}  // namespace

std::span<const OtherField> otherFields() {
    return kFields;
}

}  // namespace levee
