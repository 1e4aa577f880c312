// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <cstdio>
#include <memory>

#include "dashboard/app/dashboard.h"
#include "dashboard/app/options.h"
#include "dashboard/app/screenshot.h"
#include "dashboard/app/settings.h"
#include "dashboard/app/translations.h"

namespace {

bool hasDisplay() {
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
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
    const auto options = levee::parseOptions(arguments);
    if (!options)
        return complain(options.error().message, 2);
    if (!options->answer.isEmpty()) {
        std::fputs(qPrintable(options->answer), stdout);
        return 0;
    }
    const bool isScreenshot = !options->screenshot.isEmpty();
    if (!hasDisplay()) {
        if (!isScreenshot)
            return complain("there is no display; with --screenshot FILE none is needed", 1);
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("levee-dashboard"));
    levee::installTranslations(application);
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
