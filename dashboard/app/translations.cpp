// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/translations.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

// Outside a namespace, as Qt asks for it: the words lie in a static library.
static void initTranslations() {
    Q_INIT_RESOURCE(translations);
}

namespace levee {

void installTranslations(QCoreApplication& application) {
    initTranslations();
    const QString folder = QStringLiteral(":/translations");
    auto* english = new QTranslator(&application);
    if (english->load(QStringLiteral("levee_en"), folder))
        QCoreApplication::installTranslator(english);
    auto* local = new QTranslator(&application);
    if (local->load(QLocale(), QStringLiteral("levee"), QStringLiteral("_"), folder))
        QCoreApplication::installTranslator(local);
}

}  // namespace levee
