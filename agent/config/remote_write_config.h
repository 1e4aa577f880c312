// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/config/http_client_config.h"
#include "agent/config/relabel_config.h"
#include "shared/base/time.h"

namespace levee {

/// One receiver of Prometheus remote write. A value.
struct RemoteWriteConfig {
    std::string name;  ///< unique; by default the URL's host and port
    std::string url;
    Duration timeout = std::chrono::seconds(30);
    std::map<std::string, std::string> headers;
    std::vector<RelabelRule> relabel;  ///< write_relabel_configs
    HttpClientConfig client;

    std::uint32_t capacity = 100'000;             ///< samples that wait; beyond it the oldest go
    std::uint32_t samplesPerSend = 2'000;         ///< max_samples_per_send
    Duration deadline = std::chrono::seconds(5);  ///< batch_send_deadline: a part batch goes then
    Duration minBackoff = std::chrono::milliseconds(30);
    Duration maxBackoff = std::chrono::seconds(5);

    bool operator==(const RemoteWriteConfig&) const = default;
};

}  // namespace levee
