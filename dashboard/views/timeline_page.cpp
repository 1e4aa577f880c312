// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/timeline_page.h"
#include "dashboard/views/connection_words.h"

#include <QAction>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "dashboard/actions/view_actions.h"
#include "dashboard/model/incident_log.h"
#include "dashboard/model/note_book.h"
#include "dashboard/model/rule_document.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/timeline_markdown.h"
#include "dashboard/model/timeline_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/data_table.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/section.h"
#include "dashboard/views/themed_label.h"
#include "dashboard/views/timeline_scene.h"
#include "dashboard/views/timeline_strip.h"
#include "dashboard/views/value_words.h"
#include "dashboard/views/when_seen.h"

namespace levee {
namespace {

constexpr int kGap = 12;
constexpr int kDetailWidth = 330;
constexpr std::int64_t kMinute = 60'000;

}  // namespace

TimelinePage::TimelinePage(const ViewContext& context, QWidget* parent)
    : QWidget(parent), context_(context) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kGap + 4, kGap, kGap + 4, kGap);
    layout->setSpacing(kGap);
    layout->addLayout(buildHead());
    QStringList captions;
    for (int lane = 0; lane < kTimelineLanes; ++lane)
        captions << wordOf(static_cast<TimelineLane>(lane));
    band_ = new TimelineBand(context.themes, captions);
    keepEmptyWords(context.connection, *this, tr("Nothing happened in this window."),
                   [this](const QString& words) { band_->setEmptyText(words); });
    auto* bandPanel = new Section(context.themes, tr("Over time"));
    bandPanel->setFlush();
    bandPanel->body().addWidget(band_);
    bandPanel->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
    layout->addWidget(bandPanel);
    auto* lower = new QHBoxLayout;
    lower->setSpacing(kGap);
    lower->addWidget(buildTable(), 1);
    lower->addWidget(buildDetail());
    layout->addLayout(lower, 1);
    setFocusProxy(table_);
    bind();
    refresh();
}

QLayout* TimelinePage::buildHead() {
    auto* head = new QHBoxLayout;
    head->setSpacing(kGap);
    head->addWidget(new ThemedLabel(context_.themes, TextTone::Title, tr("Timeline")));
    subtitle_ = new ThemedLabel(context_.themes, TextTone::Dim);
    head->addWidget(subtitle_, 1);
    for (int i = 0; i < kTimelineLanes; ++i) {
        const auto lane = static_cast<TimelineLane>(i);
        auto* button = new QToolButton;
        button->setText(wordOf(lane));
        button->setCheckable(true);
        button->setChecked(context_.timelineState.isShown(lane));
        button->setMinimumHeight(28);
        button->setAccessibleName(tr("Show %1").arg(wordOf(lane)));
        connect(button, &QToolButton::toggled, this,
                [this, lane](bool on) { context_.timelineState.setShown(lane, on); });
        head->addWidget(button);
    }
    onlySelected_ = new QToolButton;
    onlySelected_->setText(tr("Selected only"));
    onlySelected_->setToolTip(tr("Only what is about the selected service or edge"));
    onlySelected_->setCheckable(true);
    onlySelected_->setMinimumHeight(28);
    head->addWidget(onlySelected_);
    filter_ = new QLineEdit;
    filter_->setPlaceholderText(tr("Filter: words in any column"));
    filter_->setAccessibleName(tr("Filter of the timeline"));
    filter_->setClearButtonEnabled(true);
    filter_->setMinimumSize(240, 28);
    head->addWidget(filter_);
    return head;
}

QWidget* TimelinePage::buildTable() {
    auto* panel = new Section(context_.themes, tr("What happened"));
    panel->setFlush();
    auto* save = new QPushButton(tr("Export…"));
    save->setToolTip(context_.actions[ActionId::ExportTimeline].toolTip());
    connect(save, &QPushButton::clicked, &context_.actions[ActionId::ExportTimeline],
            &QAction::trigger);
    panel->addTrailing(save);
    table_ = new DataTable(context_.themes, context_.timeline,
                           {{TimelineModel::When, 84},
                            {TimelineModel::Lane, 76},
                            {TimelineModel::Severity, 104},
                            {TimelineModel::Subject, 164},
                            {TimelineModel::Text, -1},
                            {TimelineModel::Rule, 132},
                            {TimelineModel::Who, 88}},
                           DataTable::Sorting::AsModel);
    table_->setAccessibleName(tr("What happened"));
    keepEmptyWords(
        context_.connection, *this,
        tr("Nothing to show. Widen the time, or clear the filter; what guards do stands here."),
        [this](const QString& words) { table_->setEmptyText(words); });
    panel->body().addWidget(table_);
    return panel;
}

QWidget* TimelinePage::buildDetail() {
    auto* side = new QWidget;
    side->setFixedWidth(kDetailWidth);
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    using Overflow = ThemedLabel::Overflow;
    auto* detail = new Section(context_.themes, tr("Why"));
    what_ = new ThemedLabel(context_.themes, TextTone::Strong, {}, Overflow::Wrap);
    inputs_ = new ThemedLabel(context_.themes, TextTone::Mono, {}, Overflow::Wrap);
    otherwise_ = new ThemedLabel(context_.themes, TextTone::Normal, {}, Overflow::Wrap);
    for (ThemedLabel* label : {what_, inputs_, otherwise_})
        detail->body().addWidget(label);
    detail->body().addStretch(1);
    layout->addWidget(detail, 1);
    auto* notes = new Section(context_.themes, tr("Note"));
    note_ = new QLineEdit;
    note_->setObjectName(QStringLiteral("note"));
    note_->setPlaceholderText(tr("What you see or did; Enter keeps it"));
    note_->setAccessibleName(tr("Note"));
    note_->setMaxLength(NoteBook::kLongestText);
    note_->setMinimumHeight(30);
    noteHint_ = new ThemedLabel(context_.themes, TextTone::Dim, {}, Overflow::Wrap);
    notes->body().addWidget(note_);
    notes->body().addWidget(noteHint_);
    layout->addWidget(notes);
    return side;
}

void TimelinePage::bind() {
    TimelineState& state = context_.timelineState;
    connect(filter_, &QLineEdit::textChanged, &state, &TimelineState::setFilter);
    const auto restrict = [this] {
        context_.timelineState.setOnlyAbout(
            onlySelected_->isChecked() ? context_.selection.current().subject() : std::string());
    };
    connect(onlySelected_, &QToolButton::toggled, this, restrict);
    connect(&context_.selection, &SelectionState::changed, this, [this, restrict] {
        restrict();
        refreshBand();
    });
    connect(&state, &TimelineState::filterChanged, this, &TimelinePage::refresh);
    connect(&state, &TimelineState::rangeChanged, this, &TimelinePage::refresh);
    connect(&state, &TimelineState::chosenChanged, this, &TimelinePage::showChosen);
    connect(&context_.timeline, &TimelineModel::updated, this, &TimelinePage::refresh);
    auto* whenSeen = new WhenSeen(*this, [this] { refreshBand(); });
    connect(&context_.store, &TopologyStore::changed, whenSeen, &WhenSeen::request);
    connect(&context_.views, &ViewActions::pageChanged, this, &TimelinePage::refresh);
    connect(band_, &TimelineBand::markChosen, this,
            [this](const std::string& id) { chooseTimelineEntry(context_, id); });
    connect(table_, &DataTable::rowChosen, this,
            [this](int row) { chooseTimelineEntry(context_, context_.timeline.row(row).id); });
    const auto open = [this] { context_.views.showPage(Page::Service); };
    connect(table_, &DataTable::subjectActivated, this, open);
    connect(band_, &TimelineBand::markActivated, this, open);
    connect(note_, &QLineEdit::returnPressed, this, &TimelinePage::addNote);
    connect(&context_.actions[ActionId::AddNote], &QAction::triggered, this, [this] {
        context_.views.showPage(Page::Timeline);
        note_->setFocus();
    });
    connect(&context_.actions[ActionId::TakeCommand], &QAction::triggered, this,
            &TimelinePage::takeCommand);
    connect(&context_.actions[ActionId::CloseIncident], &QAction::triggered, this,
            &TimelinePage::closeIncident);
    connect(&context_.actions[ActionId::ExportTimeline], &QAction::triggered, this,
            &TimelinePage::exportMarkdown);
}

std::int64_t TimelinePage::fromMillis() const {
    return context_.store.fleet().millis - context_.timelineState.minutes() * kMinute;
}

bool TimelinePage::isInSight(const TimelineEntry& entry) const {
    const bool isYetToCome =
        context_.store.isTravelling() && entry.millis > context_.store.fleet().millis;
    return context_.timelineState.accepts(entry) && entry.millis >= fromMillis() && !isYetToCome;
}

void TimelinePage::refresh() {
    if (context_.views.page() != Page::Timeline)
        return;
    table_->setRowFilter([this](int row) { return isInSight(context_.timeline.row(row)); });
    refreshBand();
    showChosen();
    const auto& rows = context_.timeline.rows();
    const auto shown = std::ranges::count_if(
        rows, [this](const TimelineEntry& entry) { return isInSight(entry); });
    //: entries of the timeline that are shown, of all that are known
    subtitle_->setText(
        tr("%1 of %2 in the last %n minute(s)", nullptr, context_.timelineState.minutes())
            .arg(shown)
            .arg(rows.size()));
}

void TimelinePage::refreshBand() {
    if (context_.views.page() != Page::Timeline)
        return;
    band_->setMarks(buildTimelineMarks(context_.timeline, context_.timelineState,
                                       context_.selection.current().subject()));
    band_->setSpans(buildRuleSpans(context_.document.revisions()));
    band_->setLevels(buildLevels(context_.store.health()));
    if (context_.store.fleet().millis > 0)
        band_->setRange(fromMillis(), context_.store.fleet().millis);
    const std::string subject = context_.selection.current().subject();
    noteHint_->setText(subject.empty() ? tr("About everything. Select a service to write about it.")
                                       : tr("About %1.").arg(readableSubject(subject)));
}

void TimelinePage::showChosen() {
    const std::string& id = context_.timelineState.chosen();
    band_->setChosen(id);
    table_->showKey(QString::fromStdString(id));
    const TimelineEntry* entry = context_.timeline.entry(id);
    if (!entry) {
        what_->setText({});
        inputs_->setText(tr("Choose an entry to see what it was based on."));
        otherwise_->setText({});
        return;
    }
    what_->setText(plainText(entry->text, 500));
    const QString inputs = plainText(entry->detail, 1'000);
    inputs_->setText(inputs.isEmpty()
                         ? tr("no inputs recorded")
                         : QString(inputs).replace(QLatin1Char(' '), QLatin1Char('\n')));
    otherwise_->setText(plainText(entry->counterfactual, 500));
}

void TimelinePage::addNote() {
    write(context_.selection.current().subject(), note_->text());
    note_->clear();
}

void TimelinePage::write(const std::string& subject, const QString& text) {
    Note note;
    note.millis = std::max<std::int64_t>(context_.store.fleet().millis, 1);
    note.author = context_.document.author();
    note.subject = subject;
    note.text = text.toStdString();
    const Status kept = context_.notes.add(std::move(note));
    if (!kept.isOk())
        noteHint_->setText(plainText(kept.error().message, 400));
}

void TimelinePage::takeCommand() {
    context_.views.showPage(Page::Timeline);
    if (context_.incidents.current())
        return;
    const std::vector<std::string> unwell = context_.store.unhealthy();
    std::string subject = context_.selection.current().subject();
    if (subject.empty() && !unwell.empty())
        subject = unwell.front();
    Incident incident;
    incident.subject = subject;
    incident.title = subject.empty()
                         ? tr("Incident").toStdString()
                         : tr("%1 is not well").arg(readableSubject(subject)).toStdString();
    incident.commander = context_.document.author();
    incident.startMillis = std::max<std::int64_t>(context_.store.fleet().millis, 1);
    const Status opened = context_.incidents.open(incident);
    write(subject, tr("took command"));
    if (!opened.isOk())
        noteHint_->setText(plainText(opened.error().message, 400));
}

void TimelinePage::closeIncident() {
    if (!context_.incidents.current())
        return;
    write(context_.incidents.current()->subject, tr("closed the incident"));
    const Status closed = context_.incidents.close(context_.store.fleet().millis);
    if (!closed.isOk())
        noteHint_->setText(plainText(closed.error().message, 400));
}

QString TimelinePage::markdown() const {
    if (context_.incidents.current())
        return incidentMarkdown(*context_.incidents.current(), context_.timeline.rows());
    std::vector<TimelineEntry> entries;
    for (const TimelineEntry& entry : context_.timeline.rows())
        if (isInSight(entry))
            entries.push_back(entry);
    std::ranges::reverse(entries);
    return timelineMarkdown(entries);
}

void TimelinePage::exportMarkdown() {
    auto* dialog =
        new QFileDialog(this, tr("Export the timeline"), QString(), tr("Markdown (*.md)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("md"));
    dialog->selectFile(QStringLiteral("timeline.md"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        QSaveFile file(path);
        const bool isWritten = file.open(QIODevice::WriteOnly) &&
                               file.write(markdown().toUtf8()) >= 0 && file.commit();
        noteHint_->setText(isWritten
                               ? tr("Written to %1.").arg(path)
                               : tr("%1 cannot be written: %2").arg(path, file.errorString()));
    });
    dialog->open();
}

}  // namespace levee
