// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>

// Outside a namespace, as Qt asks for it: the words lie in a static library.
static void initTranslations() {
    Q_INIT_RESOURCE(translations);
}

namespace levee {

Translations::Translations(const QLocale& locale) {
    initTranslations();
    QLocale::setDefault(locale);
    const QString ours = QStringLiteral(":/translations");
    load(QStringLiteral("levee_en"), ours);
    if (locale.language() != QLocale::Chinese)
        return;
    // The words of Qt's own dialogs, where that package is installed.
    load(QStringLiteral("qtbase_zh_CN"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    load(QStringLiteral("levee_zh_CN"), ours);
}

Translations::~Translations() {
    for (const auto& translator : translators_)
        QCoreApplication::removeTranslator(translator.get());
}

void Translations::load(const QString& name, const QString& folder) {
    auto translator = std::make_unique<QTranslator>();
    if (!translator->load(name, folder))
        return;
    QCoreApplication::installTranslator(translator.get());
    translators_.push_back(std::move(translator));
}

}  // namespace levee
