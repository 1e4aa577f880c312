// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/views/locator_items.h"

#include <QCoreApplication>
#include <algorithm>
#include <set>

#include "dashboard/actions/action_names.h"
#include "dashboard/actions/fuzzy_match.h"
#include "dashboard/actions/view_actions.h"
#include "dashboard/model/connection_state.h"
#include "dashboard/model/saved_views.h"
#include "dashboard/model/selection_state.h"
#include "dashboard/model/topology_store.h"
#include "dashboard/views/scene_builder.h"
#include "dashboard/views/value_words.h"

namespace levee {
namespace {

struct LocatorText {
    Q_DECLARE_TR_FUNCTIONS(levee::Locator)
};

struct Query {
    QChar kind;  ///< 's', 'h', 'r', 'p', 'v', '>' or null: everything
    QString text;
};

Query parse(const QString& line) {
    const bool hasKind = line.size() >= 2 && line[1] == QLatin1Char(' ') &&
                         QStringLiteral("shrpv>").contains(line[0]);
    return hasKind ? Query{line[0], line.mid(2).trimmed()} : Query{{}, line.trimmed()};
}

class Finder {
public:
    Finder(const ViewContext& context, const QString& line)
        : context_(context), query_(parse(line)) {}

    void findServices() {
        if (!wants('s'))
            return;
        for (const FleetNode& node : context_.store.fleet().nodes)
            offer(plainText(node.node.name, 200), wordOf(node.node.kind),
                  stateOf(context_.store, node), [this_ = context_, name = node.node.name] {
                      this_.selection.select(Selection::ofNode(name));
                      if (this_.views.page() != Page::Topology)
                          this_.views.showPage(Page::Service);
                  });
    }
    void findHosts() {
        if (!wants('h'))
            return;
        for (const FleetAgent& agent : context_.connection.agents()) {
            const std::string& name = agent.hasSnapshot ? agent.info.host : agent.address;
            offer(plainText(name, 200), LocatorText::tr("host"),
                  visualState(context_.connection.reachOf(agent)),
                  [this_ = context_] { this_.views.showPage(Page::Fleet); });
        }
    }
    void findRules() {
        if (!wants('r'))
            return;
        std::set<std::string> names;
        for (const FleetGuard& guard : context_.store.fleet().guards)
            if (guard.guard.rule != "default" && names.insert(guard.guard.rule).second)
                offer(plainText(guard.guard.rule, 200), LocatorText::tr("rule"),
                      VisualState::Throttled,
                      [this_ = context_, name = QString::fromStdString(guard.guard.rule)] {
                          this_.views.showRule(name);
                      });
    }
    void findViews(const std::function<void(const QString& line)>& runVerb) {
        if (!wants('v'))
            return;
        for (const SavedView& view : context_.savedViews.all())
            offer(view.name, LocatorText::tr("saved view"), VisualState::Idle,
                  [runVerb, line = QStringLiteral("view ") + view.name] { runVerb(line); });
    }
    void findCommands() {
        for (const ActionName& each : actionNames()) {
            const bool isPage = each.id >= ActionId::PageTopology && each.id <= ActionId::PageFleet;
            QAction& action = context_.actions[each.id];
            if (!wants(isPage ? 'p' : '>') || !action.isEnabled() || each.id == ActionId::Locate ||
                each.id == ActionId::CommandLine)
                continue;
            QString note = isPage ? LocatorText::tr("page") : wordOf(each.group);
            if (!action.shortcut().isEmpty())
                note +=
                    QStringLiteral(" · ") + action.shortcut().toString(QKeySequence::NativeText);
            offer(action.text(), note, VisualState::Idle, [&action] { action.trigger(); });
        }
    }
    std::vector<LocatorItem> take() {
        std::ranges::stable_sort(found_, {}, &Scored::score);
        std::vector<LocatorItem> items;
        for (std::size_t i = 0; i < found_.size() && i < kMostLocated; ++i) {
            items.push_back(std::move(found_[i].item));
            items.back().line.subject = QString::number(i);
        }
        return items;
    }

private:
    struct Scored {
        int score = 0;
        LocatorItem item;
    };

    bool wants(char kind) const { return query_.kind.isNull() || query_.kind == QLatin1Char(kind); }
    void offer(const QString& title, const QString& note, VisualState state,
               std::function<void()> run) {
        const auto score = fuzzyMatch(query_.text, title);
        if (score)
            found_.push_back({*score, {{{}, title, note, state}, std::move(run), {}}});
    }

    const ViewContext& context_;
    const Query query_;
    std::vector<Scored> found_;
};

std::vector<LocatorItem> offerVerbs(const Verbs& verbs, const QString& line,
                                    const std::function<void(const QString&)>& runVerb) {
    std::vector<LocatorItem> items;
    const bool hasArgument = line.trimmed().contains(QLatin1Char(' '));
    for (const Verb* verb : verbs.matching(line)) {
        const QString title = verb->argument.isEmpty()
                                  ? QLatin1Char(':') + verb->name
                                  : QStringLiteral(":%1 %2").arg(verb->name, verb->argument);
        const QString wanted = hasArgument ? line : verb->name;
        items.push_back({{QString::number(items.size()), title, verb->help, VisualState::Idle},
                         [wanted, runVerb] { runVerb(wanted); },
                         QLatin1Char(':') + verb->name +
                             (verb->argument.isEmpty() ? QString() : QStringLiteral(" "))});
    }
    return items;
}

}  // namespace

std::vector<LocatorItem> locate(const ViewContext& context, const Verbs& verbs,
                                const QString& query,
                                const std::function<void(const QString& line)>& runVerb) {
    if (query.startsWith(QLatin1Char(':')))
        return offerVerbs(verbs, query.mid(1), runVerb);
    Finder finder(context, query);
    finder.findServices();
    finder.findHosts();
    finder.findRules();
    finder.findViews(runVerb);
    finder.findCommands();
    return finder.take();
}

}  // namespace levee
