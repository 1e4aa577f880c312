// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/when_seen.h"

#include <QStackedWidget>
#include <QTest>

#include "dashboard/model/keyed_table_model.h"
#include "dashboard/views/data_table.h"
#include "dashboard/widgets/theme.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

/// Counts how often it was asked to catch up with what there is.
class Numbers final : public KeyedTableModel<int> {
public:
    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : 1;
    }
    void setCount(int count) {
        count_ = count;
        onNews();
    }
    int reloads = 0;

protected:
    void reload() override {
        ++reloads;
        std::vector<int> rows;
        for (int i = 0; i < count_; ++i)
            rows.push_back(i);
        setRows(std::move(rows));
    }
    bool isBefore(const int& a, const int& b) const override { return a < b; }
    bool isUnchanged(const int&, const int&) const override { return true; }
    QVariant cell(const int& row, int, int role) const override {
        return role == Qt::DisplayRole ? QVariant(row) : QVariant();
    }

private:
    int count_ = 0;
};

}  // namespace

class WhenSeenTest : public QObject {
    Q_OBJECT
private slots:
    void aPageBehindAnotherWaitsAndCatchesUpOnce() {
        QStackedWidget stack;
        auto* front = new QWidget;
        auto* back = new QWidget;
        int refreshes = 0;
        auto* seen = new WhenSeen(*back, [&] { ++refreshes; });
        stack.addWidget(front);
        stack.addWidget(back);
        stack.show();
        for (int i = 0; i < 5; ++i)
            seen->request();
        QCOMPARE(refreshes, 0);
        QVERIFY(seen->isBehind());
        stack.setCurrentWidget(back);
        QCOMPARE(refreshes, 1);
        QVERIFY(!seen->isBehind());
        seen->request();
        QCOMPARE(refreshes, 2);
        // Nothing is missed, nothing is done.
        stack.setCurrentWidget(front);
        stack.setCurrentWidget(back);
        QCOMPARE(refreshes, 2);
    }
    void aMinimisedWindowWaits() {
        QWidget window;
        auto* view = new QWidget(&window);
        int refreshes = 0;
        auto* seen = new WhenSeen(*view, [&] { ++refreshes; });
        window.show();
        seen->request();
        QCOMPARE(refreshes, 1);
        window.showMinimized();
        seen->request();
        seen->request();
        QCOMPARE(refreshes, 1);
        window.showNormal();
        QTRY_COMPARE(refreshes, 2);
    }
    void aTableThatNobodySeesReadsNothing() {
        ThemeController themes(ThemeChoice::Dark);
        Numbers numbers;
        QStackedWidget stack;
        stack.addWidget(new QWidget);
        auto* table = new DataTable(themes, numbers, {{0, -1}});
        stack.addWidget(table);
        stack.show();
        numbers.setCount(3);
        numbers.setCount(5);
        QCOMPARE(numbers.reloads, 0);
        stack.setCurrentWidget(table);
        QCOMPARE(numbers.reloads, 1);
        QCOMPARE(table->model()->rowCount(), 5);
        numbers.setCount(6);
        QCOMPARE(table->model()->rowCount(), 6);
    }
};

LEVEE_TEST(WhenSeenTest)
#include "when_seen_test.moc"
