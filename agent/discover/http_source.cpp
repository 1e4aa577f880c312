// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/http_source.h"

#include "agent/discover/target_list.h"
#include "rules/lang/source_text.h"

namespace levee::discover {

Result<Found> HttpSource::look(int stop) {
    HttpCall call;
    call.url = config_.url;
    call.client = config_.client;
    call.headers = {"Accept: application/json",
                    "X-Prometheus-Refresh-Interval-Seconds: " +
                        std::to_string(static_cast<int>(toSeconds(config_.refresh)))};
    call.maxBytes = kMaxListBytes;
    const auto answer = caller_.call(call, stop);
    if (!answer)
        return answer.error();
    const std::string shownUrl = config_.url.substr(0, config_.url.find('?'));
    if (answer->status != 200)
        return Error{shownUrl + " answered with status " + std::to_string(answer->status),
                     ErrorKind::Unavailable};
    if (!answer->contentType.starts_with("application/json"))
        return Error{shownUrl + " sent the Content-Type '" + shown(answer->contentType) +
                         "'; it must be application/json",
                     ErrorKind::Invalid};
    auto groups = parseJsonTargets(answer->body);
    if (!groups)
        return Error{shownUrl + ": " + groups.error().message, groups.error().kind};
    for (StaticTargets& group : *groups)
        group.labels["__meta_url"] = config_.url;
    return Found{*std::move(groups), {}};
}

}  // namespace levee::discover
