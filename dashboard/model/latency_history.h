// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "shared/model/latency_map.h"

namespace levee {

/// Requests of one subject, and of the edges around it, by time and latency, as all agents together
/// have told so far. Keeps the newest 15 minutes. Not thread-safe.
class LatencyHistory {
public:
    static constexpr std::int64_t kKeptMillis = 15 * 60'000;

    struct Stream {
        std::string subject;
        bool isFromTraces = false;
        std::deque<LatencySlice> slices;  ///< ascending, none twice
    };

    void clear() { *this = {}; }
    /// `agent`: place in the session pool. Slices that are there already are left out.
    void take(std::size_t agent, const LatencyMap& map);
    /// Where to ask the agent from the next time; 0: it has not told anything.
    std::int64_t untilOf(std::size_t agent) const;

    bool isEmpty() const { return sliceMillis_ == 0; }
    std::int64_t sliceMillis() const { return sliceMillis_; }
    /// All that is told lies in [from, until); both 0 before the first answer.
    std::int64_t fromMillis() const { return from_; }
    std::int64_t untilMillis() const { return until_; }
    int streamsLeftOut() const;

    /// Calls visit(stream) for each stream of the subject: one an agent that sees it.
    template <typename Visit>
    void forEach(const std::string& subject, Visit visit) const {
        for (const auto& [key, stream] : streams_)
            if (stream.subject == subject)
                visit(stream);
    }
    template <typename Visit>
    void forEach(Visit visit) const {
        for (const auto& [key, stream] : streams_)
            visit(stream);
    }

private:
    struct Told {
        std::int64_t from = 0;
        std::int64_t until = 0;
        int leftOut = 0;
    };

    void forgetOld();

    std::map<std::pair<std::size_t, std::string>, Stream> streams_;
    std::map<std::size_t, Told> told_;
    std::int64_t sliceMillis_ = 0;
    std::int64_t from_ = 0;
    std::int64_t until_ = 0;
};

}  // namespace levee
