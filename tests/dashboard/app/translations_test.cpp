// SPDX-License-Identifier: GPL-3.0-or-later
// Every string has its Chinese words, with the same places for values, and English its plurals.
#include "dashboard/app/translations.h"

#include <QFile>
#include <QLibraryInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include "tests/support/source_paths.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

struct Message {
    QString context;
    QString source;
    QStringList forms;  ///< one, or the plural forms
    bool isPlural = false;
    bool isFinished = false;
};

QList<Message> messagesIn(const QString& path) {
    QList<Message> messages;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return messages;
    QXmlStreamReader xml(&file);
    QString context;
    Message message;
    while (!xml.atEnd()) {
        if (!xml.readNextStartElement() && xml.tokenType() != QXmlStreamReader::EndElement)
            continue;
        if (!xml.isStartElement())
            continue;
        const auto name = xml.name();
        if (name == QLatin1String("name")) {
            context = xml.readElementText();
        } else if (name == QLatin1String("message")) {
            message = {
                context, {}, {}, xml.attributes().value("numerus") == QLatin1String("yes"), false};
        } else if (name == QLatin1String("source")) {
            message.source = xml.readElementText();
        } else if (name == QLatin1String("translation")) {
            const auto type = xml.attributes().value("type");
            if (type == QLatin1String("vanished") || type == QLatin1String("obsolete"))
                continue;
            message.isFinished = type != QLatin1String("unfinished");
            if (!message.isPlural) {
                message.forms = {xml.readElementText()};
            } else {
                while (xml.readNextStartElement())
                    message.forms << xml.readElementText();
            }
            messages << message;
        }
    }
    return messages;
}

QStringList placesIn(const QString& text) {
    static const QRegularExpression kPlace(QStringLiteral("%(\\d|n)"));
    QStringList places;
    for (auto match = kPlace.globalMatch(text); match.hasNext();)
        places << match.next().captured();
    places.sort();
    return places;
}

QString pathOf(const char* name) {
    return QStringLiteral(LEVEE_SOURCE_DIR "/dashboard/translations/") + QLatin1String(name);
}

}  // namespace

class TranslationsTest : public QObject {
    Q_OBJECT
private slots:
    void everyStringIsTranslatedAndKeepsItsPlaces() {
        const auto messages = messagesIn(pathOf("levee_zh_CN.ts"));
        QVERIFY(messages.size() > 450);
        for (const Message& each : messages) {
            const QByteArray where = (each.context + ": " + each.source).toUtf8();
            QVERIFY2(each.isFinished, where);
            QCOMPARE(each.forms.size(), 1);  // Chinese has one form for any number
            QVERIFY2(!each.forms.front().isEmpty(), where);
            QVERIFY2(placesIn(each.forms.front()) == placesIn(each.source), where);
        }
    }
    void englishHasBothFormsOfEveryPlural() {
        const auto messages = messagesIn(pathOf("levee_en.ts"));
        QVERIFY(!messages.isEmpty());
        for (const Message& each : messages) {
            QVERIFY2(each.isFinished && each.forms.size() == 2, qPrintable(each.source));
            QVERIFY2(!each.forms[0].isEmpty() && !each.forms[1].isEmpty(), qPrintable(each.source));
        }
    }
    void theFilesHoldAllThatTheSourcesSay_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QStringList>("more");
        QTest::newRow("zh_CN") << "levee_zh_CN.ts" << QStringList();
        QTest::newRow("en") << "levee_en.ts" << QStringList{"-pluralonly"};
    }
    void theFilesHoldAllThatTheSourcesSay() {
        QFETCH(QString, file);
        QFETCH(QStringList, more);
        const QString lupdate = QStandardPaths::findExecutable(
            "lupdate", {QLibraryInfo::path(QLibraryInfo::BinariesPath)});
        if (lupdate.isEmpty())
            QSKIP("SKIP: there is no lupdate");
        const QTemporaryDir dir;
        const QString copy = dir.filePath(file);
        QVERIFY(QFile::copy(pathOf(qPrintable(file)), copy));
        QProcess run;
        run.setWorkingDirectory(QStringLiteral(LEVEE_SOURCE_DIR));
        run.start(lupdate, QStringList{"-I", ".", "-locations", "none"} + more +
                               QStringList{"dashboard", "-ts", copy});
        QVERIFY(run.waitForFinished(60'000));
        for (const Message& each : messagesIn(copy))
            QVERIFY2(each.isFinished, qPrintable(each.context + ": " + each.source));
    }
    void wordsAndNumbersFollowTheLanguage() {
        {
            const Translations words{QLocale(QLocale::Chinese, QLocale::China)};
            QCOMPARE(QCoreApplication::translate("levee::ActionRegistry", "Topology"),
                     QString("拓扑"));
            QCOMPARE(QCoreApplication::translate("SceneText", "%n service(s)", nullptr, 3),
                     QString("3 个服务"));
        }
        const Translations words{QLocale(QLocale::English)};
        QCOMPARE(QCoreApplication::translate("levee::ActionRegistry", "Topology"),
                 QString("Topology"));
        QCOMPARE(QCoreApplication::translate("SceneText", "%n service(s)", nullptr, 1),
                 QString("1 service"));
    }
};

LEVEE_TEST(TranslationsTest)
#include "translations_test.moc"
