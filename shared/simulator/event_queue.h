// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace levee::simulator {

enum class EventKind : std::uint8_t {
    Arrival,         ///< index: client
    Retry,           ///< index: request, whose backoff is over
    CallerTimeout,   ///< index: edge, whose oldest attempt may be out of time
    QueueTimeout,    ///< index: gate, likewise for what waits there
    GatewayTimeout,  ///< index: gate, likewise for what is at the service
    WorkDone,        ///< index: request
    Fail,            ///< index: request
    CallsDone,       ///< index: request, whose instance stood still when the last answer came
    Window,          ///< index: gate
    GuardTick,       ///< of all breakers, and of the admission in processes
    Step,            ///< of the traces
    FaultStart,      ///< index: fault
    FaultEnd,        ///< index: fault
};

/// Something that will happen. `stamp` tells a later owner of the same index apart.
struct Event {
    double at = 0;
    std::uint64_t order = 0;  ///< of scheduling, with the kind in the low byte
    std::uint32_t index = 0;
    std::uint32_t stamp = 0;

    EventKind kind() const { return static_cast<EventKind>(order & 0xff); }
    bool operator<(const Event& other) const {
        return at < other.at || (at == other.at && order < other.order);
    }
};

/// What is to come, earliest first; of the same instant, in the order in which it was scheduled. A
/// heap of four children: half as deep as a binary one, and the children share cache lines.
class EventQueue {
public:
    void push(double at, EventKind kind, std::uint32_t index, std::uint32_t stamp = 0) {
        const Event event{at, (scheduled_++ << 8) | static_cast<std::uint64_t>(kind), index, stamp};
        std::size_t hole = heap_.size();
        heap_.push_back(event);
        while (hole > 0 && event < heap_[(hole - 1) / 4]) {
            heap_[hole] = heap_[(hole - 1) / 4];
            hole = (hole - 1) / 4;
        }
        heap_[hole] = event;
    }
    bool isEmpty() const { return heap_.empty(); }
    /// REQUIRES: not empty.
    const Event& next() const { return heap_.front(); }
    /// REQUIRES: not empty.
    void pop() {
        const Event last = heap_.back();
        heap_.pop_back();
        const std::size_t size = heap_.size();
        if (size == 0) {
            return;
        }
        std::size_t hole = 0;
        for (std::size_t first = 1; first < size; first = 4 * hole + 1) {
            const std::size_t end = first + 4 < size ? first + 4 : size;
            std::size_t least = first;
            for (std::size_t child = first + 1; child < end; ++child) {
                least = heap_[child] < heap_[least] ? child : least;
            }
            if (!(heap_[least] < last)) {
                break;
            }
            heap_[hole] = heap_[least];
            hole = least;
        }
        heap_[hole] = last;
    }

private:
    std::vector<Event> heap_;
    std::uint64_t scheduled_ = 0;
};

}  // namespace levee::simulator
