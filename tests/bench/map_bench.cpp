// SPDX-License-Identifier: GPL-3.0-or-later
// map_bench --server PROGRAM [--services N] [--edges N] [--hosts N] [--agents N] [--seconds N]
// [--soak N]: the whole dashboard, offscreen on the raster, against fleet_server, which runs beside
// it. One Markdown table of figures and bars; --soak lets so many seconds pass before the memory is
// looked at. The exit code is 1 only when something does not work at all.
#include <sys/resource.h>
#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QMouseEvent>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <vector>

#include "dashboard/app/dashboard.h"
#include "dashboard/views/topology_page.h"
#include "dashboard/widgets/canvas/topology_canvas.h"
#include "tests/support/child_process.h"

using namespace levee;

namespace {

std::int64_t wallMillis() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return double(t.tv_sec) + double(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double residentMiB() {
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> fields = file.readAll().split(' ');
    return fields.size() > 1 ? fields[1].toDouble() * double(sysconf(_SC_PAGESIZE)) / 1048576 : 0;
}

double percentile(std::vector<double> values, double part) {
    if (values.empty())
        return -1;
    std::ranges::sort(values);
    return values[std::min(values.size() - 1, std::size_t(double(values.size()) * part))];
}

/// Runs the event loop until `isDone` or the patience ends.
bool waitFor(const auto& isDone, int seconds) {
    QElapsedTimer timer;
    timer.start();
    QTimer tick;  // so that the loop, which sleeps while nothing happens, looks again
    tick.start(20);
    while (!isDone()) {
        if (timer.elapsed() > seconds * 1'000)
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

/// Asleep but for what the dashboard does.
void runFor(int seconds) {
    QEventLoop loop;
    QTimer::singleShot(std::chrono::seconds(seconds), &loop, &QEventLoop::quit);
    loop.exec();
}

class Bench {
public:
    Bench(QApplication& application, QStringList arguments) : application_(application) {
        for (qsizetype i = 1; i + 1 < arguments.size(); i += 2) {
            if (arguments[i] == QLatin1String("--server"))
                program_ = arguments[i + 1];
            else if (arguments[i] == QLatin1String("--seconds"))
                seconds_ = std::max(1, arguments[i + 1].toInt());
            else if (arguments[i] == QLatin1String("--soak"))
                soak_ = std::max(0, arguments[i + 1].toInt());
            else
                sizes_ << arguments[i] << arguments[i + 1];
        }
    }

    int run() {
        if (!startServer())
            return fail("the fleet server does not start");
        std::printf("| measure | figure | bar |\n| --- | ---: | --- |\n");
        if (!connectAndPaint() || !measureUpdates() || !measureFrames())
            return 1;
        measureCost();
        dashboard_.reset();
        server_.closeInput();
        server_.waitForEnd(std::chrono::seconds(10));
        return 0;
    }

private:
    static int fail(const char* why) {
        std::fprintf(stderr, "map_bench: %s\n", why);
        return 1;
    }
    static void print(const char* what, const QString& figure, const char* bar) {
        std::printf("| %s | %s | %s |\n", what, qPrintable(figure), bar);
        std::fflush(stdout);
    }
    static QString millis(double value) {
        return QString::number(value, 'f', 1) + QStringLiteral(" ms");
    }
    TopologyPage& page() { return dashboard_->window().topologyPage(); }
    TopologyCanvas& canvas() { return page().canvas(); }

    bool startServer() {
        std::vector<std::string> arguments;
        for (const QString& each : sizes_)
            arguments.push_back(each.toStdString());
        if (!server_.start(program_.toStdString(), arguments))
            return false;
        for (std::string line; line != "ready";) {
            line = server_.readLine(std::chrono::seconds(30));
            if (line.empty())
                return false;
            if (line.find(':') != std::string::npos)
                options_.connect << QString::fromStdString(line);
        }
        return !options_.connect.isEmpty();
    }

    bool connectAndPaint() {
        options_.theme = ThemeChoice::Dark;
        options_.size = QSize(1920, 1080);
        QElapsedTimer timer;
        timer.start();
        dashboard_ =
            std::make_unique<Dashboard>(options_, Settings::transient(), application_, time_);
        if (!dashboard_->start().isOk())
            return fail("the dashboard does not start") == 0;
        quint64 wanted = 0;
        const bool isPainted = waitFor(
            [&] {
                if (canvas().scene().cards.empty() || canvas().isLayingOut())
                    return false;
                if (wanted == 0)
                    wanted = canvas().framesPainted() + 1;
                return canvas().framesPainted() >= wanted;
            },
            60);
        if (!isPainted)
            return fail("nothing was painted within a minute") == 0;
        print("first paint after the start, everything in it", millis(double(timer.elapsed())),
              "<= 2 s");
        waitFor(
            [&] {
                return dashboard_->store().fleet().agents.size() ==
                           std::size_t(options_.connect.size()) &&
                       std::ranges::all_of(dashboard_->store().fleet().agents,
                                           &FleetAgent::hasSnapshot);
            },
            30);
        const FleetView& fleet = dashboard_->store().fleet();
        print("services, edges known",
              QStringLiteral("%1, %2").arg(fleet.nodes.size()).arg(fleet.edges.size()), "");
        print("cards, edges drawn by choice",
              QStringLiteral("%1, %2")
                  .arg(canvas().scene().cards.size())
                  .arg(canvas().scene().edges.size()),
              "");
        return true;
    }

    /// From the agents' clock in a picture to the paint that shows it; one machine, one clock.
    bool measureUpdates() {
        std::map<quint64, std::int64_t> sent;
        std::vector<double> delays;
        std::int64_t newest = 0;
        QObject scope;
        QObject::connect(&dashboard_->store(), &TopologyStore::changed, &scope, [&] {
            const std::int64_t at = dashboard_->store().fleet().millis;
            if (at > newest)
                sent[canvas().sceneRevision()] = newest = at;
        });
        QObject::connect(&canvas(), &TopologyCanvas::layerShown, &scope, [&] {
            canvas().repaint();
            while (!sent.empty() && sent.begin()->first <= canvas().shownRevision()) {
                delays.push_back(double(wallMillis() - sent.begin()->second));
                sent.erase(sent.begin());
            }
        });
        const double cpu = cpuSeconds();
        runFor(seconds_);
        print("update to pixel p50", millis(percentile(delays, 0.5)), "");
        print("update to pixel p99", millis(percentile(delays, 0.99)), "<= 250 ms");
        print("CPU while everything changes each second, of one core",
              QString::number((cpuSeconds() - cpu) / seconds_ * 100, 'f', 1) + QStringLiteral(" %"),
              "");
        return !delays.empty() || fail("no update was painted") == 0;
    }

    bool measureFrames() {
        page().mapView().setShowAll(true);
        if (!waitFor(
                [&] {
                    return canvas().scene().cards.size() >=
                               std::min<std::size_t>(500,
                                                     dashboard_->store().fleet().nodes.size()) &&
                           !canvas().isLayingOut();
                },
                60))
            return fail("all services are never shown") == 0;
        canvas().fit();
        waitFor([&] { return !canvas().isPainting(); }, 10);
        print("cards drawn for the frames below", QString::number(canvas().scene().cards.size()),
              "500");
        // Far out every card is in sight; near, cards are painted whole.
        const QPointF middle = QRectF(canvas().rect()).center();
        const auto pan = frames(
            240, [&](int i) { drag(middle + QPointF((i % 120) * 3 - 180, (i % 60) * 2 - 60)); });
        endDrag();
        report("pan, all in sight", pan);
        report("zoom in and out at the pointer",
               frames(240, [&](int i) { wheel(middle, i / 12 % 2 == 0 ? 120 : -120); }));
        for (int i = 0; i < 7; ++i)
            wheel(middle, 120);
        waitFor([&] { return !canvas().isPainting(); }, 10);
        const auto nearPan = frames(
            240, [&](int i) { drag(middle + QPointF((i % 120) * 6 - 360, (i % 60) * 3 - 90)); });
        endDrag();
        report("pan near, cards painted whole", nearPan);
        canvas().fit();
        return true;
    }

    template <typename Act>
    std::vector<double> frames(int count, Act act) {
        std::vector<double> times;
        for (int i = 0; i < count; ++i) {
            QElapsedTimer timer;
            timer.start();
            act(i);
            canvas().repaint();
            times.push_back(double(timer.nsecsElapsed()) / 1e6);
            // The rest of a frame's 16.7 ms belongs to the loop, as with a display.
            QElapsedTimer rest;
            rest.start();
            while (rest.elapsed() < std::max(1.0, 16.7 - times.back()))
                QCoreApplication::processEvents(QEventLoop::AllEvents, 2);
        }
        return times;
    }
    static void report(const char* what, const std::vector<double>& times) {
        const QString figure =
            QStringLiteral("p50 %1, p99 %2")
                .arg(millis(percentile(times, 0.5)), millis(percentile(times, 0.99)));
        print(what, figure, "<= 16.7 ms");
    }

    void drag(const QPointF& to) {
        if (!isDragging_) {
            send(QEvent::MouseButtonPress, QPointF(5, 5), Qt::LeftButton);
            isDragging_ = true;
        }
        send(QEvent::MouseMove, to, Qt::NoButton);
    }
    void endDrag() {
        send(QEvent::MouseButtonRelease, QPointF(5, 5), Qt::LeftButton);
        isDragging_ = false;
    }
    void send(QEvent::Type type, const QPointF& at, Qt::MouseButton button) {
        QMouseEvent event(type, at, canvas().mapToGlobal(at), button, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&canvas(), &event);
    }
    void wheel(const QPointF& at, int delta) {
        QWheelEvent event(at, canvas().mapToGlobal(at), {}, {0, delta}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&canvas(), &event);
    }

    double cpuOver(int seconds) {
        const double before = cpuSeconds();
        runFor(seconds);
        return (cpuSeconds() - before) / seconds * 100;
    }

    void measureCost() {
        page().mapView().setShowAll(false);
        runFor(2);
        const auto mib = [](double value) {
            return QString::number(value, 'f', 0) + QStringLiteral(" MiB");
        };
        if (soak_ > 0) {
            print("memory before the soak", mib(residentMiB()), "");
            runFor(soak_);
            print("seconds of the soak", QString::number(soak_), "");
        }
        print("memory after all this", mib(residentMiB()), "<= 250 MB (238 MiB)");
        const auto percent = [](double value) {
            return QString::number(value, 'f', 1) + QStringLiteral(" %");
        };
        dashboard_->window().showMinimized();
        print("CPU minimised, everything changes, of one core", percent(cpuOver(seconds_)), "~0");
        server_.write("quiet\n");
        runFor(3);
        print("CPU minimised, numbers stand", percent(cpuOver(seconds_)), "~0");
        dashboard_->window().showNormal();
        runFor(2);
        print("CPU idle, numbers stand", percent(cpuOver(seconds_)), "<= 1 %");
    }

    QApplication& application_;
    QString program_;
    QStringList sizes_;
    int seconds_ = 20;
    int soak_ = 0;
    test::ChildProcess server_;
    Options options_;
    RealTimeSource time_;
    std::unique_ptr<Dashboard> dashboard_;
    bool isDragging_ = false;
};

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    return Bench(application, QApplication::arguments()).run();
}
