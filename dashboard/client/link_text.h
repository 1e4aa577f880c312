// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

namespace levee {

/// Gives what this module itself says to people a context for translators. tr() is thread-safe.
struct LinkText {
    Q_DECLARE_TR_FUNCTIONS(LinkText)
};

}  // namespace levee
