// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/actions/verbs.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

namespace levee {
namespace {

QString nameIn(const QString& line) {
    return line.trimmed().section(QLatin1Char(' '), 0, 0);
}

}  // namespace

void Verbs::add(Verb verb) {
    const auto place = std::ranges::lower_bound(verbs_, verb.name, {}, &Verb::name);
    verbs_.insert(place, std::move(verb));
}

std::vector<const Verb*> Verbs::matching(const QString& line) const {
    std::vector<const Verb*> found;
    for (const Verb& verb : verbs_)
        if (verb.name.startsWith(nameIn(line), Qt::CaseInsensitive))
            found.push_back(&verb);
    return found;
}

QString Verbs::run(const QString& line) const {
    const QString name = nameIn(line);
    const auto found = matching(line);
    const auto exact =
        std::ranges::find_if(found, [&](const Verb* verb) { return verb->name == name; });
    const Verb* verb = exact != found.end() ? *exact : found.size() == 1 ? found.front() : nullptr;
    if (verb)
        return verb->run(line.trimmed().section(QLatin1Char(' '), 1).trimmed());
    if (found.empty() || name.isEmpty())
        return QCoreApplication::translate("levee::Verbs", "There is no command \"%1\".").arg(name);
    QStringList names;
    for (const Verb* each : found)
        names << each->name;
    return QCoreApplication::translate("levee::Verbs", "\"%1\" may be %2.")
        .arg(name, names.join(QStringLiteral(", ")));
}

}  // namespace levee
