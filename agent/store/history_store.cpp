// SPDX-License-Identifier: Apache-2.0
#include "agent/store/history_store.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>

#include "agent/store/block_codec.h"
#include "agent/store/database.h"
#include "shared/base/log.h"

namespace levee {
namespace {

constexpr int kBlockValues = 120;
constexpr std::size_t kMostWaiting = 64;  // seconds or batches that may wait for the disk
constexpr std::int64_t kWriteEveryMillis = 10'000;
constexpr std::int64_t kMostPoints = 7'200;
constexpr int kMostEvents = 1'000;
constexpr std::int64_t kEventsKept = 100'000;

struct Resolution {
    std::int64_t stepMillis;
    std::int64_t keepMillis;
};
constexpr std::array<Resolution, 3> kResolutions{
    {{1'000, 2 * 3'600'000LL}, {10'000, 24 * 3'600'000LL}, {60'000, 14 * 86'400'000LL}}};

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS block(
  step INTEGER NOT NULL, start INTEGER NOT NULL, subject TEXT NOT NULL, data BLOB NOT NULL,
  PRIMARY KEY(step, subject, start)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS block_age ON block(step, start);
CREATE TABLE IF NOT EXISTS event(
  id INTEGER PRIMARY KEY, millis INTEGER NOT NULL, kind INTEGER NOT NULL, severity INTEGER NOT NULL,
  subject TEXT NOT NULL, text TEXT NOT NULL, rule TEXT NOT NULL, revision INTEGER NOT NULL,
  detail TEXT NOT NULL, counterfactual TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS event_subject ON event(subject, id);
CREATE TABLE IF NOT EXISTS state(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
)";

HistoryValue gap() {
    HistoryValue value;
    value.requestRate = kUnknown;
    return value;
}

/// The known ones of one figure of several values.
std::vector<double> known(const HistoryBlock& values, double HistoryValue::*field) {
    std::vector<double> found;
    for (const HistoryValue& value : values) {
        if (!std::isnan(value.requestRate) && !std::isnan(value.*field))
            found.push_back(value.*field);
    }
    return found;
}

double mean(std::vector<double> values) {
    if (values.empty())
        return kUnknown;
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double largest(std::vector<double> values) {
    return values.empty() ? kUnknown : *std::max_element(values.begin(), values.end());
}

double smallest(std::vector<double> values) {
    return values.empty() ? kUnknown : *std::min_element(values.begin(), values.end());
}

double median(std::vector<double> values) {
    if (values.empty())
        return kUnknown;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// One coarser value out of several finer ones: see the header. A gap when all are.
HistoryValue combine(const HistoryBlock& values) {
    const auto of = [&values](double HistoryValue::*field) { return known(values, field); };
    HistoryValue sum;
    sum.requestRate = mean(of(&HistoryValue::requestRate));
    sum.errorRate = mean(of(&HistoryValue::errorRate));
    sum.shedRate = mean(of(&HistoryValue::shedRate));
    sum.p50 = median(of(&HistoryValue::p50));
    sum.p95 = largest(of(&HistoryValue::p95));
    sum.p99 = largest(of(&HistoryValue::p99));
    sum.cpuCores = mean(of(&HistoryValue::cpuCores));
    sum.memoryBytes = mean(of(&HistoryValue::memoryBytes));
    sum.cpuPressure = largest(of(&HistoryValue::cpuPressure));
    sum.rtt = median(of(&HistoryValue::rtt));
    sum.minRtt = smallest(of(&HistoryValue::minRtt));
    sum.retransmissionRate = mean(of(&HistoryValue::retransmissionRate));
    return sum;
}

HistoryValue valueOf(const Node& node) {
    HistoryValue value{node.traffic, {}};
    value.cpuCores = node.usage.cpuCores;
    value.memoryBytes = node.usage.rssBytes;
    value.cpuPressure = node.usage.cpuPressure;
    return value;
}

HistoryValue valueOf(const Edge& edge) {
    HistoryValue value{edge.traffic, {}};
    if (edge.sockets.connections > 0) {
        value.rtt = edge.sockets.rtt;
        value.minRtt = edge.sockets.minRtt;
        value.retransmissionRate = edge.sockets.retransmissionRate;
    }
    return value;
}

HistoryValue valueOf(const HostState& host) {
    HistoryValue value;
    value.cpuCores = host.cpu.used() * host.cores;
    value.memoryBytes = host.memoryBytes - host.memoryAvailableBytes;
    value.cpuPressure = host.cpuPressure.some;
    return value;
}

/// The block of one subject at one resolution that is still being filled.
struct OpenBlock {
    std::int64_t start = -1;  ///< aligned to step * kBlockValues
    HistoryBlock values;
    HistoryBlock finer;  ///< values that wait to become one coarser value
    std::int64_t finerSlot = -1;
    bool isDirty = false;
};

using BlockKey = std::pair<std::size_t, std::string>;  // resolution index, subject

class SqliteHistoryStore final : public HistoryStore {
public:
    SqliteHistoryStore(Database writer, Database reader)
        : writer_(std::move(writer)), reader_(std::move(reader)) {
        thread_ = std::thread([this] { run(); });
    }

    ~SqliteHistoryStore() override {
        {
            const std::lock_guard lock(queueMutex_);
            isStopping_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }

    void record(std::shared_ptr<const AgentSnapshot> snapshot) override {
        {
            const std::lock_guard lock(queueMutex_);
            if (snapshots_.size() >= kMostWaiting) {
                ++stats_.secondsDropped;
                return;
            }
            snapshots_.push_back(std::move(snapshot));
        }
        wake_.notify_all();
    }

    void append(std::vector<Event> events) override {
        {
            const std::lock_guard lock(queueMutex_);
            events_.insert(events_.end(), std::make_move_iterator(events.begin()),
                           std::make_move_iterator(events.end()));
        }
        wake_.notify_all();
    }

    void saveState(std::string name, std::string value) override {
        {
            const std::lock_guard lock(queueMutex_);
            states_[std::move(name)] = std::move(value);
        }
        wake_.notify_all();
    }

    void flush() override {
        std::unique_lock lock(queueMutex_);
        const std::uint64_t wanted = ++flushWanted_;
        wake_.notify_all();
        flushed_.wait(lock, [&] { return flushDone_ >= wanted || isStopping_; });
    }

    HistoryStats stats() const override {
        const std::lock_guard lock(queueMutex_);
        return stats_;
    }

    std::string notice() const override {
        return writer_.quarantined().empty()
                   ? std::string()
                   : "the history was damaged; it lies in " + writer_.quarantined();
    }

    Result<std::vector<SeriesPoint>> series(const std::string& subject, std::int64_t fromMillis,
                                            std::int64_t toMillis) override;
    Result<std::vector<Event>> events(std::int64_t afterId, int limit,
                                      const std::string& subject) override;
    std::int64_t newestEventId() override;
    std::string loadState(const std::string& name) override;

private:
    void run();
    void take(const AgentSnapshot& snapshot);
    void add(std::size_t resolution, const std::string& subject, std::int64_t millis,
             const HistoryValue& value);
    void writeBlocks(bool all);
    void writeBlock(const BlockKey& key, OpenBlock& block);
    void writeEvents(const std::vector<Event>& events);
    void writeStates(const std::map<std::string, std::string>& states);
    void prune(std::int64_t nowMillis);
    void count(const Status& status);
    void readOpenBlock(std::size_t resolution, const std::string& subject, std::int64_t fromMillis,
                       std::int64_t toMillis, std::map<std::int64_t, HistoryValue>& points);

    Database writer_;  // writer thread
    std::mutex readerMutex_;
    Database reader_;

    mutable std::mutex queueMutex_;
    std::condition_variable wake_;
    std::condition_variable flushed_;
    std::vector<std::shared_ptr<const AgentSnapshot>> snapshots_;
    std::vector<Event> events_;
    std::map<std::string, std::string> states_;
    HistoryStats stats_;
    std::uint64_t flushWanted_ = 0;
    std::uint64_t flushDone_ = 0;
    bool isStopping_ = false;

    std::mutex blocksMutex_;
    std::map<BlockKey, OpenBlock> blocks_;
    std::int64_t writtenMillis_ = 0;  // writer thread
    std::int64_t prunedMillis_ = 0;   // writer thread
    std::thread thread_;
};

void SqliteHistoryStore::run() {
    std::unique_lock lock(queueMutex_);
    while (true) {
        wake_.wait(lock, [&] {
            return isStopping_ || !snapshots_.empty() || !events_.empty() || !states_.empty() ||
                   flushDone_ < flushWanted_;
        });
        const bool isLast = isStopping_;
        const std::uint64_t flushing = flushWanted_;
        const bool mustFlush = isLast || flushDone_ < flushing;
        auto snapshots = std::exchange(snapshots_, {});
        auto events = std::exchange(events_, {});
        auto states = std::exchange(states_, {});
        lock.unlock();
        for (const auto& snapshot : snapshots)
            take(*snapshot);
        const std::int64_t now = snapshots.empty() ? 0 : snapshots.back()->millis;
        const bool isDue = now - writtenMillis_ >= kWriteEveryMillis || now < writtenMillis_;
        count(writer_.execute("BEGIN"));
        writeEvents(events);
        writeStates(states);
        if (mustFlush || (now != 0 && isDue)) {
            writeBlocks(mustFlush);
            writtenMillis_ = now != 0 ? now : writtenMillis_;
        }
        if (now != 0)
            prune(now);
        count(writer_.execute("COMMIT"));
        lock.lock();
        stats_.secondsWritten += snapshots.size();
        flushDone_ = std::max(flushDone_, flushing);
        flushed_.notify_all();
        if (isLast && snapshots_.empty() && events_.empty())
            return;
    }
}

void SqliteHistoryStore::count(const Status& status) {
    if (status)
        return;
    const std::lock_guard lock(queueMutex_);
    if (stats_.failures++ == 0)
        log::error("store", "history cannot be written, going on without: {}",
                   status.error().message);
}

void SqliteHistoryStore::take(const AgentSnapshot& snapshot) {
    const std::lock_guard lock(blocksMutex_);
    for (const Node& node : snapshot.nodes)
        add(0, node.name, snapshot.millis, valueOf(node));
    for (const Edge& edge : snapshot.edges)
        add(0, edge.id(), snapshot.millis, valueOf(edge));
    if (snapshot.host.millis > 0)
        add(0, "host:" + snapshot.agent.host, snapshot.millis, valueOf(snapshot.host));
}

void SqliteHistoryStore::add(std::size_t resolution, const std::string& subject,
                             std::int64_t millis, const HistoryValue& value) {
    const std::int64_t step = kResolutions[resolution].stepMillis;
    const std::int64_t start = millis - millis % (step * kBlockValues);
    const BlockKey key{resolution, subject};
    OpenBlock& block = blocks_[key];
    if (block.start != start) {
        if (block.start >= 0)
            writeBlock(key, block);
        block.values.clear();
        block.start = start;
    }
    const auto slot = static_cast<std::size_t>((millis - start) / step);
    if (block.values.size() <= slot)
        block.values.resize(slot + 1, gap());
    block.values[slot] = value;
    block.isDirty = true;

    if (resolution + 1 == kResolutions.size())
        return;
    const std::int64_t coarser = kResolutions[resolution + 1].stepMillis;
    if (block.finerSlot != millis / coarser) {
        if (block.finerSlot >= 0 && !block.finer.empty())
            add(resolution + 1, subject, block.finerSlot * coarser, combine(block.finer));
        block.finer.clear();
        block.finerSlot = millis / coarser;
    }
    block.finer.push_back(value);
}

void SqliteHistoryStore::writeBlocks(bool all) {
    const std::lock_guard lock(blocksMutex_);
    for (auto& [key, block] : blocks_) {
        // The coarse blocks change rarely; the fine ones on disk stand in for them until then.
        if (block.isDirty && (all || key.first == 0))
            writeBlock(key, block);
    }
    std::erase_if(blocks_, [this](const auto& entry) {
        const auto& [key, block] = entry;
        const std::int64_t span = kResolutions[key.first].stepMillis * kBlockValues;
        return !block.isDirty && block.finer.empty() && block.start + 2 * span < writtenMillis_;
    });
}

void SqliteHistoryStore::writeBlock(const BlockKey& key, OpenBlock& block) {
    auto statement = writer_.prepare(
        "INSERT OR REPLACE INTO block(step, start, subject, data) VALUES(?, ?, ?, ?)");
    if (!statement)
        return count(Status(statement.error()));
    count(statement->bind(1, kResolutions[key.first].stepMillis)
              .bind(2, block.start)
              .bind(3, key.second)
              .bindBlob(4, encodeBlock(block.values))
              .run());
    block.isDirty = false;
}

void SqliteHistoryStore::writeEvents(const std::vector<Event>& events) {
    if (events.empty())
        return;
    auto statement = writer_.prepare(
        "INSERT OR REPLACE INTO event(id, millis, kind, severity, subject, text, rule, revision, "
        "detail, counterfactual) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!statement)
        return count(Status(statement.error()));
    for (const Event& event : events) {
        count(statement->bind(1, event.id)
                  .bind(2, event.millis)
                  .bind(3, static_cast<std::int64_t>(event.kind))
                  .bind(4, static_cast<std::int64_t>(event.severity))
                  .bind(5, event.subject)
                  .bind(6, event.text)
                  .bind(7, event.rule)
                  .bind(8, event.revision)
                  .bind(9, event.detail)
                  .bind(10, event.counterfactual)
                  .run());
    }
}

void SqliteHistoryStore::writeStates(const std::map<std::string, std::string>& states) {
    for (const auto& [name, value] : states) {
        auto statement = writer_.prepare("INSERT OR REPLACE INTO state(name, value) VALUES(?, ?)");
        if (!statement)
            return count(Status(statement.error()));
        count(statement->bind(1, name).bindBlob(2, value).run());
    }
}

void SqliteHistoryStore::prune(std::int64_t nowMillis) {
    constexpr std::int64_t kPruneEveryMillis = 60'000;
    if (nowMillis - prunedMillis_ < kPruneEveryMillis && nowMillis >= prunedMillis_)
        return;
    prunedMillis_ = nowMillis;
    for (const Resolution& resolution : kResolutions) {
        auto statement = writer_.prepare("DELETE FROM block WHERE step = ? AND start < ?");
        if (!statement)
            return count(Status(statement.error()));
        const std::int64_t span = resolution.stepMillis * kBlockValues;
        count(statement->bind(1, resolution.stepMillis)
                  .bind(2, nowMillis - resolution.keepMillis - span)
                  .run());
    }
    auto statement =
        writer_.prepare("DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?");
    if (statement)
        count(statement->bind(1, kEventsKept).run());
}

void SqliteHistoryStore::readOpenBlock(std::size_t resolution, const std::string& subject,
                                       std::int64_t fromMillis, std::int64_t toMillis,
                                       std::map<std::int64_t, HistoryValue>& points) {
    const std::lock_guard lock(blocksMutex_);
    const auto found = blocks_.find({resolution, subject});
    if (found == blocks_.end())
        return;
    const OpenBlock& block = found->second;
    for (std::size_t i = 0; i < block.values.size(); ++i) {
        const std::int64_t millis =
            block.start + static_cast<std::int64_t>(i) * kResolutions[resolution].stepMillis;
        if (millis >= fromMillis && millis < toMillis && !std::isnan(block.values[i].requestRate))
            points[millis] = block.values[i];
    }
}

Result<std::vector<SeriesPoint>> SqliteHistoryStore::series(const std::string& subject,
                                                            std::int64_t fromMillis,
                                                            std::int64_t toMillis) {
    std::size_t resolution = 0;
    while (resolution + 1 < kResolutions.size() &&
           (toMillis - fromMillis > kResolutions[resolution].keepMillis ||
            (toMillis - fromMillis) / kResolutions[resolution].stepMillis > kMostPoints))
        ++resolution;
    const std::int64_t step = kResolutions[resolution].stepMillis;
    std::map<std::int64_t, HistoryValue> points;
    {
        const std::lock_guard lock(readerMutex_);
        auto statement = reader_.prepare(
            "SELECT start, data FROM block WHERE step = ? AND subject = ? AND start >= ? AND start "
            "< ?");
        if (!statement)
            return statement.error();
        statement->bind(1, step)
            .bind(2, subject)
            .bind(3, fromMillis - step * kBlockValues)
            .bind(4, toMillis);
        Result<bool> row = statement->step();
        for (; row.isOk() && *row; row = statement->step()) {
            const std::int64_t start = statement->integer(0);
            const Result<HistoryBlock> block = decodeBlock(statement->text(1));
            for (std::size_t i = 0; block.isOk() && i < block->size(); ++i) {
                const std::int64_t millis = start + static_cast<std::int64_t>(i) * step;
                if (millis >= fromMillis && millis < toMillis &&
                    !std::isnan((*block)[i].requestRate))
                    points[millis] = (*block)[i];
            }
        }
        if (!row)
            return row.error();
    }
    readOpenBlock(resolution, subject, fromMillis, toMillis, points);
    std::vector<SeriesPoint> result;
    result.reserve(points.size());
    for (const auto& [millis, value] : points)
        result.push_back({millis, value, value});
    return result;
}

Result<std::vector<Event>> SqliteHistoryStore::events(std::int64_t afterId, int limit,
                                                      const std::string& subject) {
    flush();
    const std::lock_guard lock(readerMutex_);
    auto statement = reader_.prepare(
        "SELECT id, millis, kind, severity, subject, text, rule, revision, detail, counterfactual "
        "FROM event WHERE id > ? AND (? = '' OR subject = ?) ORDER BY id DESC LIMIT ?");
    if (!statement)
        return statement.error();
    statement->bind(1, afterId)
        .bind(2, subject)
        .bind(3, subject)
        .bind(4, std::clamp(limit, 1, kMostEvents));
    std::vector<Event> events;
    Result<bool> row = statement->step();
    for (; row.isOk() && *row; row = statement->step()) {
        events.push_back({statement->integer(0), statement->integer(1),
                          static_cast<EventKind>(statement->integer(2)),
                          static_cast<EventSeverity>(statement->integer(3)), statement->text(4),
                          statement->text(5), statement->text(6), statement->integer(7),
                          statement->text(8), statement->text(9)});
    }
    if (!row)
        return row.error();
    std::reverse(events.begin(), events.end());
    return events;
}

std::int64_t SqliteHistoryStore::newestEventId() {
    const std::lock_guard lock(readerMutex_);
    auto statement = reader_.prepare("SELECT coalesce(max(id), 0) FROM event");
    if (!statement)
        return 0;
    const Result<bool> row = statement->step();
    return row.isOk() && *row ? statement->integer(0) : 0;
}

std::string SqliteHistoryStore::loadState(const std::string& name) {
    const std::lock_guard lock(readerMutex_);
    auto statement = reader_.prepare("SELECT value FROM state WHERE name = ?");
    if (!statement)
        return {};
    const Result<bool> row = statement->bind(1, name).step();
    return row.isOk() && *row ? statement->text(0) : std::string();
}

}  // namespace

Result<std::unique_ptr<HistoryStore>> HistoryStore::open(const std::string& directory,
                                                         std::int64_t nowMillis) {
    const std::string path = directory + "/history.db";
    Result<Database> writer = Database::open(path, Durability::Normal, nowMillis);
    if (!writer)
        return writer.error();
    const Status made = writer->execute(kSchema);
    if (!made)
        return made.error();
    const Status added = writer->addMissingText("event", "counterfactual");
    if (!added)
        return added.error();
    Result<Database> reader = Database::open(path, Durability::Normal, nowMillis);
    if (!reader)
        return reader.error();
    return std::unique_ptr<HistoryStore>(
        std::make_unique<SqliteHistoryStore>(std::move(*writer), std::move(*reader)));
}

}  // namespace levee
