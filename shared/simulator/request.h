// SPDX-License-Identifier: Apache-2.0
// One attempt at a service, and where all of them are kept. Requests are named by their index, so
// that the pool may grow, and told apart from later owners of the index by their stamp.
#pragma once

#include <cstdint>
#include <vector>

namespace levee::simulator {

constexpr std::uint32_t kNone = 0xffff'ffff;

struct Request {
    enum class Stage : std::uint8_t {
        Free,
        BackingOff,  ///< not sent yet
        AtGate,      ///< waits for a slot
        Backlog,     ///< waits for a server, inside the service
        Working,     ///< on a server
        Failing,     ///< without a server, on its way to fail
        Calling,     ///< waits for its own calls
    };
    double firstAt = 0;       ///< when its caller tried first
    double arrivedAt = 0;     ///< at the service's edge
    double dispatchedAt = 0;  ///< at the instance
    double workedAt = 0;      ///< when its own work was done
    double stalled = 0;       ///< Instance::stalled that its end of work reckons with
    std::uint32_t stamp = 0;
    std::uint32_t next = kNone;    ///< in the list that it waits in
    std::uint32_t parent = kNone;  ///< the request that makes this call; none: a client's
    std::uint32_t user = 0;        ///< key of the user, for cohorts
    std::uint32_t edge = 0;
    std::uint32_t gate = kNone;
    std::uint32_t instance = kNone;
    std::uint32_t pendingCalls = 0;
    std::uint16_t callGroup = 0;
    std::uint8_t level = 0;  ///< index of its priority
    std::uint8_t attempt = 1;
    Stage stage = Stage::Free;
    bool isAwaited = false;  ///< the caller has not given up
    bool holdsServer = false;
    bool hasFailedCall = false;
};

class RequestPool {
public:
    /// A fresh one; references to others are invalid afterwards.
    std::uint32_t allocate() {
        if (free_ == kNone) {
            requests_.emplace_back();
            return static_cast<std::uint32_t>(requests_.size() - 1);
        }
        const std::uint32_t index = free_;
        const std::uint32_t stamp = requests_[index].stamp;
        free_ = requests_[index].next;
        requests_[index] = Request();
        requests_[index].stamp = stamp;
        return index;
    }
    void release(std::uint32_t index) {
        Request& request = requests_[index];
        ++request.stamp;
        request.stage = Request::Stage::Free;
        request.next = free_;
        free_ = index;
    }
    Request& operator[](std::uint32_t index) { return requests_[index]; }
    const Request& operator[](std::uint32_t index) const { return requests_[index]; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(requests_.size()); }

private:
    std::vector<Request> requests_;
    std::uint32_t free_ = kNone;
};

/// First in, first out, through Request::next: a request is in one list at a time.
class RequestList {
public:
    std::uint32_t size() const { return size_; }
    bool isEmpty() const { return size_ == 0; }
    void push(RequestPool& pool, std::uint32_t index) {
        pool[index].next = kNone;
        (isEmpty() ? head_ : pool[tail_].next) = index;
        tail_ = index;
        ++size_;
    }
    /// REQUIRES: not empty.
    std::uint32_t pop(const RequestPool& pool) {
        const std::uint32_t index = head_;
        head_ = pool[index].next;
        --size_;
        return index;
    }
    void clear() { size_ = 0; }

private:
    std::uint32_t head_ = kNone;
    std::uint32_t tail_ = kNone;
    std::uint32_t size_ = 0;
};

}  // namespace levee::simulator
