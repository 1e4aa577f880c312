// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/override_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QDateTime>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QShortcut>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <set>

#include "dashboard/model/cell_values.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/duration_picker.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"
#include "dashboard/widgets/hold_button.h"

namespace levee {
namespace {

/// Gives the free functions below a context for translators.
struct HoldText {
    Q_DECLARE_TR_FUNCTIONS(HoldText)
};

constexpr int kGap = 12;
constexpr int kWidth = 600;
constexpr int kLongestReason = 500;
constexpr std::int64_t kMinuteMillis = 60'000;

QString nowOf(const std::vector<const FleetGuard*>& guards) {
    QStringList parts;
    for (const FleetGuard* entry : guards) {
        const GuardState& guard = entry->guard;
        QString text = guard.hasBreaker
                           ? HoldText::tr("breaker %1, %2 let through")
                                 .arg(wordOf(guard.breaker), formatShare(guard.admitShare))
                           : HoldText::tr("limit %1, %2 in flight")
                                 .arg(formatCount(guard.limit), formatCount(guard.inFlight));
        if (guard.heldBy)
            text +=
                QStringLiteral("; ") +
                HoldText::tr("held already: %1, by %2 (%3): this takes its place")
                    .arg(plainLine(holdText(*guard.heldBy)), plainText(guard.heldBy->author, 60),
                         plainText(guard.heldBy->reason, 120));
        parts << (guards.size() > 1 ? plainText(entry->host, 40) + QStringLiteral(": ") + text
                                    : text);
        if (parts.size() == 4)
            break;
    }
    return HoldText::tr("Now: %1").arg(parts.join(QStringLiteral("\n")));
}

QLineEdit* reasonLine() {
    auto* reason = new QLineEdit;
    reason->setObjectName(QStringLiteral("reason"));
    reason->setPlaceholderText(HoldText::tr("Why the rule must not decide, INC-42"));
    reason->setAccessibleName(HoldText::tr("Reason"));
    reason->setMaxLength(kLongestReason);
    reason->setMinimumHeight(30);
    return reason;
}

}  // namespace

std::string guardInSight(const ViewContext& context) {
    const TopologyStore& store = context.store;
    const Selection& selection = context.selection.current();
    if (selection.kind == Selection::Kind::None)
        return {};
    if (!store.guardsOf(selection.subject()).empty())
        return selection.subject();
    if (selection.kind == Selection::Kind::Edge)
        return store.guardsOf(selection.server).empty() ? std::string() : selection.server;
    const FleetEdge* busiest = nullptr;
    for (const FleetEdge* edge : store.callersOf(selection.node))
        if (!store.guardsOf(edge->edge.id()).empty() &&
            (!busiest || edge->edge.traffic.requestRate > busiest->edge.traffic.requestRate))
            busiest = edge;
    return busiest ? busiest->edge.id() : std::string();
}

OverrideDialog::OverrideDialog(const ViewContext& context, const std::string& subject,
                               QWidget* parent)
    : QDialog(parent), context_(context) {
    setWindowTitle(tr("Hold a guard by hand"));
    setMinimumWidth(kWidth);
    build();
    fillGuards(subject);
    showGuard();
    // While the dialog is open the numbers of now go on.
    connect(&context.store, &TopologyStore::changed, this, &OverrideDialog::refresh);
    connect(&context.overrides, &OverrideDesk::succeeded, this, &QDialog::accept);
    connect(&context.overrides, &OverrideDesk::failed, this, [this](const QString& message) {
        answer_ = message;
        refresh();
    });
    reason_->setFocus();
}

void OverrideDialog::build() {
    ThemeController& themes = context_.themes;
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(kGap + 4, kGap + 4, kGap + 4, kGap + 4);
    rows->setSpacing(kGap);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(kGap);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    const auto name = [&](const QString& text) {
        return new ThemedLabel(themes, TextTone::Dim, text);
    };
    guards_ = new QComboBox;
    guards_->setObjectName(QStringLiteral("guard"));
    guards_->setAccessibleName(tr("Guard"));
    guards_->setMinimumHeight(30);
    hosts_ = new QComboBox;
    hosts_->setAccessibleName(tr("Hosts"));
    hosts_->setMinimumHeight(30);
    hostsName_ = name(tr("On"));
    now_ = new ThemedLabel(themes, TextTone::Dim, {}, ThemedLabel::Overflow::Wrap);
    duration_ = new DurationPicker;
    reason_ = reasonLine();
    isMeant_ = new QCheckBox(tr("Even if the agent's configuration protects the service"));
    int row = 0;
    grid->addWidget(name(tr("Guard")), row, 0);
    grid->addWidget(guards_, row++, 1);
    grid->addWidget(hostsName_, row, 0);
    grid->addWidget(hosts_, row++, 1);
    grid->addWidget(now_, row++, 1);
    addKinds(*grid, row);
    row += 4;
    grid->addWidget(name(tr("For")), row, 0);
    grid->addWidget(duration_, row++, 1);
    grid->addWidget(name(tr("Reason")), row, 0);
    grid->addWidget(reason_, row++, 1);
    grid->addWidget(isMeant_, row++, 1);
    rows->addLayout(grid);
    state_ = new ThemedLabel(themes, TextTone::Normal, {}, ThemedLabel::Overflow::Wrap);
    rows->addWidget(state_);
    rows->addStretch(1);
    auto* foot = new QHBoxLayout;
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setMinimumSize(96, 30);
    cancel->setAutoDefault(false);
    hold_ = new HoldButton(themes, tr("Hold to set"));
    hold_->setObjectName(QStringLiteral("hold"));
    hold_->setToolTip(tr("Ctrl+Enter, held down"));
    hold_->setDefault(true);
    foot->addStretch(1);
    foot->addWidget(cancel);
    foot->addWidget(hold_);
    rows->addLayout(foot);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(hold_, &HoldButton::held, this, [this] {
        answer_.clear();
        context_.overrides.set(draft());
    });
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setAutoRepeat(false);
        connect(shortcut, &QShortcut::activated, hold_, &HoldButton::holdByKey);
    }
    connect(guards_, &QComboBox::currentIndexChanged, this, &OverrideDialog::showGuard);
    connect(hosts_, &QComboBox::currentIndexChanged, this, &OverrideDialog::refresh);
    connect(duration_, &DurationPicker::changed, this, &OverrideDialog::refresh);
    connect(reason_, &QLineEdit::textChanged, this, &OverrideDialog::refresh);
}

void OverrideDialog::addKinds(QGridLayout& grid, int row) {
    open_ = new QRadioButton(tr("Force open: nothing goes through, callers get the fallback"));
    closed_ = new QRadioButton(tr("Force closed: everything goes through, whatever fails"));
    limit_ = new QRadioButton(tr("Limit: so many requests at a time"));
    factor_ = new QRadioButton(tr("Limit: so many times what it is now"));
    open_->setObjectName(QStringLiteral("open"));
    limit_->setObjectName(QStringLiteral("limit"));
    factor_->setObjectName(QStringLiteral("factor"));
    limitValue_ = new QSpinBox;
    limitValue_->setRange(1, 100'000);
    limitValue_->setAccessibleName(limit_->text());
    factorValue_ = new QDoubleSpinBox;
    factorValue_->setRange(0.01, 100);
    factorValue_->setSingleStep(0.1);
    factorValue_->setValue(0.5);
    factorValue_->setAccessibleName(factor_->text());
    QWidget* values[] = {nullptr, nullptr, limitValue_, factorValue_};
    QRadioButton* kinds[] = {open_, closed_, limit_, factor_};
    for (int i = 0; i < 4; ++i) {
        auto* line = new QHBoxLayout;
        line->addWidget(kinds[i], 1);
        kinds[i]->setMinimumHeight(24);
        if (values[i]) {
            values[i]->setMinimumSize(96, 28);
            line->addWidget(values[i]);
        }
        grid.addLayout(line, row + i, 1);
        connect(kinds[i], &QRadioButton::toggled, this, &OverrideDialog::refresh);
    }
    grid.addWidget(new ThemedLabel(context_.themes, TextTone::Dim, tr("Hold it")), row, 0);
    connect(limitValue_, &QSpinBox::valueChanged, limit_, [this] { limit_->setChecked(true); });
    connect(factorValue_, &QDoubleSpinBox::valueChanged, factor_,
            [this] { factor_->setChecked(true); });
}

void OverrideDialog::fillGuards(const std::string& subject) {
    std::set<std::string> subjects;
    for (const FleetGuard& guard : context_.store.fleet().guards)
        subjects.insert(guard.guard.subject);
    for (const std::string& each : subjects)
        guards_->addItem(readableSubject(each), toText(each));
    if (subjects.empty())
        guards_->setPlaceholderText(tr("No guard: no call passes a gateway"));
    guards_->setCurrentIndex(subject.empty() ? -1 : guards_->findData(toText(subject)));
    if (subject.empty() && !subjects.empty())
        guards_->setPlaceholderText(tr("Choose a guard"));
}

std::string OverrideDialog::subject() const {
    return guards_->currentData().toString().toStdString();
}

void OverrideDialog::showGuard() {
    const auto guards = context_.store.guardsOf(subject());
    const bool hasBreaker =
        std::ranges::any_of(guards, [](const FleetGuard* each) { return each->guard.hasBreaker; });
    const bool hasLimit =
        std::ranges::any_of(guards, [](const FleetGuard* each) { return each->guard.hasLimit; });
    for (QRadioButton* kind : {open_, closed_}) {
        kind->setEnabled(hasBreaker);
        kind->setToolTip(hasBreaker ? QString()
                                    : tr("Breakers stand on calls, such as checkout → payment."));
    }
    for (QWidget* kind :
         std::initializer_list<QWidget*>{limit_, factor_, limitValue_, factorValue_}) {
        kind->setEnabled(hasLimit);
        kind->setToolTip(hasLimit ? QString() : tr("Limits stand before services."));
    }
    if (hasLimit) {
        const double now = guards.front()->guard.limit;
        limitValue_->setValue(std::isfinite(now) ? std::max(1, static_cast<int>(now / 2)) : 10);
    }
    (hasBreaker ? open_ : limit_)->setChecked(true);
    hosts_->clear();
    if (guards.size() > 1)
        hosts_->addItem(
            tr("all %n host(s) that have it", nullptr, static_cast<int>(guards.size())));
    for (const FleetGuard* guard : guards)
        hosts_->addItem(plainText(guard->host, 60), toText(guard->host));
    hosts_->setVisible(guards.size() > 1);
    hostsName_->setVisible(guards.size() > 1);
    answer_.clear();
    refresh();
}

OverrideDraft OverrideDialog::draft() const {
    OverrideDraft made;
    made.order.subject = subject();
    made.order.kind = open_->isChecked()     ? OverrideKind::ForceOpen
                      : closed_->isChecked() ? OverrideKind::ForceClosed
                                             : OverrideKind::Limit;
    if (limit_->isChecked())
        made.order.limit = static_cast<std::uint32_t>(limitValue_->value());
    if (factor_->isChecked())
        made.order.factor = factorValue_->value();
    made.order.ttlMillis = duration_->minutes() * kMinuteMillis;
    made.order.reason = reason_->text().toStdString();
    made.order.isMeant = isMeant_->isChecked();
    const std::string one = hosts_->currentData().toString().toStdString();
    made.hosts = one.empty() ? context_.overrides.hostsOf(made.order.subject)
                             : std::vector<std::string>{one};
    return made;
}

void OverrideDialog::refresh() {
    const OverrideDraft made = draft();
    const auto guards = context_.store.guardsOf(made.order.subject);
    now_->setVisible(!guards.empty());
    if (!guards.empty())
        now_->setText(nowOf(guards));
    const QString obstacle = context_.overrides.whyNotSet(made);
    hold_->setEnabled(obstacle.isEmpty());
    if (!answer_.isEmpty()) {
        state_->setText(glyphOf(VisualState::Failing) + QLatin1Char(' ') + plainLine(answer_, 600));
        return;
    }
    const QString until = QDateTime::currentDateTime()
                              .addSecs(60 * duration_->minutes())
                              .toString(QStringLiteral("HH:mm"));
    state_->setText(obstacle.isEmpty()
                        ? tr("The agent ends it at %1 by itself, also when this window is closed; "
                             "then the rule decides again.")
                              .arg(until)
                        : obstacle);
}

ExtendDialog::ExtendDialog(const ViewContext& context, HeldOverride held, QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(tr("More time"));
    setMinimumWidth(kWidth - 80);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(kGap + 4, kGap + 4, kGap + 4, kGap + 4);
    rows->setSpacing(kGap);
    rows->addWidget(new ThemedLabel(
        context.themes, TextTone::Normal,
        tr("%1 is %2. From now on for:")
            .arg(readableSubject(held.value.subject), plainLine(holdText(held.value))),
        ThemedLabel::Overflow::Wrap));
    auto* duration = new DurationPicker;
    auto* reason = reasonLine();
    reason->setText(plainText(held.value.reason, kLongestReason));
    auto* state = new ThemedLabel(context.themes, TextTone::Dim, {}, ThemedLabel::Overflow::Wrap);
    auto* extend = new QPushButton(tr("Extend"));
    extend->setMinimumSize(96, 30);
    extend->setDefault(true);
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setMinimumSize(96, 30);
    auto* foot = new QHBoxLayout;
    foot->addStretch(1);
    foot->addWidget(cancel);
    foot->addWidget(extend);
    rows->addWidget(duration);
    rows->addWidget(reason);
    rows->addWidget(state);
    rows->addLayout(foot);
    OverrideDesk& desk = context.overrides;
    const auto refresh = [=, &desk] {
        const QString obstacle = desk.whyNotExtend(duration->minutes(), reason->text());
        extend->setEnabled(obstacle.isEmpty());
        state->setText(obstacle);
    };
    refresh();
    connect(duration, &DurationPicker::changed, this, refresh);
    connect(reason, &QLineEdit::textChanged, this, refresh);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(extend, &QPushButton::clicked, this, [=, &desk, held = std::move(held)] {
        desk.extend(held, duration->minutes(), reason->text());
    });
    connect(&desk, &OverrideDesk::succeeded, this, &QDialog::accept);
    connect(&desk, &OverrideDesk::failed, this, [state](const QString& message) {
        state->setText(glyphOf(VisualState::Failing) + QLatin1Char(' ') + plainLine(message, 600));
    });
    extend->setFocus();
}

}  // namespace levee
