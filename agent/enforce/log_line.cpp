// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/log_line.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace levee {
namespace {

constexpr std::int64_t kNone = -1;

/// Reads the fields of one line, in place. After the first that does not fit, isGood() is false
/// for good.
class Fields {
public:
    explicit Fields(std::string_view line) : rest_(line) {}

    std::string_view word() {
        const std::size_t end = rest_.find(' ');
        const std::string_view word = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        good_ = good_ && !word.empty();
        return word;
    }
    std::int64_t number(std::int64_t low, std::int64_t high, int base = 10) {
        const std::string_view text = word();
        std::int64_t value = 0;
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, value, base);
        good_ = good_ && error == std::errc{} && stop == end && value >= low && value <= high;
        return value;
    }
    /// A number, or kNone for `-`.
    std::int64_t numberOrDash(std::int64_t high) {
        if (rest_ == "-" || rest_.starts_with("- ")) {
            rest_.remove_prefix(std::min<std::size_t>(2, rest_.size()));
            return kNone;
        }
        return number(0, high);
    }
    void skip(char c) {
        if (rest_.starts_with(c))
            rest_.remove_prefix(1);
    }
    bool isGood() const { return good_; }
    bool isAtEnd() const { return rest_.empty(); }

private:
    std::string_view rest_;
    bool good_ = true;
};

template <typename Small>
Small clamped(std::int64_t value) {
    return static_cast<Small>(
        std::clamp<std::int64_t>(value, 0, std::numeric_limits<Small>::max()));
}

/// UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE and DATA_LOSS; the others are the caller's own
/// doing or an answer.
bool isGrpcFailure(int status) {
    return status == 2 || status == 4 || status == 13 || status == 14 || status == 15;
}

}  // namespace

bool isSampled(char mark, std::string_view termination, int status, int grpc) {
    const char state = termination[1];
    const bool hasHead = state == '-' || state == 'D' || state == 'L';
    return hasHead && mark == '-' && grpc < 0 && status >= 100 && status < 500 && status != 429;
}

Outcome deriveOutcome(char mark, std::string_view termination, int status, int grpc) {
    switch (mark) {
        case 's':
            return Outcome::ShedLimit;
        case 'p':
            return Outcome::ShedPriority;
        case 'd':
            return Outcome::ShedDeadline;
        case 'q':
            return Outcome::ShedRate;
        case 'b':
            return Outcome::ShedBreaker;
        default:
            break;
    }
    const char cause = termination[0];
    const char state = termination[1];
    if (cause == 'C' || cause == 'c')
        return Outcome::ClientGone;
    if (cause == 's' && state == 'Q')
        return Outcome::ShedLimit;
    if (cause == 's' && (state == 'H' || state == 'D'))
        return Outcome::Timeout;
    if (mark == 'r')
        return Outcome::ShedRemote;
    // A request that HAProxy could not read never reached the service.
    if (cause == 'P' && state == 'R')
        return Outcome::ClientGone;
    if (cause != '-' && cause != 'L')
        return Outcome::Failure;
    return status >= 500 || status < 100 || isGrpcFailure(grpc) ? Outcome::Failure
                                                                : Outcome::Success;
}

std::optional<LogLine> parseLogLine(std::string_view line) {
    // Far above any real count, far below what a sum could overflow.
    constexpr std::int64_t kMicros = std::int64_t{1} << 55;
    constexpr std::int64_t kMillis = 1'000'000'000;
    constexpr std::int64_t kCount = 1'000'000'000;
    if (line.size() > kMaxLogLine)
        return std::nullopt;
    Fields fields(line);
    if (fields.word() != "L2")
        return std::nullopt;
    LogLine result;
    RequestRecord& record = result.record;
    result.config = static_cast<std::uint32_t>(fields.number(0, 0xffffffffLL, 16));
    record.listener = static_cast<std::uint32_t>(fields.number(0, 1'000'000));
    const std::int64_t read = fields.numberOrDash(kMicros);
    const std::int64_t answered = fields.numberOrDash(kMicros);
    const std::int64_t written = fields.number(0, kMicros);
    const std::int64_t waited = fields.number(-1, kMillis);
    const std::int64_t connected = fields.number(-1, kMillis);
    const std::int64_t status = fields.number(-1, 999);
    const std::string_view termination = fields.word();
    const std::int64_t others = fields.number(0, kCount);
    const std::int64_t serverQueue = fields.number(0, kCount);
    const std::int64_t backendQueue = fields.number(0, kCount);
    fields.skip('+');
    const std::int64_t retries = fields.number(0, kCount);
    const std::string_view mark = fields.word();
    const std::int64_t server = fields.numberOrDash(kCount);
    const std::int64_t priority = fields.numberOrDash(kCount);
    const std::int64_t barred = fields.numberOrDash(1);
    const std::int64_t grpc = fields.numberOrDash(kCount);
    const std::int64_t every = fields.numberOrDash(kMostSampled);
    if (!fields.isGood() || !fields.isAtEnd() || termination.size() != 4 || mark.size() != 1)
        return std::nullopt;

    record.arrivalMicros = read == kNone ? written : read;
    const std::int64_t end = answered == kNone ? written : answered;
    record.durationMicros = std::max<std::int64_t>(0, end - record.arrivalMicros);
    // HAProxy counts this wait in milliseconds; it is never more than the whole.
    record.queueMicros = std::clamp<std::int64_t>(waited * 1000, 0, record.durationMicros);
    record.status = clamped<std::uint16_t>(status);
    record.serverConnections = clamped<std::uint16_t>(connected >= 0 ? others + 1 : others);
    record.queueLength = clamped<std::uint16_t>(serverQueue + backendQueue);
    record.retries = clamped<std::uint8_t>(retries);
    record.priority = clamped<std::uint8_t>(priority);
    record.isOverRate = mark == "Q";
    record.isTooLate = mark == "D";
    record.isRetryBarred = barred == 1;
    record.target = clamped<std::uint16_t>(server);
    record.outcome =
        deriveOutcome(mark[0], termination, static_cast<int>(status), static_cast<int>(grpc));
    record.goodWeight = static_cast<std::uint32_t>(std::max<std::int64_t>(1, every));
    if (isSampled(mark[0], termination, static_cast<int>(status), static_cast<int>(grpc)))
        record.weight = record.goodWeight;
    return result;
}

}  // namespace levee
