// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/options.h"

#include <QCommandLineParser>
#include <QRegularExpression>

#include "dashboard/app/version.h"
#include "shared/base/units.h"

namespace levee {
namespace {

constexpr int kSmallestSide = 320;
constexpr int kLargestSide = 10'000;

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

bool isAddress(const QString& text) {
    static const QRegularExpression form(
        QStringLiteral("^(unix:.+|\\[[0-9a-fA-F:]+\\]:\\d{1,5}|[^\\s:/]+:\\d{1,5})$"));
    return form.match(text).hasMatch();
}

Status readValues(const QCommandLineParser& parser, Options& options) {
    const auto value = [&](const char* name) { return parser.value(QLatin1String(name)); };
    options.connect = parser.values(QStringLiteral("connect"));
    for (const QString& address : options.connect)
        if (!isAddress(address))
            return wrong("connect", address, "use host:port or unix:PATH");
    if (options.connect.isEmpty())
        options.connect << kDefaultAddress;
    if (const QString theme = value("theme"); theme == QLatin1String("light"))
        options.theme = ThemeChoice::Light;
    else if (theme == QLatin1String("dark"))
        options.theme = ThemeChoice::Dark;
    else if (theme == QLatin1String("system"))
        options.theme = ThemeChoice::System;
    else if (!theme.isEmpty())
        return wrong("theme", theme, "use light, dark or system");
    if (const QString page = value("page"); !page.isEmpty()) {
        options.page = pageFromName(page);
        if (!options.page)
            return wrong("page", page, "use topology, service, rules, scaling or decisions");
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
    options.logEvents = parser.isSet(QStringLiteral("log-events"));
    return Status::ok();
}

}  // namespace

Result<Options> parseOptions(const QStringList& arguments) {
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Levee's desktop dashboard: the live topology, guards and rules."));
    const QCommandLineOption help(QStringList{"h", "help"}, "Prints this help.");
    const QCommandLineOption version(QStringList{"v", "version"}, "Prints the version.");
    parser.addOptions(
        {help,
         version,
         {"connect", "An agent to connect to; may be given again for more.", "host:port|unix:PATH"},
         {"theme", "Colours: light, dark or system.", "name"},
         {"size", "Size of the window, e.g. 1600x1000.", "WxH"},
         {"page", "Page to show: topology, service, rules, scaling or decisions.", "name"},
         {"select", "Service or edge (a->b) to select.", "name"},
         {"screenshot", "Writes the window to a PNG file and ends. Needs no display.", "file"},
         {"after", "How long to watch before the screenshot.", "duration", "3s"},
         {"replay", "Plays a recorded session in place of agents.", "file"},
         {"record", "Records the session of the first agent.", "file"},
         {"log-events", "Prints one JSON line an event, with the time at which it was received."}});
    if (!parser.parse(arguments))
        return Error{parser.errorText().toStdString(), ErrorKind::Invalid};
    Options options;
    if (!parser.positionalArguments().isEmpty())
        return Error{"unexpected argument: " + parser.positionalArguments().front().toStdString(),
                     ErrorKind::Invalid};
    if (parser.isSet(help))
        options.answer = parser.helpText();
    else if (parser.isSet(version))
        options.answer = QStringLiteral("levee-dashboard %1\n").arg(QLatin1String(kVersion));
    const Status status = readValues(parser, options);
    if (!status.isOk())
        return status.error();
    return options;
}

}  // namespace levee
