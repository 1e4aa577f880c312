// SPDX-License-Identifier: Apache-2.0
#include "dashboard/views/cell_delegate.h"

#include <QStandardItemModel>
#include <QTest>

#include "dashboard/model/roles.h"
#include "shared/model/event.h"
#include "shared/model/topology.h"
#include "tests/support/test_registry.h"

using namespace levee;

class CellDelegateTest : public QObject {
    Q_OBJECT
private slots:
    void valuesGetTheirUnits_data() {
        QTest::addColumn<QVariant>("value");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const QVariant& value, ValueKind kind,
                            const char* text) {
            QTest::newRow(name) << value << static_cast<int>(kind) << QString::fromUtf8(text);
        };
        row("rate", 388.0, ValueKind::Rate, "388/s");
        row("latency", 0.084, ValueKind::Seconds, "84 ms");
        row("share", 0.221, ValueKind::Share, "22.1 %");
        row("unknown", kUnknown, ValueKind::Seconds, "-");
        row("zero is measured", 0.0, ValueKind::Share, "0 %");
        row("subject", QString("a->b"), ValueKind::Subject, "a → b");
        row("severity", static_cast<int>(EventSeverity::Critical), ValueKind::Severity, "critical");
        row("more", 3, ValueKind::Missing, "3 more");
        row("fewer", -2, ValueKind::Missing, "2 fewer");
        row("enough", 0, ValueKind::Missing, "enough");
        row("markup", QString("<b>x</b>"), ValueKind::Text, "<b>x</b>");
    }
    void valuesGetTheirUnits() {
        QFETCH(QVariant, value);
        QFETCH(int, kind);
        QFETCH(QString, text);
        QStandardItemModel model(1, 1);
        model.setData(model.index(0, 0), value, Qt::DisplayRole);
        model.setData(model.index(0, 0), kind, ValueKindRole);
        QCOMPARE(CellDelegate::textOf(model.index(0, 0)), text);
    }
};

LEVEE_TEST(CellDelegateTest)
#include "cell_delegate_test.moc"
