// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QFile>
#include <cstdio>
#include <memory>

#include "dashboard/actions/key_bindings.h"
#include "dashboard/app/dashboard.h"
#include "dashboard/app/options.h"
#include "dashboard/app/screenshot.h"
#include "dashboard/app/settings.h"
#include "dashboard/app/token_keeper.h"
#include "dashboard/app/translations.h"
#include "shared/contexts/contexts.h"

namespace {

bool hasDisplay() {
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
}

/// "" where there is no such file. At most one byte more than the reader takes.
std::string textOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(1024 * 1024 + 1).toStdString()
                                          : std::string();
}

/// The first line of standard input.
std::string tokenOnInput() {
    QFile input;
    const bool isOpen = input.open(stdin, QIODevice::ReadOnly);
    return isOpen ? input.readLine(4096).trimmed().toStdString() : std::string();
}

int complain(const std::string& text, int code) {
    std::fprintf(stderr, "levee-dashboard: %s\n", text.c_str());
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    auto options = levee::parseOptions(arguments);
    if (!options)
        return complain(options.error().message, 2);
    const std::string contexts = levee::contextsFile();
    if (const levee::Status status =
            levee::applyContext(textOf(QString::fromStdString(contexts)), contexts, *options);
        !status.isOk())
        return complain(status.error().message, 2);
    if (!options->answer.isEmpty()) {
        std::fputs(qPrintable(options->answer), stdout);
        return 0;
    }
    const bool isScreenshot = !options->screenshot.isEmpty();
    if (!hasDisplay()) {
        if (!isScreenshot && !options->printKeys && options->storeToken.isEmpty())
            return complain("there is no display; with --screenshot FILE none is needed", 1);
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("levee-dashboard"));
    const levee::Translations translations(options->language ? *options->language : QLocale());
    if (options->printKeys) {
        std::fputs(qUtf8Printable(levee::writeKeys(levee::ActionRegistry())), stdout);
        return 0;
    }
    if (!options->storeToken.isEmpty()) {
        const levee::Status kept = levee::keepToken(options->storeToken, tokenOnInput());
        return kept.isOk() ? 0 : complain(kept.error().message, 1);
    }
    levee::fillInTokens(*options);
    const levee::RealTimeSource time;
    levee::Dashboard dashboard(
        *options, isScreenshot ? levee::Settings::transient() : levee::Settings::ofUser(),
        application, time);
    if (const levee::Status status = dashboard.start(); !status.isOk())
        return complain(status.error().message, 1);
    std::unique_ptr<levee::Screenshot> screenshot;
    if (isScreenshot) {
        screenshot = std::make_unique<levee::Screenshot>(dashboard, *options, time);
        QObject::connect(screenshot.get(), &levee::Screenshot::finished, &application,
                         &QCoreApplication::exit, Qt::QueuedConnection);
    }
    return QApplication::exec();
}
