// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QTranslator>
#include <memory>
#include <vector>

class QCoreApplication;

namespace levee {

/// The words of a language, as long as this lives. GUI thread only.
class Translations {
public:
    /// Those of the desktop's language, and those of English where there are none: even English
    /// needs them for its plurals. Numbers follow the same language.
    explicit Translations(const QLocale& locale = QLocale());
    ~Translations();
    Translations(const Translations&) = delete;
    Translations& operator=(const Translations&) = delete;

private:
    void load(const QString& name, const QString& folder);

    std::vector<std::unique_ptr<QTranslator>> translators_;
};

}  // namespace levee
