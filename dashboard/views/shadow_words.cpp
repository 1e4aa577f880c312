// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/shadow_words.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "dashboard/views/scene_builder.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

/// Gives the free functions below a context for translators.
struct ShadowText {
    Q_DECLARE_TR_FUNCTIONS(ShadowText)
};

constexpr std::size_t kMostSubjects = 3;
constexpr std::size_t kMostResults = 12;

QString subjectsOf(const ShadowResult& result) {
    QStringList subjects;
    for (std::size_t i = 0; i < std::min(kMostSubjects, result.subjects.size()); ++i)
        subjects << readableSubject(result.subjects[i]);
    if (result.subjects.size() > kMostSubjects)
        subjects << ShadowText::tr("%n more", nullptr,
                                   static_cast<int>(result.subjects.size() - kMostSubjects));
    return subjects.join(QStringLiteral(", "));
}

QString deedOf(const ShadowResult& result) {
    QString text = result.wouldHaveRefused >= 0.5
                       ? ShadowText::tr("would have refused about %1 requests so far")
                             .arg(formatCount(result.wouldHaveRefused))
                       : ShadowText::tr("would have refused nothing so far");
    if (result.wouldBeOpen)
        text += ShadowText::tr("; its breaker would not let all through now");
    return text;
}

}  // namespace

QString shadowText(const ShadowResult& result) {
    const QString where = result.hosts > 1 ? ShadowText::tr("%1 on %n host(s)", nullptr,
                                                            static_cast<int>(result.hosts))
                                                 .arg(subjectsOf(result))
                                           : subjectsOf(result);
    //: a rule in shadow, where it is, what it would have done
    return ShadowText::tr("%1 (%2): %3").arg(plainText(result.rule, 80), where, deedOf(result));
}

QString shadowText(const std::vector<ShadowResult>& results) {
    QStringList lines;
    for (std::size_t i = 0; i < std::min(kMostResults, results.size()); ++i)
        lines << shadowText(results[i]);
    if (results.size() > kMostResults)
        lines << ShadowText::tr("%n more", nullptr,
                                static_cast<int>(results.size() - kMostResults));
    return lines.join(QLatin1Char('\n'));
}

QString leavingShadowText(const std::vector<std::string>& names,
                          const std::vector<ShadowResult>& results) {
    QStringList lines;
    for (const std::string& name : names) {
        const auto found = std::ranges::find(results, name, &ShadowResult::rule);
        lines << ShadowText::tr("Enforces %1: in shadow it %2.")
                     .arg(plainText(name, 80),
                          found != results.end()
                              ? deedOf(*found)
                              : ShadowText::tr("was seen by no guard that is heard now"));
    }
    return lines.join(QLatin1Char('\n'));
}

}  // namespace levee
