// SPDX-License-Identifier: GPL-3.0-or-later
// widgets_gallery OUTDIR: a PNG of every widget in both themes, offscreen, and a check that each
// was written and shows something. Exit code 1 where one is blank.
#include <QApplication>
#include <QDir>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QMouseEvent>
#include <QSet>
#include <QVBoxLayout>
#include <cstdio>
#include <functional>

#include "dashboard/widgets/canvas/topology_canvas.h"
#include "dashboard/widgets/chart/time_chart.h"
#include "dashboard/widgets/freshness_badge.h"
#include "dashboard/widgets/rule_edit.h"
#include "dashboard/widgets/sparkline.h"
#include "dashboard/widgets/theme.h"
#include "tests/dashboard/widgets/gallery_scenes.h"

using namespace levee;

namespace {

const char* const kRule = R"(# yaml-language-server: $schema=/usr/share/levee/schema/rules.v1.json
apiVersion: levee/v1
kind: RateLimit
metadata:
  name: pay-shed
  labels: {team: pay}
spec:
  match: {service: payments, route: /charge}
  limit: 260/s
  burst: 40
  keey: tenant
  priority: [vip, default, batch]
  mode: "enforce"          # off | shadow | enforce
tests:
  - name: batch goes first
    offered: {vip: 100/s, batch: 400/s}
    expect: {vip: ">=99%", batch: "<=45%"}
)";

class Gallery {
public:
    Gallery(ThemeController& themes, QString directory, QString suffix)
        : themes_(themes), directory_(std::move(directory)), suffix_(std::move(suffix)) {}

    void save(QWidget& widget, const QString& name, const QSize& size) {
        widget.resize(size);
        widget.setAttribute(Qt::WA_DontShowOnScreen);
        widget.show();
        QApplication::processEvents();
        if (const auto* canvas = qobject_cast<TopologyCanvas*>(&widget)) {
            while (canvas->isLayingOut())
                QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        const QImage image = widget.grab().toImage();
        const QString path = directory_ + '/' + name + '-' + suffix_ + ".png";
        const bool good = image.save(path) && coloursIn(image) > 8;
        std::printf("%s %s\n", good ? "ok   " : "BLANK", qPrintable(path));
        failures_ += good ? 0 : 1;
    }

    void canvas(const QString& name, const std::function<void(TopologyCanvas&)>& prepare,
                const QSize& size = {1600, 1000}) {
        TopologyCanvas canvas(themes_);
        canvas.setAnimated(false);
        canvas.resize(size);
        canvas.setAttribute(Qt::WA_DontShowOnScreen);
        canvas.show();
        prepare(canvas);
        save(canvas, name, size);
    }

    int failures() const { return failures_; }
    ThemeController& themes() { return themes_; }

private:
    static int coloursIn(const QImage& image) {
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); y += 3) {
            for (int x = 0; x < image.width(); x += 3)
                colours.insert(image.pixel(x, y));
        }
        return int(colours.size());
    }

    ThemeController& themes_;
    QString directory_;
    QString suffix_;
    int failures_ = 0;
};

void hover(TopologyCanvas& canvas, const QPointF& at) {
    QMouseEvent event(QEvent::MouseMove, at, canvas.mapToGlobal(at), Qt::NoButton, {}, {});
    QCoreApplication::sendEvent(&canvas, &event);
}

void canvases(Gallery& gallery) {
    const auto live = [](GraphScene scene) {
        return [scene](TopologyCanvas& canvas) {
            canvas.setScene(scene);
            canvas.setState(CanvasState::Live);
        };
    };
    gallery.canvas("canvas-well", live(gallery::shopAllWell()));
    gallery.canvas("canvas-trouble", live(gallery::shopInTrouble()));
    gallery.canvas("canvas-small-window", live(gallery::shopInTrouble()), {900, 560});
    gallery.canvas("canvas-selected", [](TopologyCanvas& canvas) {
        canvas.setScene(gallery::shopInTrouble());
        canvas.setState(CanvasState::Live);
        canvas.selectNode("checkout");
        canvas.setFocus();
    });
    gallery.canvas("canvas-found", [](TopologyCanvas& canvas) {
        canvas.setScene(gallery::shopInTrouble());
        canvas.setState(CanvasState::Live);
        canvas.setHighlight({"checkout", "payment"}, true);
    });
    gallery.canvas("canvas-groups", live(gallery::shopAmongGroups()));
    gallery.canvas("canvas-hostile", live(gallery::hostileNames()));
    gallery.canvas("canvas-edge-facts", [](TopologyCanvas& canvas) {
        canvas.setScene(gallery::shopInTrouble());
        canvas.setState(CanvasState::Live);
        canvas.setEdgeFacts([](const QString&, const QString&) { return gallery::paymentFacts(); });
        hover(canvas, canvas.edgePoint("checkout", "payment"));
    });
    gallery.canvas("canvas-minimap", [](TopologyCanvas& canvas) {
        canvas.setScene(gallery::largeFleet(59));
        canvas.setState(CanvasState::Live);
        for (int i = 0; i < 6; ++i)
            canvas.zoomIn();
    });
    gallery.canvas("canvas-particles", [](TopologyCanvas& canvas) {
        canvas.setScene(gallery::shopInTrouble());
        canvas.setState(CanvasState::Live);
        canvas.setAnimated(true);
        canvas.setParticles(ParticleMode::On);
    });
    gallery.canvas("canvas-300-found", [](TopologyCanvas& canvas) {
        canvas.setScene(gallery::largeFleet(300));
        canvas.setState(CanvasState::Live);
        canvas.setHighlight({"service-7", "service-70", "service-170"}, true);
    });
    gallery.canvas("canvas-stale", [](TopologyCanvas& canvas) {
        canvas.setScene(gallery::shopInTrouble());
        canvas.setState(CanvasState::Stale, "STALE: last data 34 s ago",
                        "agent pay-7:7400 does not answer, next try in 4 s");
    });
    gallery.canvas("canvas-loading", [](TopologyCanvas& canvas) {
        canvas.setState(CanvasState::Loading, "Connecting to 127.0.0.1:7400", "levee get services");
    });
    gallery.canvas("canvas-empty", [](TopologyCanvas& canvas) {
        canvas.setState(CanvasState::Empty, "No traffic in the last minute",
                        "Send requests through the gateway, or check:  levee get targets");
    });
    gallery.canvas("canvas-error", [](TopologyCanvas& canvas) {
        canvas.setState(CanvasState::Error, "The agent refused the connection",
                        "127.0.0.1:7400: connection refused. Next try in 8 s.");
    });
    gallery.canvas("canvas-60", live(gallery::largeFleet(60)));
    gallery.canvas("canvas-300", live(gallery::largeFleet(300)));
}

void charts(Gallery& gallery) {
    // A fixed instant: pictures do not change from day to day.
    constexpr std::int64_t kFrom = 1'700'000'000'000;
    TimeChart chart(gallery.themes());
    chart.setTitle("Latency of payment");
    chart.setUnit(Unit::Seconds);
    chart.setTimeRange(kFrom, kFrom + 300'000);
    chart.setLines(gallery::latencyLines(kFrom));
    chart.setMarks({{kFrom + 60'000, "deploy pay@81", LineTone::Dim},
                    {kFrom + 205'000, "breaker opened", LineTone::Failing}});
    gallery.save(chart, "chart-latency", {760, 240});
    chart.setCrosshair(kFrom + 220'000);
    gallery.save(chart, "chart-crosshair", {760, 240});
    TimeChart empty(gallery.themes());
    empty.setTitle("Requests");
    empty.setUnit(Unit::Rate);
    empty.setTimeRange(kFrom, kFrom + 300'000);
    gallery.save(empty, "chart-empty", {760, 240});
}

void editor(Gallery& gallery) {
    RuleEdit edit(gallery.themes());
    edit.setText(kRule);
    edit.setDiagnostics(
        {{Severity::Error,
          "unknown-key",
          "unknown key \"keey\"; did you mean \"key\"?",
          {"", 11, 3, 4}},
         {Severity::Warning, "shadowed", "shadows rule cb-ledger on 2 hosts", {"", 8, 10, 0}}});
    gallery.save(edit, "rule-edit", {760, 480});
}

void badges(Gallery& gallery) {
    QWidget panel;
    auto* column = new QVBoxLayout(&panel);
    auto* row = new QHBoxLayout;
    column->addLayout(row);
    const std::pair<Freshness, double> all[] = {
        {Freshness::Live, 0.8},         {Freshness::Stale, 34},       {Freshness::Paused, 12},
        {Freshness::Reconnecting, NAN}, {Freshness::TimeTravel, NAN}, {Freshness::ReadOnly, 0.4},
        {Freshness::Offline, 300}};
    for (const auto& [freshness, age] : all) {
        auto* badge = new FreshnessBadge(gallery.themes());
        badge->setFreshness(freshness, age);
        row->addWidget(badge);
    }
    row->addStretch();
    auto* sparks = new QHBoxLayout;
    column->addLayout(sparks);
    for (const CardData& card : gallery::shopInTrouble().cards) {
        auto* spark = new Sparkline(gallery.themes());
        spark->setValues(card.spark);
        sparks->addWidget(spark);
    }
    gallery.save(panel, "badges", {1100, 110});
}

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    const QString directory = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral(".");
    QDir().mkpath(directory);
    int failures = 0;
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
        ThemeController themes(choice);
        themes.applyTo(application);
        Gallery gallery(themes, directory, choice == ThemeChoice::Dark ? "dark" : "light");
        canvases(gallery);
        charts(gallery);
        editor(gallery);
        badges(gallery);
        failures += gallery.failures();
    }
    return failures == 0 ? 0 : 1;
}
