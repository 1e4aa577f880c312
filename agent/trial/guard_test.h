// SPDX-License-Identifier: Apache-2.0
// A test of rules as values: what traffic comes, what the guard shall decide. guard_test_file.h
// makes them from YAML.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/diagnostic.h"
#include "shared/base/time.h"

namespace levee::trial {

/// A stretch of even traffic.
struct Phase {
    Duration length{};
    double rate = 0;                                   ///< requests per second
    Duration latency = std::chrono::milliseconds(10);  ///< of a request that does not wait
    double failures = 0;                               ///< share of them
};

enum class BreakerExpectation { Closed, Open, Opens, Closes };

struct Bounds {
    double least = 0;
    double most = 0;
};

/// One of breaker, limit and shed.
struct Expectation {
    Duration from{};
    Duration to = Duration::max();  ///< max: the end
    std::optional<BreakerExpectation> breaker;
    Duration within{};  ///< Opens, Closes
    std::optional<Bounds> limit;
    std::optional<Bounds> shed;
    SourcePlace place;
};

struct GuardTest {
    std::string name;
    std::string client;  ///< "" for the service's own guard
    std::string service;
    std::uint32_t servers = 0;  ///< 0: no bound
    std::vector<Phase> traffic;
    std::vector<Expectation> expect;
    SourcePlace place;

    std::string subject() const { return client.empty() ? service : client + "->" + service; }
    Duration length() const;
};

/// "breaker opens within 300ms from 10s", "limit 5..40".
std::string describe(const Expectation& expectation);

}  // namespace levee::trial
