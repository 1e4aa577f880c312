// SPDX-License-Identifier: Apache-2.0
#include "rules/lang/schema.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>

#include "rules/lang/automation_fields.h"
#include "rules/lang/rule_parser.h"
#include "tests/rules/lang/corpus.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

ParsedRules parseField(const Field& field, const std::string& value) {
    const bool isEdge =
        field.section != "limiter" && field.section != "priority" && field.section != "agentLoss";
    std::string spec = std::string(field.name) + ": " + value;
    // What other fields must be for this one to be legal at its limits.
    if (field.section == "limiter" && field.name == "limit")
        spec += ", kind: fixed";
    if (field.section == "rate" && field.name == "limit")
        spec += ", window: 1h";
    if (field.name == "then")
        spec += ", ceiling: 1";
    if (field.name == "ceiling")
        spec += ", then: ceiling";
    if (field.name == "kind")
        spec += ", limit: 3";
    if (field.name == "openFor")
        spec += ", maxOpenFor: 1h";
    if (field.name == "maxOpenFor")
        spec += ", openFor: 100ms";
    if (field.name == "ejectFor")
        spec += ", maxEjectFor: 1h";
    if (field.name == "maxEjectFor")
        spec += ", ejectFor: 100ms";
    if (field.name == "min")
        spec += ", max: 100000";
    if (!field.section.empty())
        spec = std::string(field.section) + ": {" + spec + "}";
    return parseRules("{apiVersion: levee/v1, kind: Guard, metadata: {name: r}, spec: {match: {" +
                          std::string(isEdge ? "client: c, " : "") + "service: s}, " + spec + "}}",
                      "f");
}

bool isTaken(const Field& field, const std::string& value) {
    return !hasErrors(parseField(field, value).diagnostics);
}

/// A number of the field's kind as text.
std::string number(const Field& field, double value) {
    if (field.type == FieldType::TimeSpan)
        return formatValue(field, fromSeconds(value));
    if (field.type == FieldType::Share || field.type == FieldType::Rate)
        return formatValue(field, value);
    return std::to_string(static_cast<long long>(value));
}

}  // namespace

class SchemaTest : public QObject {
    Q_OBJECT
private slots:
    void everyDefaultLiesInItsRange() {
        for (const Field& field : guardFields()) {
            // There is no sensible default for a fixed limit.
            if (field.name == "limit" || field.name == "ceiling")
                continue;
            const FieldValue value = field.get(GuardSettings{});
            if (field.type == FieldType::Text)
                continue;
            QVERIFY2(isTaken(field, formatValue(field, value)), field.path().c_str());
        }
    }
    void everyRangeIsTakenAtItsEndsAndRefusedBeyond() {
        for (const Field& field : guardFields()) {
            const bool isTime = field.type == FieldType::TimeSpan;
            if (field.type != FieldType::Integer && !isTime && field.type != FieldType::Share &&
                field.type != FieldType::Rate)
                continue;
            const double step = isTime ? 1e-3 : field.type == FieldType::Share ? 1e-3 : 1;
            const std::string path = field.path();
            QVERIFY2(isTaken(field, number(field, field.maximum)), path.c_str());
            QVERIFY2(field.aboveMinimum != isTaken(field, number(field, field.minimum)),
                     path.c_str());
            if (field.type == FieldType::Share)
                continue;  // beyond 0% to 100% is no share at all
            QVERIFY2(!isTaken(field, number(field, field.maximum + step)), path.c_str());
            const double below =
                field.type == FieldType::Rate ? field.minimum / 2 : field.minimum - step;
            QVERIFY2(!isTaken(field, number(field, below)), path.c_str());
        }
    }
    void whatIsSetIsWhatIsGot() {
        for (const Field& field : guardFields()) {
            GuardSettings settings;
            const FieldValue before = field.get(settings);
            field.set(settings, before);
            QVERIFY2(settings == GuardSettings{}, field.path().c_str());
        }
    }
    void everyWordIsTaken() {
        for (const Field& field : guardFields()) {
            for (const std::string_view word : field.words) {
                const ParsedRules parsed = parseField(field, std::string(word));
                QVERIFY2(!hasErrors(parsed.diagnostics), format(parsed.diagnostics).c_str());
                QCOMPARE(formatValue(field, field.get(parsed.rules.rules.at(0).settings)),
                         std::string(word));
            }
        }
    }
    void everyFieldIsDocumented() {
        QSet<QString> paths;
        for (const Field& field : guardFields()) {
            QVERIFY2(field.doc.ends_with('.'), field.path().c_str());
            QVERIFY(!paths.contains(QString::fromStdString(field.path())));
            paths.insert(QString::fromStdString(field.path()));
        }
    }
    void theJsonSchemaIsJsonAndNamesEveryField() {
        QJsonParseError error;
        const QJsonDocument document =
            QJsonDocument::fromJson(QByteArray::fromStdString(jsonSchema()), &error);
        QCOMPARE(error.error, QJsonParseError::NoError);
        const auto specOf = [&](int kind) {
            return document["oneOf"][kind]["properties"]["spec"]["properties"].toObject();
        };
        const QJsonObject spec = specOf(0);
        for (const Field& field : guardFields()) {
            const QString name = QString::fromUtf8(field.name.data(), int(field.name.size()));
            const QString section =
                QString::fromUtf8(field.section.data(), int(field.section.size()));
            const QJsonObject fields =
                section.isEmpty() ? spec : spec[section].toObject()["properties"].toObject();
            QVERIFY2(fields.contains(name), field.path().c_str());
        }
        const auto text = [](std::string_view word) {
            return QString::fromUtf8(word.data(), qsizetype(word.size()));
        };
        for (const auto& field : automationFields())
            QVERIFY(specOf(1).contains(text(field.shape.name)));
        const QJsonValue list = specOf(1).value("do");
        const QJsonObject forms = list["items"]["properties"].toObject();
        for (const ActionForm& form : actionForms()) {
            for (const auto& field : form.fields)
                QVERIFY(forms.value(text(form.word))["properties"].toObject().contains(
                    text(field.shape.name)));
        }
    }
    void everyActionFormIsWhereItsKindIs() {
        for (const ActionForm& form : actionForms()) {
            QCOMPARE(&formOf(form.kind), &form);
            AutomationAction action;
            action.kind = form.kind;
            for (const auto& field : form.fields) {
                QVERIFY(field.shape.doc.ends_with('.'));
                const FieldValue before = field.get(action);
                field.set(action, before);
            }
            AutomationAction expected;
            expected.kind = form.kind;
            QVERIFY(action == expected);
        }
        for (const auto& field : automationFields()) {
            Automation automation;
            field.set(automation, field.get(automation));
            QVERIFY(actsTheSame(automation, Automation{}));
            QVERIFY(field.shape.doc.ends_with('.'));
        }
    }
    void everyExampleOfAnActionIsRight() {
        for (const ActionForm& form : actionForms()) {
            const ParsedRules parsed = parseRules(
                "{apiVersion: levee/v1, kind: Automation, metadata: {name: r}, spec: {when: up == "
                "0, do: [{" +
                    std::string(form.example) + "}]}}",
                "f");
            QCOMPARE(format(parsed.diagnostics), std::string());
            QCOMPARE(formatAction(parsed.rules.automations.at(0).actions.at(0)),
                     std::string(form.example));
        }
    }
    void theJsonSchemaIsTheGolden() {
        QCOMPARE(QString::fromStdString(jsonSchema()),
                 QString::fromStdString(test::golden("rules/schema.expected.json", jsonSchema())));
    }
    void theReferencePageIsTheGolden() {
        QCOMPARE(
            QString::fromStdString(referencePage()),
            QString::fromStdString(test::golden("rules/reference.expected.md", referencePage())));
    }
};

LEVEE_TEST(SchemaTest)
#include "schema_test.moc"
