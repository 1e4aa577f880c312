// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/view_link.h"

#include <QUrl>
#include <QUrlQuery>

#include "dashboard/app/options.h"

namespace levee {
namespace {

constexpr int kMostMinutes = 1'440;
constexpr qsizetype kMostAgents = 500;

Error wrong(const QString& text) {
    return {text.toStdString(), ErrorKind::Invalid};
}

/// Only what a query needs escaped, so that people can read a link.
void add(QUrlQuery& query, const char* key, const QString& value) {
    query.addQueryItem(QLatin1String(key),
                       QString::fromLatin1(QUrl::toPercentEncoding(value, ":,")));
}

}  // namespace

QString writeLink(const ViewLink& link) {
    QUrlQuery query;
    if (!link.select.isEmpty())
        add(query, "select", link.select);
    if (link.minutes)
        add(query, "minutes", QString::number(*link.minutes));
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
    for (const QString& agent :
         query.allQueryItemValues(QStringLiteral("agent"), QUrl::FullyDecoded)) {
        if (!isAgentAddress(agent) || link.agents.size() >= kMostAgents)
            return wrong(QStringLiteral("the link names an agent as \"%1\"; use host:port")
                             .arg(agent.left(80)));
        link.agents << agent;
    }
    return link;
}

}  // namespace levee
