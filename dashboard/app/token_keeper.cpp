// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/app/token_keeper.h"

#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QEventLoop>
#include <QTimer>

#include "dashboard/app/options.h"
#include "shared/base/token_file.h"

namespace levee {
namespace {

const QString kService = QStringLiteral("levee");
constexpr std::chrono::minutes kPatience{1};

struct KeeperText {
    Q_DECLARE_TR_FUNCTIONS(levee::TokenKeeper)
};

/// Runs the job to its end; "" or what went wrong.
QString run(QKeychain::Job& job, const QString& context) {
    QEventLoop loop;
    bool isDone = false;
    job.setAutoDelete(false);
    job.setInsecureFallback(false);
    job.setKey(context);
    QObject::connect(&job, &QKeychain::Job::finished, &loop, [&] {
        isDone = true;
        loop.quit();
    });
    QTimer::singleShot(kPatience, &loop, &QEventLoop::quit);
    job.start();
    if (!isDone)
        loop.exec();
    if (!isDone)
        return KeeperText::tr("the desktop's keychain did not answer within a minute");
    switch (job.error()) {
        case QKeychain::NoError:
            return {};
        case QKeychain::EntryNotFound:
            return KeeperText::tr(
                       "the desktop's keychain has no token of the context %1: store it with "
                       "levee-dashboard --store-token %1 < FILE")
                .arg(context);
        case QKeychain::AccessDenied:
        case QKeychain::AccessDeniedByUser:
            return KeeperText::tr("the desktop's keychain was not unlocked");
        default:
            return KeeperText::tr(
                       "no keychain of the desktop answers (%1): put the token into a file that "
                       "only you can read, and name it as token_file of the context %2")
                .arg(job.errorString(), context);
    }
}

}  // namespace

Result<std::string> readKeptToken(const QString& context) {
    QKeychain::ReadPasswordJob job(kService);
    if (const QString wrong = run(job, context); !wrong.isEmpty())
        return Error{wrong.toStdString(), ErrorKind::Unavailable};
    const std::string token = job.textData().toStdString();
    if (const std::string problem = tokenProblem(token); !problem.empty())
        return Error{"the token in the desktop's keychain " + problem, ErrorKind::Invalid};
    return token;
}

Status keepToken(const QString& context, const std::string& token) {
    if (const std::string problem = tokenProblem(token); !problem.empty())
        return Error{"the token " + problem, ErrorKind::Invalid};
    QKeychain::WritePasswordJob job(kService);
    job.setTextData(QString::fromStdString(token));
    if (const QString wrong = run(job, context); !wrong.isEmpty())
        return Error{wrong.toStdString(), ErrorKind::Unavailable};
    return Status::ok();
}

void fillInTokens(Options& options) {
    std::map<QString, Result<std::string>> tokens;  // by context: each is asked for once
    for (const auto& [agent, context] : options.keychain) {
        auto found = tokens.find(context);
        if (found == tokens.end())
            found = tokens.emplace(context, readKeptToken(context)).first;
        if (found->second)
            options.access[agent].token = *found->second;
        else
            options.access[agent].problem = found->second.error().message;
    }
}

}  // namespace levee
