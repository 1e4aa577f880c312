// SPDX-License-Identifier: Apache-2.0
// The second opinion: what `promtool check metrics` says about a text, in a form to compare ours
// with.
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QStandardPaths>
#include <QStringList>

#include "agent/collect/exposition_check.h"

namespace levee::test {

struct CheckAnswer {
    bool parses = false;
    QStringList findings;  ///< "name text", sorted, each once
};

inline bool hasPromtool() {
    return !QStandardPaths::findExecutable("promtool").isEmpty();
}

inline CheckAnswer sorted(CheckAnswer answer) {
    answer.findings.removeDuplicates();
    answer.findings.sort();
    return answer;
}

inline CheckAnswer askPromtool(const QByteArray& text) {
    QProcess promtool;
    promtool.start("promtool", {"check", "metrics"});
    promtool.write(text);
    promtool.closeWriteChannel();
    promtool.waitForFinished(30'000);
    CheckAnswer answer;
    answer.parses = promtool.exitCode() != 1;  // 3: it parses, with findings
    if (answer.parses)
        answer.findings =
            QString::fromUtf8(promtool.readAllStandardError()).split('\n', Qt::SkipEmptyParts);
    return sorted(answer);
}

inline CheckAnswer askOurs(const QByteArray& text) {
    const Diagnostics found = checkExposition(text.toStdString(), "");
    CheckAnswer answer;
    answer.parses = !hasErrors(found);
    if (answer.parses) {
        for (const Diagnostic& diagnostic : found)
            answer.findings << QString::fromStdString(diagnostic.message).replace(": ", " ");
    }
    return sorted(answer);
}

}  // namespace levee::test
