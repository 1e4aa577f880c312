// SPDX-License-Identifier: Apache-2.0
#include "agent/control/automation_book.h"

#include <QTemporaryDir>
#include <QTest>

#include "rules/lang/rule_parser.h"
#include "tests/support/manual_time_source.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;

namespace {

const std::string kDo =
    "[{limit: {service: payment, factor: 50%}}, {open: {client: checkout, service: payment}}, "
    "{notify: {webhook: \"http://h/hook\"}}]";

std::string automation(const std::string& name, const std::string& spec,
                       const std::string& actions = kDo) {
    return "---\n{apiVersion: levee/v1, kind: Automation, metadata: {name: " + name +
           "}, spec: {when: lag > 5, for: 10s, atMost: 10m, cooldown: 1m" + spec +
           (actions.empty() ? "" : ", do: " + actions) + "}}\n";
}

}  // namespace

class AutomationBookTest : public QObject {
    Q_OBJECT
    test::ManualTimeSource time_;
    std::unique_ptr<QTemporaryDir> directory_;
    std::unique_ptr<RuleStore> store_;
    std::unique_ptr<OverrideBook> overrides_;
    std::unique_ptr<AutomationBook> book_;
    std::vector<GuardState> guards_;
    std::vector<Event> events_;
    std::vector<AutomationNotice> notices_;
    ConditionReading reading_;
    std::int64_t revision_ = 0;
    int reads_ = 0;

    void see(ConditionState state, double value = kUnknown) {
        reading_ = {};
        reading_.state = state;
        reading_.value = value;
        reading_.elements = state == ConditionState::True ? 1 : 0;
        reading_.labels = {{"instance", "a"}};
        if (state == ConditionState::Absent)
            reading_.detail = "no data of lag";
    }
    void setRules(const std::string& text) {
        ParsedRules parsed = parseRules(text, "r.yaml");
        if (hasErrors(parsed.diagnostics))
            qFatal("%s", format(parsed.diagnostics).c_str());
        book_->setRules(std::make_shared<const ActiveRules>(
            ActiveRules{++revision_, std::move(parsed.rules), {}}));
    }
    /// The agent starts, with what lies on the disk.
    void restart(const std::string& rules, OverrideConfig config = {}) {
        book_.reset();
        overrides_.reset();
        store_.reset();
        events_.clear();
        notices_.clear();
        store_ = *RuleStore::open(directory_->path().toStdString(), 0);
        overrides_ = std::make_unique<OverrideBook>(
            OverrideBook::Parts{*store_, time_,
                                [this] {
                                    return BootTime{"boot", toUnixMillis(time_.wall())};
                                },
                                [this] { return guards_; },
                                [](const std::string&) { return std::string(); }, [](auto) {},
                                [](Event) {}},
            config);
        QVERIFY(overrides_->load().isOk());
        book_ = std::make_unique<AutomationBook>(AutomationBook::Parts{
            *overrides_, time_,
            [this](const promql::Expression&) {
                ++reads_;
                return reading_;
            },
            [this](AutomationNotice notice) { notices_.push_back(std::move(notice)); },
            [this](Event event) { events_.push_back(std::move(event)); }});
        setRules(rules);
        book_->look();
    }
    void pass(Duration time) {
        for (Duration passed{}; passed < time; passed += 1s) {
            time_.advance(1s);
            overrides_->onTick();
            book_->look();
        }
    }
    /// "checkout->payment forced open", by subject.
    QStringList held() const {
        QStringList list;
        for (const Override& each : overrides_->list())
            list << QString::fromStdString(each.subject + " " + describe(each));
        return list;
    }
    OverrideRequest byPerson(const std::string& subject) {
        OverrideRequest request;
        request.subject = subject;
        request.kind = OverrideKind::Limit;
        request.limit = 7;
        request.author = "ana";
        request.reason = "INC-42";
        request.ttl = 1h;
        return request;
    }
    AutomationState state(std::size_t index = 0) const { return book_->states().at(index); }

private slots:
    void init() {
        guards_.resize(3);
        guards_[0].subject = "checkout->payment";
        guards_[0].hasBreaker = true;
        guards_[1].subject = "payment";
        guards_[1].hasLimit = true;
        guards_[1].limit = 40;
        guards_[2].subject = "web";
        guards_[2].hasLimit = true;
        guards_[2].limit = 10;
        guards_[2].classes = {{"gold", 1, 0}, {"batch", 1, 0}};
        directory_ = std::make_unique<QTemporaryDir>();
        see(ConditionState::False, 3);
        restart(automation("full", ""));
    }

    void itHoldsWhileTheConditionHoldsAndTellsOfIt() {
        see(ConditionState::True, 7);
        pass(10s);
        QCOMPARE(held(), QStringList());
        QCOMPARE(state().phase, AutomationPhase::Pending);
        pass(1s);
        QCOMPARE(held(), (QStringList{"checkout->payment forced open",
                                      "payment limit 20 (0.5 times what it was)"}));
        const Override first = overrides_->list().at(0);
        QCOMPARE(first.author, std::string("automation:full"));
        QCOMPARE(first.reason, std::string("lag > 5: 7 {instance=\"a\"}"));
        QCOMPARE(first.remainingSeconds, 600.0);
        QCOMPARE(events_.size(), std::size_t{1});
        QCOMPARE(events_[0].text,
                 std::string("fired: lag > 5: 7 {instance=\"a\"} (held for 10s); for at most 10m: "
                             "limit payment, open checkout->payment, notify http://h/hook"));
        QCOMPARE(events_[0].detail, std::string("value=7 threshold=> 5 elements=1"));
        QCOMPARE(events_[0].counterfactual,
                 std::string("would not have fired at a threshold above 7"));
        QCOMPARE(events_[0].kind, EventKind::Automation);
        QCOMPARE(events_[0].rule, std::string("full"));
        QCOMPARE(events_[0].revision, revision_);
        QCOMPARE(notices_.size(), std::size_t{1});
        QVERIFY(notices_[0].isFiring);
        QCOMPARE(notices_[0].labels.at("instance"), std::string("a"));
        QCOMPARE(notices_[0].webhook, std::string("http://h/hook"));
        QCOMPARE(state().effects.size(), std::size_t{3});
        QVERIFY(state().effects[0].isInForce && state().effects[1].isInForce);
        see(ConditionState::False, 4);
        pass(9s);
        QCOMPARE(held().size(), 2);
        pass(1s);
        QCOMPARE(held(), QStringList());
        QCOMPARE(events_.back().text,
                 std::string("ended after 10s: the condition has not held for 10s: 4 "
                             "{instance=\"a\"}"));
        QCOMPARE(notices_.size(), std::size_t{2});
        QVERIFY(!notices_[1].isFiring);
        const auto audit = store_->audit(1, 0, "");
        QCOMPARE(audit->at(0).author, std::string("automation:full"));
        QCOMPARE(audit->at(0).action, AuditAction::OverrideClear);
        QVERIFY(audit->at(0).reason.starts_with("the condition has not held"));
        QCOMPARE(book_->counters().firings, std::uint64_t{1});
    }
    void itsTimeIsUp() {
        see(ConditionState::True, 7);
        pass(11s);
        pass(10min - 1s);
        QCOMPARE(held().size(), 2);
        pass(1s);
        QCOMPARE(held(), QStringList());
        QVERIFY(
            events_.back().text.starts_with("ended after 10m: its time was up, and the "
                                            "condition still holds"));
        QCOMPARE(state().phase, AutomationPhase::Cooldown);
        pass(1min + 10s);
        QCOMPARE(held().size(), 2);  // again
    }
    void inShadowItDoesNothingAndSaysWhatItWouldHave() {
        setRules(automation("full", ", mode: shadow"));
        see(ConditionState::True, 7);
        pass(12s);
        QCOMPARE(state().phase, AutomationPhase::Firing);
        QCOMPARE(held(), QStringList());
        QVERIFY(notices_.empty());
        QVERIFY(events_.back().text.starts_with("in shadow: would have fired: lag > 5: 7"));
        QCOMPARE(book_->counters().shadowFirings, std::uint64_t{1});
        QCOMPARE(book_->counters().firings, std::uint64_t{0});
        see(ConditionState::False);
        pass(10s);
        QVERIFY(events_.back().text.starts_with("in shadow: would have ended"));
        QVERIFY(notices_.empty());
    }
    void withoutActionsItOnlyWatches() {
        setRules(automation("full", "", ""));
        see(ConditionState::True, 7);
        pass(12s);
        QCOMPARE(state().phase, AutomationPhase::Firing);
        QCOMPARE(held(), QStringList());
        QVERIFY(notices_.empty());
        QVERIFY2(events_.back().text.starts_with("fired: lag > 5: 7") &&
                     events_.back().text.ends_with(": it only watches"),
                 events_.back().text.c_str());
        QCOMPARE(events_.back().severity, EventSeverity::Warning);
        see(ConditionState::False);
        pass(10s);
        QVERIFY2(events_.back().text.starts_with("ended"), events_.back().text.c_str());
        QCOMPARE(state().phase, AutomationPhase::Cooldown);
    }
    void offItDoesNotEvenLook() {
        setRules(automation("full", ", mode: \"off\""));
        book_->look();
        reads_ = 0;
        see(ConditionState::True, 7);
        pass(1min);
        QCOMPARE(reads_, 0);
        QCOMPARE(state().phase, AutomationPhase::Idle);
    }
    void withoutDataItDoesNotFireAndSaysSo() {
        see(ConditionState::Absent);
        pass(1min);
        QCOMPARE(state().condition, ConditionState::Absent);
        QCOMPARE(state().detail, std::string("no data of lag"));
        QCOMPARE(state().phase, AutomationPhase::Idle);
        QCOMPARE(book_->counters().readAbsent, std::uint64_t{60});
    }
    void whatAPersonHoldsIsLeftAloneAndTakenAfterwards() {
        QVERIFY(overrides_->set(byPerson("payment")).isOk());
        see(ConditionState::True, 7);
        pass(11s);
        QCOMPARE(held(), (QStringList{"checkout->payment forced open", "payment limit 7"}));
        QVERIFY(!state().effects[0].isInForce);
        QVERIFY(state().effects[0].detail.find("held already: limit 7, by ana") !=
                std::string::npos);
        QVERIFY(events_[1].text.starts_with("cannot limit payment yet: "));
        pass(5s);
        QCOMPARE(events_.size(), std::size_t{2});  // told once
        QCOMPARE(book_->counters().refusals, std::uint64_t{1});
        QVERIFY(overrides_->clear({"payment", 0, {}, "ana", "", false}).isOk());
        pass(1s);
        QCOMPARE(held()[1], QString("payment limit 20 (0.5 times what it was)"));
        QVERIFY(state().effects[0].isInForce);
        const Override taken = overrides_->list().at(1);
        QCOMPARE(taken.remainingSeconds, 594.0);  // no longer than the firing
        see(ConditionState::False);
        pass(10s);
        QCOMPARE(held(), QStringList());
    }
    void whatAPersonTakesOverIsThePersons() {
        see(ConditionState::True, 7);
        pass(11s);
        QVERIFY(overrides_->set(byPerson("payment")).isOk());
        pass(5s);
        QCOMPARE(held()[1], QString("payment limit 7"));
        QCOMPARE(state().effects[0].detail, std::string("taken over by ana"));
        see(ConditionState::False);
        pass(10s);
        QCOMPARE(held(), QStringList{"payment limit 7"});  // not ended with the rest
    }
    void whatAPersonClearsStaysClearedForThisFiring() {
        see(ConditionState::True, 7);
        pass(11s);
        QVERIFY(overrides_->clear({"payment", 0, {}, "ana", "no", false}).isOk());
        pass(1min);
        QCOMPARE(held(), QStringList{"checkout->payment forced open"});
        QCOMPARE(state().effects[0].detail, std::string("cleared by hand"));
        see(ConditionState::False);
        pass(10s + 1min);
        see(ConditionState::True, 7);
        pass(12s);
        QCOMPARE(held().size(), 2);
    }
    void theFirstOfTwoAutomationsHolds() {
        setRules(automation("first", "") + automation("second", "",
                                                      "[{limit: {service: payment, "
                                                      "fixed: 3}}]"));
        see(ConditionState::True, 7);
        pass(12s);
        QCOMPARE(held()[1], QString("payment limit 20 (0.5 times what it was)"));
        QVERIFY(state(1).effects[0].detail.find("by automation:first") != std::string::npos);
        setRules(automation("second", "", "[{limit: {service: payment, fixed: 3}}]"));
        pass(2s);
        QCOMPARE(held(), QStringList{"payment limit 3"});
    }
    void whatItHoldsEndsWithItsRule_data() {
        QTest::addColumn<QString>("rules");
        QTest::addColumn<QString>("why");
        QTest::newRow("gone") << ""
                              << "its rule was taken back";
        QTest::newRow("shadow") << QString::fromStdString(automation("full", ", mode: shadow"))
                                << "its rule is in mode shadow now";
        QTest::newRow("off") << QString::fromStdString(automation("full", ", mode: \"off\""))
                             << "its rule is in mode off now";
        QTest::newRow("another") << QString::fromStdString(automation(
                                        "full", "", "[{limit: {service: payment, fixed: 3}}]"))
                                 << "its rule has changed";
    }
    void whatItHoldsEndsWithItsRule() {
        QFETCH(QString, rules);
        QFETCH(QString, why);
        see(ConditionState::True, 7);
        pass(11s);
        QCOMPARE(held().size(), 2);
        see(ConditionState::False);
        setRules(rules.toStdString());
        book_->look();
        QCOMPARE(held(), QStringList());
        QCOMPARE(events_.back().text, "ended after 0s: " + why.toStdString());
        QVERIFY(!notices_.back().isFiring);
    }
    void aRuleThatMeansTheSameGoesOn() {
        see(ConditionState::True, 7);
        pass(11s);
        const std::int64_t id = overrides_->list().at(0).id;
        setRules("\n\n" + automation("other", "") + automation("full", ", mode: enforce"));
        pass(1s);
        QCOMPARE(overrides_->list().at(0).id, id);
        QCOMPARE(state(1).phase, AutomationPhase::Firing);
    }
    void afterARestartItIsTakenUpAndNotDoubled() {
        see(ConditionState::True, 7);
        pass(11s + 2min);
        const std::vector<Override> before = overrides_->list();
        see(ConditionState::Absent);  // nothing is scraped yet
        restart(automation("full", ""));
        QCOMPARE(state().phase, AutomationPhase::Firing);
        pass(5s);
        const std::vector<Override> after = overrides_->list();
        QCOMPARE(after.size(), std::size_t{2});
        QCOMPARE(after[0].id, before[0].id);
        QCOMPARE(after[1].id, before[1].id);
        QVERIFY(notices_.empty());  // told already
        QVERIFY(state().effects[0].isInForce && state().effects[1].isInForce);
        see(ConditionState::True, 7);
        pass(7min + 54s);
        QCOMPARE(held().size(), 2);
        pass(1s);  // ten minutes in all
        QCOMPARE(held(), QStringList());
        QVERIFY(!notices_.back().isFiring);
    }
    void afterARestartItEndsWhenTheConditionDoes() {
        see(ConditionState::True, 7);
        pass(11s);
        see(ConditionState::False, 3);
        restart(automation("full", ""));
        pass(10s);
        QCOMPARE(held(), QStringList());
    }
    void afterARestartItEndsWithItsRule_data() {
        QTest::addColumn<QString>("rules");
        QTest::newRow("gone") << "";
        QTest::newRow("shadow") << QString::fromStdString(automation("full", ", mode: shadow"));
        QTest::newRow("another") << QString::fromStdString(
            automation("full", "", "[{notify: {webhook: \"http://h\"}}]"));
    }
    void afterARestartItEndsWithItsRule() {
        QFETCH(QString, rules);
        see(ConditionState::True, 7);
        pass(11s);
        QVERIFY(overrides_->set(byPerson("web")).isOk());
        restart(rules.toStdString());
        book_->look();
        QCOMPARE(held(), QStringList{"web limit 7"});  // not the person's
        QVERIFY(store_->audit(1, 0, "")->at(0).reason.starts_with("no rule asks for it"));
    }
    void aClassIsShed() {
        setRules(automation("full", "", "[{shed: {service: web, class: batch}}]"));
        see(ConditionState::True, 7);
        pass(12s);
        QCOMPARE(held(), QStringList{"web refusing class batch and below"});
        restart(automation("full", "", "[{shed: {service: web, class: batch}}]"));
        book_->look();
        QCOMPARE(held(), QStringList{"web refusing class batch and below"});
    }
    void theGuardRailsOfOverridesHold() {
        restart(automation("full", ""), {.maxTtl = 1min, .protectedServices = {}});
        see(ConditionState::True, 7);
        pass(11s);
        QCOMPARE(overrides_->list().at(0).remainingSeconds, 60.0);
        pass(1min + 1s);
        QCOMPARE(held(), QStringList());
        QCOMPARE(state().phase, AutomationPhase::Firing);
        QCOMPARE(state().effects[0].detail, std::string("its time was over"));
        see(ConditionState::False);
        pass(2min);
        restart(automation("full", ""), {.protectedServices = {"payment"}});
        see(ConditionState::True, 7);
        pass(12s);
        QCOMPARE(held(), QStringList());
        QVERIFY(state().effects[0].detail.find("no automation acts on it") != std::string::npos);
    }
    void aGuardThatIsNotHereIsToldOnceAndTriedAgain() {
        guards_.erase(guards_.begin());
        see(ConditionState::True, 7);
        pass(15s);
        QCOMPARE(held(), QStringList{"payment limit 20 (0.5 times what it was)"});
        QCOMPARE(events_.size(), std::size_t{2});
        QVERIFY(events_[1].text.starts_with("cannot open checkout->payment yet: no guard here"));
        guards_.emplace_back();
        guards_.back().subject = "checkout->payment";
        guards_.back().hasBreaker = true;
        pass(1s);
        QCOMPARE(held().size(), 2);
    }
    void aLongConditionIsShortenedWhereItIsAReason() {
        const std::string label(300, 'x');
        const std::string condition =
            "lag{a='" + label + "', b='\xC3\xA4" + label + "\xC3\xA4', c='" + label + "'} > 5";
        setRules(
            "{apiVersion: levee/v1, kind: Automation, metadata: {name: full}, spec: {for: 0s, "
            "when: \"" +
            condition + "\", do: [{limit: {service: payment, fixed: 3}}]}}\n");
        see(ConditionState::True, 7);
        reading_.labels = {{"a", std::string(2000, 'y')}};
        pass(1s);
        QCOMPARE(held(), QStringList{"payment limit 3"});
        const std::string reason = overrides_->list().at(0).reason;
        QVERIFY(reason.size() <= kLongestReason);
        QVERIFY(reason.starts_with("lag{a='xxx"));
        QVERIFY(reason.find("...: 7 {a=\"yyy") != std::string::npos);
        QVERIFY(QString::fromStdString(reason).toStdString() == reason);  // sound UTF-8
    }
    void itRunsByItselfAndHearsOfRulesAtOnce() {
        book_->start();
        setRules(automation("other", ""));
        QTRY_COMPARE(book_->states().at(0).name, std::string("other"));
        book_->stop();
    }
};

LEVEE_TEST(AutomationBookTest)
#include "automation_book_test.moc"
