// SPDX-License-Identifier: Apache-2.0
// One bounded HTTP exchange that its caller waits for: for work off the hot paths, on a thread of
// the caller's own. Scrapes have http_fetch.h.
#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>
#include <vector>

#include "agent/collect/client_settings.h"
#include "agent/config/http_client_config.h"
#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee {

struct HttpCall {
    std::string url;
    HttpClientConfig client;
    std::vector<std::string> headers;  ///< whole lines without their ends
    std::optional<std::string> body;   ///< sent by POST; else it is a GET
    std::string unixSocket;            ///< "" for TCP
    Duration timeout = std::chrono::seconds(10);
    std::size_t maxBytes = 16 * 1024 * 1024;  ///< of the answer's body
};

struct HttpAnswer {
    long status = 0;
    std::string contentType;
    std::string retryAfter;  ///< the header as it came
    std::string body;
};

/// Keeps its connection from one call to the next. Confined to one thread.
class HttpCaller {
public:
    HttpCaller();
    ~HttpCaller();
    HttpCaller(const HttpCaller&) = delete;
    HttpCaller& operator=(const HttpCaller&) = delete;

    /// Any status is an answer. An Error when there is none, when its body is longer than allowed,
    /// or when `stop` became readable. Errors name the URL without its parameters.
    Result<HttpAnswer> call(const HttpCall& call, int stop);

private:
    static size_t onHeader(char* data, size_t size, size_t count, void* self);
    static size_t onBody(char* data, size_t size, size_t count, void* self);
    Status prepare(const HttpCall& call);
    CURLcode transfer(int stop);

    CURL* curl_;
    CURLM* multi_;
    ClientSettings settings_;
    HttpAnswer answer_;
    std::size_t maxBytes_ = 0;
    bool isTooLong_ = false;
    bool isStopped_ = false;
    char curlError_[CURL_ERROR_SIZE] = {};
};

}  // namespace levee
