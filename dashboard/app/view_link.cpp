// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/view_link.h"

#include <QUrl>
#include <QUrlQuery>
#include <iterator>
#include <utility>

#include "shared/contexts/contexts.h"

namespace levee {
namespace {

constexpr int kMostMinutes = 1'440;
constexpr qsizetype kMostAgents = 500;

const QString kAll = QStringLiteral("all");
const QString kErrors = QStringLiteral("errors");
constexpr const char* kGroupNames[] = {"auto", "none", "namespace", "host", "team"};

Error wrong(const QString& text) {
    return {text.toStdString(), ErrorKind::Invalid};
}

/// Only what a query needs escaped, so that people can read a link.
void add(QUrlQuery& query, const char* key, const QString& value) {
    query.addQueryItem(QLatin1String(key),
                       QString::fromLatin1(QUrl::toPercentEncoding(value, ":,")));
}

/// What of the map: scope, focus, what to find and to hide.
Status readMap(const QUrlQuery& query, ViewLink& link) {
    const auto value = [&](const char* key) {
        return query.queryItemValue(QLatin1String(key), QUrl::FullyDecoded);
    };
    link.find = value("find");
    link.hide = value("hide");
    for (const QString& text : {link.find, link.hide})
        if (text.size() > MapQuery::kMostCharacters || MapQuery::parse(text).error)
            return wrong(
                QStringLiteral("the link's expression \"%1\" cannot be read").arg(text.left(80)));
    link.focus = value("focus");
    if (query.hasQueryItem(QStringLiteral("hops"))) {
        link.hops = value("hops").toInt();
        if (link.hops < 1 || link.hops > kMostHops)
            return wrong(QStringLiteral("the link's hops are not 1 to %1").arg(kMostHops));
    }
    const QString show = value("show");
    link.showAll = show == kAll;
    link.errorsOnly = show == kErrors;
    if (!show.isEmpty() && !link.showAll && !link.errorsOnly)
        return wrong(
            QStringLiteral("the link shows \"%1\"; it may be all or errors").arg(show.left(80)));
    if (const QString group = value("group"); !group.isEmpty()) {
        for (std::size_t i = 0; i < std::size(kGroupNames); ++i)
            if (group == QLatin1String(kGroupNames[i]))
                link.group = static_cast<MapGrouping>(i);
        if (!link.group)
            return wrong(QStringLiteral("the link groups by \"%1\"; it may be auto, none, "
                                        "namespace, host or team")
                             .arg(group.left(80)));
    }
    return Status::ok();
}

}  // namespace

QString writeLink(const ViewLink& link) {
    QUrlQuery query;
    if (!link.select.isEmpty())
        add(query, "select", link.select);
    if (link.minutes)
        add(query, "minutes", QString::number(*link.minutes));
    for (const auto& [key, value] :
         {std::pair("find", link.find), {"hide", link.hide}, {"focus", link.focus}})
        if (!value.isEmpty())
            add(query, key, value);
    if (!link.focus.isEmpty() && link.hops != 1)
        add(query, "hops", QString::number(link.hops));
    if (link.showAll || link.errorsOnly)
        add(query, "show", link.showAll ? kAll : kErrors);
    if (link.group)
        add(query, "group", QLatin1String(kGroupNames[static_cast<std::size_t>(*link.group)]));
    for (const QString& agent : link.agents)
        add(query, "agent", agent);
    QString text = QStringLiteral("levee://view");
    if (link.page)
        text += QLatin1Char('/') + QLatin1String(kPageNames[static_cast<std::size_t>(*link.page)]);
    return query.isEmpty() ? text : text + QLatin1Char('?') + query.toString(QUrl::FullyEncoded);
}

Result<ViewLink> readLink(const QString& text) {
    if (text.size() > kLongestLink)
        return wrong(QStringLiteral("the link is longer than %1 characters").arg(kLongestLink));
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != QLatin1String("levee") ||
        url.host() != QLatin1String("view"))
        return wrong(QStringLiteral("\"%1\" is no link of Levee; they begin with levee://view")
                         .arg(text.left(80)));
    ViewLink link;
    const QString page = url.path().mid(1);
    if (!page.isEmpty()) {
        link.page = pageFromName(page);
        if (!link.page)
            return wrong(QStringLiteral("the link names a page that there is not: \"%1\"")
                             .arg(page.left(80)));
    }
    const QUrlQuery query(url);
    link.select = query.queryItemValue(QStringLiteral("select"), QUrl::FullyDecoded);
    if (query.hasQueryItem(QStringLiteral("minutes"))) {
        bool isNumber = false;
        const int minutes = query.queryItemValue(QStringLiteral("minutes")).toInt(&isNumber);
        if (!isNumber || minutes < 1 || minutes > kMostMinutes)
            return wrong(QStringLiteral("the link's minutes are not 1 to %1").arg(kMostMinutes));
        link.minutes = minutes;
    }
    if (Status status = readMap(query, link); !status.isOk())
        return status.error();
    for (const QString& agent :
         query.allQueryItemValues(QStringLiteral("agent"), QUrl::FullyDecoded)) {
        if (!isAgentAddress(agent.toStdString()) || link.agents.size() >= kMostAgents)
            return wrong(QStringLiteral("the link names an agent as \"%1\"; use host:port")
                             .arg(agent.left(80)));
        link.agents << agent;
    }
    return link;
}

}  // namespace levee
