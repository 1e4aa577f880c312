// SPDX-License-Identifier: Apache-2.0
#include "shared/base/suggestion.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class SuggestionTest : public QObject {
    Q_OBJECT
private slots:
    void aTypingErrorFindsItsWord() {
        const std::vector<std::string> keys{"limit", "limiter", "breaker", "key"};
        QCOMPARE(nearestWord("keey", keys), std::string("key"));
        QCOMPARE(nearestWord("braeker", keys), std::string("breaker"));
        QCOMPARE(nearestWord("limitter", keys), std::string("limiter"));
    }
    void aForeignWordFindsNothing() {
        QCOMPARE(nearestWord("zebra", {"limit", "breaker"}), std::string());
        QCOMPARE(nearestWord(std::string(100'000, 'x'), {"limit"}), std::string());
    }
};

LEVEE_TEST(SuggestionTest)
#include "suggestion_test.moc"
