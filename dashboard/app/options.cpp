// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/options.h"

#include <QCommandLineParser>
#include <QRegularExpression>

#include "dashboard/app/version.h"
#include "dashboard/app/view_link.h"
#include "shared/base/units.h"
#include "shared/contexts/contexts.h"

namespace levee {
namespace {

constexpr int kSmallestSide = 320;
constexpr int kLargestSide = 10'000;

const QString kLinkStart = QStringLiteral("levee:");
const QString kDefaultAddress = QStringLiteral("127.0.0.1:7400");

Error wrong(const QString& option, const QString& value, const QString& right) {
    const QString text = QStringLiteral("--%1: \"%2\" is not right; %3").arg(option, value, right);
    return {text.toStdString(), ErrorKind::Invalid};
}

std::optional<QSize> sizeFrom(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^(\\d{1,5})x(\\d{1,5})$"));
    const auto match = form.match(text);
    const QSize size(match.captured(1).toInt(), match.captured(2).toInt());
    const auto fits = [](int side) { return side >= kSmallestSide && side <= kLargestSide; };
    if (!match.hasMatch() || !fits(size.width()) || !fits(size.height()))
        return std::nullopt;
    return size;
}

Status readValues(const QCommandLineParser& parser, Options& options) {
    const auto value = [&](const char* name) { return parser.value(QLatin1String(name)); };
    options.connect = parser.values(QStringLiteral("connect"));
    for (const QString& address : options.connect)
        if (!isAgentAddress(address.toStdString()))
            return wrong("connect", address, "use host:port or unix:PATH");
    if (const QString theme = value("theme"); theme == QLatin1String("light"))
        options.theme = ThemeChoice::Light;
    else if (theme == QLatin1String("dark"))
        options.theme = ThemeChoice::Dark;
    else if (theme == QLatin1String("contrast"))
        options.theme = ThemeChoice::HighContrast;
    else if (theme == QLatin1String("system"))
        options.theme = ThemeChoice::System;
    else if (!theme.isEmpty())
        return wrong("theme", theme, "use light, dark, contrast or system");
    if (const QString page = value("page"); !page.isEmpty()) {
        options.page = pageFromName(page);
        if (!options.page)
            return wrong("page", page, "use topology, service, rules, scaling, timeline or fleet");
    }
    if (const QString size = value("size"); !size.isEmpty()) {
        options.size = sizeFrom(size);
        if (!options.size)
            return wrong("size", size, "use WIDTHxHEIGHT, each 320 to 10000");
    }
    const auto after = parseDuration(value("after").toStdString());
    if (!after)
        return wrong("after", value("after"), QString::fromStdString(after.error().message));
    options.after = std::chrono::duration_cast<std::chrono::milliseconds>(*after);
    options.select = value("select");
    options.screenshot = value("screenshot");
    options.replay = value("replay");
    options.record = value("record");
    if (const QString language = value("language"); language == QLatin1String("zh_CN"))
        options.language = QLocale(QLocale::Chinese, QLocale::China);
    else if (language == QLatin1String("en"))
        options.language = QLocale(QLocale::English);
    else if (!language.isEmpty())
        return wrong("language", language, "use en or zh_CN");
    options.context = value("context");
    options.readOnly = parser.isSet(QStringLiteral("read-only"));
    options.storeToken = value("store-token");
    options.printKeys = parser.isSet(QStringLiteral("print-keys"));
    options.logEvents = parser.isSet(QStringLiteral("log-events"));
    return Status::ok();
}

Status followLink(const QString& text, Options& options) {
    const auto link = readLink(text);
    if (!link)
        return link.error();
    if (!options.page)
        options.page = link->page;
    if (options.select.isEmpty())
        options.select = link->select;
    options.minutes = link->minutes;
    options.link = text;
    options.linkAgents = link->agents;
    return Status::ok();
}

}  // namespace

Result<Options> parseOptions(const QStringList& arguments) {
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Levee's desktop dashboard: the live topology, guards and rules."));
    parser.addPositionalArgument("link", "A levee:// link to open.", "[levee://...]");
    const QCommandLineOption help(QStringList{"h", "help"}, "Prints this help.");
    const QCommandLineOption version(QStringList{"v", "version"}, "Prints the version.");
    parser.addOptions(
        {help,
         version,
         {"connect", "An agent to connect to; may be given again for more.", "host:port|unix:PATH"},
         {"theme", "Colours: light, dark, contrast or system.", "name"},
         {"size", "Size of the window, e.g. 1600x1000.", "WxH"},
         {"page", "Page to show: topology, service, rules, scaling, timeline or fleet.", "name"},
         {"select", "Service or edge (a->b) to select.", "name"},
         {"screenshot", "Writes the window to a PNG file and ends. Needs no display.", "file"},
         {"after", "How long to watch before the screenshot.", "duration", "3s"},
         {"replay", "Plays a recorded session in place of agents.", "file"},
         {"record", "Records the session of the first agent.", "file"},
         {"context", "Agents out of ~/.config/levee/contexts.yaml, by name.", "name"},
         {"language", "Words and numbers: en or zh_CN; else the desktop's.", "name"},
         {"read-only", "Nothing can be changed from this window."},
         {"store-token",
          "Puts the token on standard input into the desktop's keychain, for a context with "
          "token: keychain.",
          "context"},
         {"print-keys", "Prints all actions and their keys in the form of keys.yaml."},
         {"log-events", "Prints one JSON line an event, with the time at which it was received."}});
    if (!parser.parse(arguments))
        return Error{parser.errorText().toStdString(), ErrorKind::Invalid};
    Options options;
    const QStringList others = parser.positionalArguments();
    const bool hasLink = others.size() == 1 && others.front().startsWith(kLinkStart);
    if (!others.isEmpty() && !hasLink)
        return Error{"unexpected argument: " + others.front().toStdString(), ErrorKind::Invalid};
    if (parser.isSet(help))
        options.answer = parser.helpText();
    else if (parser.isSet(version))
        options.answer = QStringLiteral("levee-dashboard %1\n").arg(QLatin1String(kVersion));
    Status status = readValues(parser, options);
    if (status.isOk() && hasLink)
        status = followLink(others.front(), options);
    if (!status.isOk())
        return status.error();
    return options;
}

Status applyContext(const std::string& yaml, const std::string& fileName, Options& options) {
    Contexts contexts;
    const Diagnostics found = readContexts(yaml, fileName, contexts);
    if (!found.empty() && (!options.context.isEmpty() || options.connect.isEmpty()))
        return Error{fileName + ":" + std::to_string(found.front().place.line) + ": " +
                         found.front().message,
                     ErrorKind::Invalid};
    // A link comes from somebody else: it chooses among the agents that are ours, no others.
    if (options.connect.isEmpty() && options.context.isEmpty() && !options.linkAgents.isEmpty()) {
        for (const QString& agent : options.linkAgents)
            if (agent != kDefaultAddress && !contexts.naming(agent.toStdString()))
                return wrong(QStringLiteral("connect"), agent,
                             QStringLiteral("the link names it, and no context of %1 does; give "
                                            "--connect yourself if you trust it")
                                 .arg(QString::fromStdString(fileName)));
        options.connect = options.linkAgents;
    }
    const bool isSaid = !options.connect.isEmpty() || !options.replay.isEmpty();
    const QString name = !options.context.isEmpty() ? options.context
                         : isSaid                   ? QString()
                                                    : QString::fromStdString(contexts.current);
    const FleetContext* context = nullptr;
    if (!name.isEmpty()) {
        context = contexts.find(name.toStdString());
        if (!context)
            return wrong(
                QStringLiteral("context"), name,
                QStringLiteral("%1 names no such context").arg(QString::fromStdString(fileName)));
        options.context = name;
        options.isProduction = context->isProduction;
        options.readOnly = options.readOnly || context->isReadOnly;
        if (options.connect.isEmpty())
            for (const std::string& agent : context->agents)
                options.connect << QString::fromStdString(agent);
    }
    if (options.connect.isEmpty())
        options.connect << kDefaultAddress;
    for (const QString& agent : options.connect)
        if (const FleetContext* its = context ? context : contexts.naming(agent.toStdString())) {
            options.access[agent] = its->access;
            if (its->isTokenInKeychain)
                options.keychain[agent] = QString::fromStdString(its->name);
        }
    return Status::ok();
}

}  // namespace levee
