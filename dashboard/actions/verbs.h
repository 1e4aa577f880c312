// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>
#include <vector>

namespace levee {

/// A command that is typed: ":rollback too strict".
struct Verb {
    QString name;      ///< "rollback", one word, never translated
    QString argument;  ///< what may follow, for people: "REASON", or ""
    QString help;      ///< translated, one line
    /// Does it; returns what is wrong, or "".
    std::function<QString(const QString& argument)> run;
};

/// All verbs, by those who own what they change. GUI thread only.
class Verbs {
public:
    void add(Verb verb);
    const std::vector<Verb>& all() const { return verbs_; }  ///< by name

    /// Those whose name begins with the first word of `line`; all of them for "".
    std::vector<const Verb*> matching(const QString& line) const;
    /// Runs the verb that `line` names, in full or by a beginning that only one has. Returns what
    /// is wrong, or "".
    QString run(const QString& line) const;

private:
    std::vector<Verb> verbs_;
};

}  // namespace levee
