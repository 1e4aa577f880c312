// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/alert_banner.h"

#include <QAction>
#include <QCoreApplication>
#include <QPushButton>
#include <QVBoxLayout>

#include "dashboard/actions/action_registry.h"
#include "dashboard/model/alert_watch.h"
#include "dashboard/views/banner.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/value_words.h"
#include "dashboard/widgets/format.h"

namespace levee {
namespace {

constexpr int kGap = 8;
constexpr int kLongestText = 300;

/// Gives the free functions below a context for translators.
struct AlertWords {
    Q_DECLARE_TR_FUNCTIONS(AlertWords)
};

}  // namespace

QString alertTitle(const Alert& alert) {
    const QString about = readableSubject(alert.subject);
    return alert.more > 0 ? AlertWords::tr("%1 and %n more", nullptr, alert.more).arg(about)
                          : about;
}

QString alertText(const Alert& alert) {
    const QString text = plainText(alert.text, kLongestText);
    return alert.host.empty() ? text
                              //: what happened, and on which host
                              : AlertWords::tr("%1 (%2)").arg(text, plainText(alert.host, 60));
}

AlertBanner::AlertBanner(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      context_(context),
      banner_(new Banner(context.themes, VisualState::Failing)) {
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(kGap, kGap, kGap, kGap);
    rows->addWidget(banner_);
    QAction& open = context.actions[ActionId::OpenAlert];
    auto* look = new QPushButton(tr("What to do"));
    look->setObjectName(QStringLiteral("open-alert"));
    look->setToolTip(open.toolTip());
    auto* dismiss = new QPushButton(tr("Dismiss"));
    banner_->addButton(look);
    banner_->addButton(dismiss);
    connect(look, &QPushButton::clicked, &open, &QAction::trigger);
    connect(dismiss, &QPushButton::clicked, &context.alerts, &AlertWatch::dismiss);
    connect(&context.alerts, &AlertWatch::changed, this, &AlertBanner::refresh);
    refresh();
}

void AlertBanner::refresh() {
    const Alert* alert = context_.alerts.current();
    setVisible(alert != nullptr);
    if (alert)
        banner_->setText(formatClock(alert->millis) + QStringLiteral("  ") + alertTitle(*alert) +
                         QStringLiteral(": ") + alertText(*alert));
}

}  // namespace levee
