// SPDX-License-Identifier: Apache-2.0
// A batch of samples as a request of Prometheus remote write 1.0: the message
// prometheus.WriteRequest in protobuf, in one block of snappy. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/collect/relabel.h"
#include "agent/collect/series.h"

namespace levee::forward {

/// A sample with its time. Value and time are sent as they are, NaN bit by bit.
struct TimedSample {
    std::shared_ptr<const Series> series;
    double value = 0;
    std::int64_t millis = 0;  ///< since the Unix epoch
};

/// The value that ends a series (StaleNaN).
double staleMarker();

/// What is done to the labels of every series: external labels are added where it has none of their
/// names, then the rules run.
struct WriteTerms {
    std::map<std::string, std::string> externalLabels;
    std::shared_ptr<const Relabeler> relabel;  ///< null: none
};

struct WriteRequest {
    std::string body;         ///< compressed
    std::size_t samples = 0;  ///< in it
    std::size_t dropped = 0;  ///< by the rules
};

WriteRequest encodeRequest(std::span<const TimedSample> samples, const WriteTerms& terms);

}  // namespace levee::forward
