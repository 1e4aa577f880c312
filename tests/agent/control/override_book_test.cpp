// SPDX-License-Identifier: Apache-2.0
#include "agent/control/override_book.h"

#include <QTemporaryDir>
#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

/// The three clocks, each moved by itself.
class Clocks final : public TimeSource {
public:
    MonotonicTime monotonic() const override { return MonotonicTime(1h) + passed; }
    WallTime wall() const override { return fromUnixMillis(1'760'000'000'000) + passed + jumped; }
    BootTime boot() const {
        return {bootId,
                std::chrono::duration_cast<std::chrono::milliseconds>(passed).count() + 7'000'000};
    }
    Duration passed{};
    Duration jumped{};  ///< of the wall clock alone
    std::string bootId = "one";
};

GuardState edge() {
    GuardState guard;
    guard.subject = "checkout->payment";
    guard.rule = "strict";
    guard.hasBreaker = true;
    return guard;
}

GuardState service() {
    GuardState guard;
    guard.subject = "payment";
    guard.rule = "default";
    guard.hasLimit = true;
    guard.limit = 41;
    return guard;
}

OverrideRequest open(Duration ttl = {}) {
    OverrideRequest request;
    request.subject = "checkout->payment";
    request.ttl = ttl;
    request.author = "ana";
    request.reason = "INC-42";
    return request;
}

OverrideRequest limit(std::uint32_t number, double factor) {
    OverrideRequest request = open();
    request.subject = "payment";
    request.kind = OverrideKind::Limit;
    request.limit = number;
    request.factor = factor;
    return request;
}

OverrideRequest shed(const std::string& className) {
    OverrideRequest request = open();
    request.subject = "payment";
    request.kind = OverrideKind::Shed;
    request.className = className;
    return request;
}

/// What an automation asks for.
OverrideRequest byAutomation(OverrideRequest request) {
    request.author = "automation:full";
    request.byAutomation = true;
    return request;
}

}  // namespace

class OverrideBookTest : public QObject {
    Q_OBJECT
    Clocks clocks_;
    std::unique_ptr<QTemporaryDir> directory_;
    std::unique_ptr<RuleStore> store_;
    std::unique_ptr<OverrideBook> book_;
    std::vector<GuardState> guards_;
    std::shared_ptr<const ActiveOverrides> enforced_;
    std::vector<Event> events_;

    void restart(OverrideConfig config = {}) {
        book_.reset();
        store_.reset();
        enforced_.reset();
        events_.clear();
        store_ = *RuleStore::open(directory_->path().toStdString(), 0);
        book_ = std::make_unique<OverrideBook>(
            OverrideBook::Parts{*store_, clocks_, [this] { return clocks_.boot(); },
                                [this] { return guards_; },
                                [](const std::string& rule) {
                                    return rule == "strict" ? std::string("/r/a.yaml") : "";
                                },
                                [this](auto overrides) { enforced_ = std::move(overrides); },
                                [this](Event event) { events_.push_back(std::move(event)); }},
            config);
        QVERIFY(book_->load().isOk());
    }
    void pass(Duration time) {
        for (const Duration end = clocks_.passed + time; clocks_.passed < end;) {
            clocks_.passed = std::min(end, clocks_.passed + 5s);
            book_->onTick();
        }
    }
    std::vector<AuditAction> audited() {
        std::vector<AuditAction> actions;
        const auto entries = store_->audit(1000, 0, "");
        for (const AuditEntry& entry : *entries)
            actions.insert(actions.begin(), entry.action);
        return actions;
    }
    std::string problem(const OverrideRequest& request) {
        const auto made = book_->set(request);
        return made ? "" : made.error().message;
    }
private slots:
    void init() {
        clocks_ = {};
        guards_ = {edge(), service()};
        directory_ = std::make_unique<QTemporaryDir>();
        restart();
    }

    void itHoldsForHalfAnHourAndIsEndedByTheAgent() {
        const auto made = book_->set(open());
        QVERIFY(made.isOk());
        QCOMPARE(made->remainingSeconds, 1800.0);
        QCOMPARE(enforced_->size(), std::size_t{1});
        QCOMPARE(enforced_->at(0).until, clocks_.monotonic() + 30min);
        QCOMPARE(book_->list().at(0).rule, std::string("strict"));
        QCOMPARE(book_->list().at(0).ruleFile, std::string("/r/a.yaml"));
        QCOMPARE(events_.back().text,
                 std::string("forced open for 30m, by ana, over rule strict: INC-42"));
        pass(25min - 5s);
        QCOMPARE(events_.size(), std::size_t{1});
        pass(5s);
        QVERIFY(events_.back().text.starts_with("forced open ends in 5m"));
        pass(4min);
        QVERIFY(events_.back().text.starts_with("forced open ends in 1m"));
        QCOMPARE(events_.size(), std::size_t{3});
        pass(1min);
        QCOMPARE(events_.back().text, std::string("no longer forced open: its time was over"));
        QVERIFY(enforced_->empty());
        QVERIFY(book_->list().empty());
        QCOMPARE(audited(), (std::vector{AuditAction::OverrideSet, AuditAction::OverrideExpire}));
    }
    void everyMistakeIsToldAtOnce() {
        OverrideRequest bad = limit(5, 2);
        bad.reason = "";
        bad.ttl = 25h;
        const std::string text = problem(bad);
        QVERIFY(text.find("a reason is required") != std::string::npos);
        QVERIFY(text.find("the time is 1d1h") != std::string::npos);
        QVERIFY(text.find("either a limit") != std::string::npos);
        QVERIFY(enforced_->empty() && audited().empty());
    }
    void rangesHoldAtTheirEnds() {
        QVERIFY(book_->set(open(24h)).isOk());
        OverrideRequest again = open(24h + 1ms);
        again.replace = true;
        QVERIFY(problem(again).starts_with("the time is"));
        again.ttl = 999ms;
        QVERIFY(problem(again).starts_with("the time is"));
        again.ttl = 1s;
        QVERIFY(book_->set(again).isOk());
        QVERIFY(problem(limit(100'001, 0)).starts_with("the limit is 100001"));
        QVERIFY(problem(limit(0, 0.009)).starts_with("the factor is 0.009"));
        QVERIFY(problem(limit(0, 100.1)).starts_with("the factor is 100.1"));
        QVERIFY(book_->set(limit(100'000, 0)).isOk());
        OverrideRequest text = limit(1, 0);
        text.replace = true;
        text.reason = std::string(1001, 'x');
        QVERIFY(problem(text).starts_with("the reason has 1001 bytes"));
        text.reason.pop_back();
        QVERIFY(book_->set(text).isOk());
    }
    void aGuardMustHaveThePart() {
        OverrideRequest request = limit(5, 0);
        request.subject = "checkout->payment";
        QVERIFY(problem(request).starts_with("checkout->payment has a breaker and no limit"));
        request = open();
        request.subject = "payment";
        QVERIFY(problem(request).starts_with("payment has a limit and no breaker"));
        request.subject = "paymant";
        QCOMPARE(book_->set(request).error().kind, ErrorKind::NotFound);
        QVERIFY(problem(request).ends_with("there are: checkout->payment, payment"));
    }
    void aFactorBecomesANumber() {
        QCOMPARE(book_->set(limit(0, 0.5))->limit, std::uint32_t{21});
        guards_[1].hasLimit = false;
        guards_[1].limit = kUnknown;
        OverrideRequest request = limit(0, 0.5);
        request.replace = true;
        QVERIFY(problem(request).starts_with("payment has no limit to take 0.5 times of"));
        request = limit(7, 0);
        request.replace = true;
        QVERIFY(book_->set(request).isOk());
    }
    void aClassIsShedAndNamedWhereItIsShown() {
        guards_[1].classes = {{"gold", 1, 0}, {"normal", 1, 0}, {"batch", 1, 0}};
        const auto made = book_->set(shed("normal"));
        QVERIFY(made.isOk());
        QCOMPARE(describe(*made), std::string("refusing class normal and below"));
        QCOMPARE(enforced_->at(0).value.className, std::string("normal"));
        restart();
        QCOMPARE(enforced_->at(0).value.className, std::string("normal"));
        QCOMPARE(enforced_->at(0).value.kind, OverrideKind::Shed);
        QVERIFY(events_.back().text.starts_with("still refusing class normal and below after"));
    }
    void aClassThatCannotBeShedIsRefusedWithThoseThatCan() {
        guards_[1].classes = {{"gold", 1, 0}, {"normal", 1, 0}, {"batch", 1, 0}};
        QCOMPARE(problem(shed("batsh")),
                 std::string("payment has no class 'batsh', is batch meant?; payment can shed: "
                             "normal, batch"));
        QCOMPARE(problem(shed("gold")),
                 std::string("gold is the most important class, so nothing would be left; payment "
                             "can shed: normal, batch"));
        QVERIFY(problem(shed("")).starts_with("payment has no class ''"));
        guards_[1].classes.clear();
        QVERIFY(problem(shed("batch")).starts_with("payment has no priority classes in force"));
        OverrideRequest ofCall = shed("batch");
        ofCall.subject = "checkout->payment";
        QVERIFY(problem(ofCall).starts_with("checkout->payment has a breaker and no classes"));
        QVERIFY(enforced_->empty());
    }
    void aPersonComesBeforeAnAutomation() {
        QVERIFY(book_->set(byAutomation(open())).isOk());
        const auto taken = book_->set(open());  // without --replace
        QVERIFY(taken.isOk());
        QCOMPARE(taken->author, std::string("ana"));
        QCOMPARE(store_->overrides()->size(), std::size_t{1});
        // It is not given back, neither by asking nor with force.
        OverrideRequest again = byAutomation(open());
        QCOMPARE(book_->set(again).error().kind, ErrorKind::Conflict);
        again.replace = true;
        QCOMPARE(book_->set(again).error().kind, ErrorKind::Conflict);
        OverrideChange change{"checkout->payment", 0, {}, "automation:full", "over", true};
        QCOMPARE(book_->clear(change).error().kind, ErrorKind::Conflict);
        QCOMPARE(book_->list().at(0).author, std::string("ana"));
    }
    void anAutomationTakesNoOthersPlace() {
        QVERIFY(book_->set(byAutomation(open())).isOk());
        OverrideRequest other = byAutomation(open());
        other.author = "automation:other";
        QCOMPARE(book_->set(other).error().kind, ErrorKind::Conflict);
        OverrideChange change{"checkout->payment", 0, {}, "automation:other", "over", true};
        QCOMPARE(book_->clear(change).error().kind, ErrorKind::Conflict);
        change.author = "automation:full";
        QVERIFY(book_->clear(change).isOk());
    }
    void nobodyCallsHimselfAnAutomation() {
        OverrideRequest forged = open();
        forged.author = "automation:full";
        QVERIFY(problem(forged).find("that name is for automations") != std::string::npos);
        OverrideRequest unnamed = open();
        unnamed.byAutomation = true;
        QVERIFY(problem(unnamed).find("that name is for automations") != std::string::npos);
    }
    void whatAnAutomationHoldsIsNeitherExtendedNorWarnedOf() {
        QVERIFY(book_->set(byAutomation(open(10min))).isOk());
        const auto extended =
            book_->extend({"checkout->payment", 0, 10min, "ana", "longer", false});
        QVERIFY(extended.error().message.find("ends it by itself") != std::string::npos);
        const std::size_t before = events_.size();
        pass(10min - 5s);
        QCOMPARE(events_.size(), before);
        pass(5s);
        QCOMPARE(events_.back().text, std::string("no longer forced open: its time was over"));
    }
    void noAutomationActsOnAProtectedService() {
        restart({.protectedServices = {"payment"}});
        QVERIFY(problem(byAutomation(open())).find("no automation acts on it") !=
                std::string::npos);
    }
    void theSecondHandIsTold() {
        QVERIFY(book_->set(open()).isOk());
        const auto second = book_->set(open());
        QCOMPARE(second.error().kind, ErrorKind::Conflict);
        QVERIFY(second.error().message.find("forced open, by ana: INC-42") != std::string::npos);
        OverrideRequest close = open();
        close.kind = OverrideKind::ForceClosed;
        close.replace = true;
        QVERIFY(book_->set(close).isOk());
        QCOMPARE(enforced_->size(), std::size_t{1});
        QCOMPARE(enforced_->at(0).value.kind, OverrideKind::ForceClosed);
        QCOMPARE(store_->overrides()->size(), std::size_t{1});
        QVERIFY(store_->audit(1, 0, "")->at(0).change.find("in place of forced open") !=
                std::string::npos);
    }
    void oneMoreThanTheMostIsRefused() {
        guards_.clear();
        for (int i = 0; i <= 200; ++i) {
            guards_.push_back(edge());
            guards_.back().subject = "a->b" + std::to_string(i);
            OverrideRequest request = open();
            request.subject = guards_.back().subject;
            const auto made = book_->set(request);
            QCOMPARE(made.isOk(), i < 200);
            if (!made)
                QCOMPARE(made.error().kind, ErrorKind::Exhausted);
        }
    }
    void protectedServicesNeedASecondWord() {
        restart({.protectedServices = {"payment"}});
        QVERIFY(problem(open()).starts_with("payment is protected"));
        OverrideRequest meant = open();
        meant.evenProtected = true;
        QVERIFY(book_->set(meant).isOk());
    }
    void itIsExtendedAndCleared() {
        const auto made = book_->set(open(2min));
        pass(90s);
        OverrideChange change{"checkout->payment", made->id, 10min, "sam", "not yet"};
        const auto extended = book_->extend(change);
        QVERIFY(extended.isOk());
        QCOMPARE(extended->remainingSeconds, 600.0);
        QCOMPARE(extended->id, made->id);
        change.id = made->id + 1;
        QCOMPARE(book_->clear(change).error().kind, ErrorKind::Conflict);
        change.id = 0;
        QVERIFY(book_->clear(change).isOk());
        QVERIFY(enforced_->empty());
        QCOMPARE(book_->clear(change).error().kind, ErrorKind::NotFound);
        change.reason = "";
        QCOMPARE(book_->extend(change).error().kind, ErrorKind::Invalid);
        QCOMPARE(audited(), (std::vector{AuditAction::OverrideSet, AuditAction::OverrideExtend,
                                         AuditAction::OverrideClear}));
    }
    void whatIsLeftSurvivesARestart() {
        (void)book_->set(open());
        pass(10min);
        restart();
        QCOMPARE(enforced_->at(0).until - clocks_.monotonic(), Duration(20min));
        clocks_.passed += 19min;  // no agent runs
        restart();
        QCOMPARE(enforced_->at(0).until - clocks_.monotonic(), Duration(1min));
        clocks_.passed += 2min;
        restart();
        QVERIFY(enforced_->empty());
        QCOMPARE(audited().back(), AuditAction::OverrideExpire);
    }
    void noJumpOfTheWallClockChangesItsTime() {
        (void)book_->set(open());
        pass(10min);
        for (const Duration jump : {-24h, 24h}) {
            clocks_.jumped = jump;
            restart();
            QCOMPARE(enforced_->at(0).until - clocks_.monotonic(), Duration(20min));
        }
    }
    void overABootTheLesserCounts() {
        (void)book_->set(open());
        pass(10min);
        clocks_.bootId = "two";
        clocks_.jumped = -24h;  // a clock without a battery
        restart();
        const Duration left = enforced_->at(0).until - clocks_.monotonic();
        QVERIFY2(left <= 20min + 1s, "it outlives its expiry");
        clocks_.jumped = 5min;
        restart();
        QCOMPARE(enforced_->at(0).until - clocks_.monotonic(), Duration(15min));
    }
};

LEVEE_TEST(OverrideBookTest)
#include "override_book_test.moc"
