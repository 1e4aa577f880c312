// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/dashboard/widgets/gallery_scenes.h"

#include <algorithm>
#include <cmath>

#include "dashboard/widgets/format.h"
#include "shared/base/random.h"

namespace levee::gallery {
namespace {

std::vector<double> wave(double base, double swing, std::uint64_t seed, double endFactor = 1) {
    Random random(seed);
    std::vector<double> values;
    constexpr int kCount = 60;
    for (int i = 0; i < kCount; ++i) {
        const double rise = i > 40 ? 1 + (endFactor - 1) * (i - 40) / 20.0 : 1;
        values.push_back(
            base * rise *
            (1 + swing * (std::sin(i * 0.35 + double(seed)) * 0.5 + random.uniform() - 0.5)));
    }
    return values;
}

CardData card(const QString& id, NodeKind kind, Health health, double rate, double errors,
              double p99) {
    CardData data;
    data.id = id;
    data.kind = kind;
    data.health = health;
    data.rate = formatRate(rate);
    data.errors = formatShare(errors);
    data.p99 = formatLatency(p99);
    data.okShare = 1 - (std::isnan(errors) ? 0 : errors);
    data.errorShare = std::isnan(errors) ? 0 : errors;
    data.shedShare = 0;
    data.spark = wave(rate, 0.25, std::uint64_t(id.size()) + std::uint64_t(id[0].unicode()));
    return data;
}

EdgeData edge(const QString& from, const QString& to, Health health, double rate, double p99) {
    EdgeData data;
    data.from = from;
    data.to = to;
    data.health = health;
    data.requestRate = rate;
    data.label = formatRate(rate) + QStringLiteral(" · ") + formatLatency(p99);
    return data;
}

}  // namespace

GraphScene shopAllWell() {
    GraphScene scene;
    const auto ok = Health::Ok;
    scene.cards = {card("users", NodeKind::User, ok, 412, 0, 0.182),
                   card("gateway", NodeKind::Service, ok, 412, 0.0004, 0.176),
                   card("storefront", NodeKind::Service, ok, 388, 0.0006, 0.151),
                   card("catalog", NodeKind::Service, ok, 260, 0, 0.021),
                   card("cart", NodeKind::Service, ok, 96, 0, 0.012),
                   card("checkout", NodeKind::Service, ok, 41, 0.001, 0.140),
                   card("payment", NodeKind::Service, ok, 41, 0.002, 0.092),
                   card("orders", NodeKind::Queue, ok, 40.6, kUnknown, 0.004),
                   card("redis:6379", NodeKind::Cache, ok, 352, 0, 0.0008),
                   card("postgres", NodeKind::Database, ok, 301, 0, 0.0062),
                   card("bank.example", NodeKind::External, ok, 41, 0.001, 0.081)};
    scene.cards[2].instances = 3;
    scene.cards[6].instances = 2;
    scene.edges = {edge("users", "gateway", ok, 412, 0.176),
                   edge("gateway", "storefront", ok, 388, 0.151),
                   edge("storefront", "catalog", ok, 260, 0.021),
                   edge("storefront", "cart", ok, 96, 0.012),
                   edge("storefront", "checkout", ok, 41, 0.140),
                   edge("catalog", "redis:6379", ok, 256, 0.0008),
                   edge("catalog", "postgres", ok, 210, 0.0062),
                   edge("cart", "redis:6379", ok, 96, 0.0007),
                   edge("checkout", "payment", ok, 41, 0.092),
                   edge("checkout", "orders", ok, 40.6, 0.004),
                   edge("checkout", "postgres", ok, 91, 0.0055),
                   edge("payment", "bank.example", ok, 41, 0.081)};
    return scene;
}

GraphScene shopInTrouble() {
    GraphScene scene = shopAllWell();
    const auto find = [&](const QString& id) -> CardData& {
        return *std::find_if(scene.cards.begin(), scene.cards.end(),
                             [&](const CardData& c) { return c.id == id; });
    };
    const auto link = [&](const QString& from, const QString& to) -> EdgeData& {
        return *std::find_if(scene.edges.begin(), scene.edges.end(),
                             [&](const EdgeData& e) { return e.from == from && e.to == to; });
    };
    CardData& payment = find("payment");
    payment = card("payment", NodeKind::Service, Health::Failing, 388, 0.221, 2.4);
    payment.spark = wave(60, 0.2, 5, 6);
    payment.instances = 2;
    payment.okShare = 0.45;
    payment.shedShare = 0.33;
    payment.badges = {{BadgeKind::Limit, "24"}, {BadgeKind::Override, "21 min"}};
    CardData& checkout = find("checkout");
    checkout = card("checkout", NodeKind::Service, Health::Degraded, 410, 0.031, 0.89);
    checkout.spark = wave(70, 0.2, 8, 5);
    CardData& gateway = find("gateway");
    gateway.shedShare = 0.12;
    gateway.okShare = 0.87;
    gateway.badges = {{BadgeKind::Limit, "180"}};
    CardData& cart = find("cart");
    cart.health = Health::Idle;
    cart.rate = "0/s";
    cart.errors = "-";
    cart.p99 = "-";
    cart.okShare = kUnknown;
    cart.spark.assign(60, 0.0);
    CardData& bank = find("bank.example");
    bank.stale = true;
    bank.ageText = "14 s";
    find("catalog").badges = {{BadgeKind::Shadow, {}}};
    EdgeData& pay = link("checkout", "payment");
    pay.health = Health::Failing;
    pay.badges = {{BadgeKind::BreakerOpen, "1.8 s"}};
    link("payment", "bank.example").stale = true;
    EdgeData& shop = link("storefront", "checkout");
    shop.health = Health::Degraded;
    shop.requestRate = 410;
    shop.label = "410/s · 890 ms";
    EdgeData& orders = link("checkout", "orders");
    orders.badges = {{BadgeKind::Ramp, "40 %"}};
    orders.health = Health::Degraded;
    link("users", "gateway").shedShare = 0.12;
    link("storefront", "cart").health = Health::Idle;
    link("storefront", "cart").requestRate = 0;
    return scene;
}

GraphScene largeFleet(int count) {
    Random random(9);
    GraphScene scene;
    for (int i = 0; i < count; ++i) {
        const std::uint64_t dice = random.next() % 20;
        const Health health = dice == 0   ? Health::Failing
                              : dice == 1 ? Health::Degraded
                                          : Health::Ok;
        const NodeKind kind = dice == 5   ? NodeKind::Database
                              : dice == 6 ? NodeKind::Cache
                                          : NodeKind::Service;
        scene.cards.push_back(
            card(QStringLiteral("service-%1").arg(i), kind, health, 20, 0.001, 0.03));
        scene.cards.back().stale = dice == 9;
    }
    for (int i = 1; i < count; ++i) {
        const int parents = 1 + int(random.next() % 3);
        for (int p = 0; p < parents; ++p) {
            const int from = int(random.next() % std::uint64_t(std::max(1, i / 2 + 1)));
            scene.edges.push_back(edge(scene.cards[from].id, scene.cards[i].id,
                                       scene.cards[i].health, double(random.next() % 300), 0.03));
        }
    }
    return scene;
}

GraphScene shopAmongGroups() {
    GraphScene scene = shopInTrouble();
    const auto group = [&](const QString& name, int members, Health health, const QString& note) {
        CardData data;
        data.id = QStringLiteral("group:") + name;
        data.title = name;
        data.members = members;
        data.health = health;
        data.note = note;
        scene.cards.push_back(data);
    };
    group("team-search", 18, Health::Ok, "18 ok");
    group("team-mail", 37, Health::Ok, "35 ok · 2 idle");
    group("team-billing-and-invoices-of-the-north", 141, Health::Ok, "139 ok · 1 stale · 1 idle");
    const auto link = [&](const QString& from, const QString& to, double rate) {
        EdgeData data = edge(from, to, Health::Ok, rate, 0.02);
        data.label = formatRate(rate) + QStringLiteral("  12 edges");
        scene.edges.push_back(data);
    };
    link("storefront", "group:team-search", 120);
    link("checkout", "group:team-mail", 40);
    link("payment", "group:team-billing-and-invoices-of-the-north", 12);
    link("group:team-mail", "group:team-billing-and-invoices-of-the-north", 3);
    return scene;
}

GraphScene hostileNames() {
    GraphScene scene;
    const QString names[] = {
        QStringLiteral("<b>bold</b><img src=x onerror=alert(1)>"),
        QString(10'000, QLatin1Char('x')),
        QStringLiteral("a\nb\tc\x01\x1b[31mred"),
        QString::fromUtf8("خدمة الدفع"),
        QString::fromUtf8("\u202Eevil\u202C-service"),
        QString::fromUtf8("支付服务😀👨‍👩‍👧‍👦🏳️‍🌈"),
        QString::fromUtf8("z̸̡͓͚̆͝a̷̭͆l̸̙̽g̵̙͂o̴͖̎"),
        QStringLiteral("&amp;lt;script&amp;gt;"),
        QStringLiteral("  spaces  and%1 %n %L1"),
        QString(QChar(0xD800)) + QStringLiteral("lone surrogate")};
    for (const QString& name : names) {
        scene.cards.push_back(card(name, NodeKind::Service, Health::Ok, 20, 0.001, 0.03));
        scene.cards.back().badges = {{BadgeKind::Limit, name}};
    }
    scene.cards[2].health = Health::Failing;
    scene.cards[0].members = 7;
    scene.cards[0].note = names[1];
    for (std::size_t i = 1; i < scene.cards.size(); ++i) {
        scene.edges.push_back(edge(scene.cards[i / 2].id, scene.cards[i].id, Health::Ok, 20, 0.03));
        scene.edges.back().label = names[i];
    }
    return scene;
}

EdgeFacts paymentFacts() {
    EdgeFacts facts;
    facts.title = QStringLiteral("checkout → payment");
    facts.rows = {{"State", "failing"},
                  {"Requests", "388/s"},
                  {"Errors", "22.1 % of 388/s"},
                  {"Latency", "p50 84 ms, p95 1.10 s, p99 2.40 s"},
                  {"Breaker", "OPEN, 1.8 s left"},
                  {"Limit", "9 in flight of 24"},
                  {"Sheds", "120/s"},
                  {"Rule", "payment-breaker, enforce, enforcing"}};
    facts.splitTitle = QStringLiteral("Where 85 ms go, mean of a call");
    facts.split = {{"network", 0.001}, {"queue", 0.012}, {"processing", 0.022}, {"waiting", 0.050}};
    return facts;
}

std::vector<ChartLine> latencyLines(std::int64_t from) {
    std::vector<ChartLine> lines{{"p50", LineTone::First, {}, true, false},
                                 {"p95", LineTone::Second, {}, false, false},
                                 {"p99", LineTone::Third, {}, false, false}};
    Random random(3);
    constexpr int kSeconds = 300;
    for (int i = 0; i < kSeconds; ++i) {
        const double load = i > 180 ? 1 + std::min(6.0, (i - 180) / 12.0) : 1;
        const bool gap = i > 110 && i < 126;
        const double base[] = {0.021, 0.060, 0.110};
        for (std::size_t l = 0; l < lines.size(); ++l)
            lines[l].points.push_back(
                {from + i * 1000,
                 gap ? kUnknown : base[l] * load * (0.9 + random.uniform() * 0.25)});
    }
    return lines;
}

}  // namespace levee::gallery
