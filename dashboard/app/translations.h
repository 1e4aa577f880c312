// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;

namespace levee {

/// Installs the words of the desktop's language, and those of English where there are none: even
/// English needs them for its plurals. The translators belong to the application.
void installTranslations(QCoreApplication& application);

}  // namespace levee
