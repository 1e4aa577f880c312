// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/http_call.h"

#include <algorithm>
#include <chrono>
#include <new>

#include "shared/base/units.h"

namespace levee {
namespace {

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return lowered;
}

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

/// Parameters may hold what nobody is to read in a log.
std::string shownUrl(const std::string& url) {
    return url.substr(0, std::min<std::size_t>(url.find('?'), 200));
}

}  // namespace

HttpCaller::HttpCaller() {
    initCurl();
    curl_ = curl_easy_init();
    multi_ = curl_multi_init();
    if (curl_ == nullptr || multi_ == nullptr)
        throw std::bad_alloc();
}

HttpCaller::~HttpCaller() {
    curl_easy_cleanup(curl_);
    curl_multi_cleanup(multi_);
}

size_t HttpCaller::onHeader(char* data, size_t size, size_t count, void* self) {
    auto& caller = *static_cast<HttpCaller*>(self);
    const std::string_view line(data, size * count);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return line.size();
    const std::string field = lower(line.substr(0, colon));
    if (field == "content-type")
        caller.answer_.contentType = trimmed(line.substr(colon + 1)).substr(0, 256);
    else if (field == "retry-after")
        caller.answer_.retryAfter = trimmed(line.substr(colon + 1)).substr(0, 64);
    return line.size();
}

size_t HttpCaller::onBody(char* data, size_t size, size_t count, void* self) {
    auto& caller = *static_cast<HttpCaller*>(self);
    const size_t bytes = size * count;
    if (bytes > caller.maxBytes_ - caller.answer_.body.size()) {
        caller.isTooLong_ = true;
        return 0;
    }
    caller.answer_.body.append(data, bytes);
    return bytes;
}

Status HttpCaller::prepare(const HttpCall& call) {
    answer_ = {};
    maxBytes_ = call.maxBytes;
    isTooLong_ = isStopped_ = false;
    curlError_[0] = '\0';
    const Status ready = settings_.apply(curl_, call.url, call.client, call.headers);
    if (!ready)
        return ready;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(call.timeout).count();
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(ms, 1)));
    curl_easy_setopt(curl_, CURLOPT_ERRORBUFFER, curlError_);
    curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, &HttpCaller::onHeader);
    curl_easy_setopt(curl_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &HttpCaller::onBody);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, this);
    if (!call.unixSocket.empty())
        curl_easy_setopt(curl_, CURLOPT_UNIX_SOCKET_PATH, call.unixSocket.c_str());
    if (call.body) {
        curl_easy_setopt(curl_, CURLOPT_POST, 1L);
        curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, call.body->data());
        curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(call.body->size()));
    }
    return Status::ok();
}

CURLcode HttpCaller::transfer(int stop) {
    curl_multi_add_handle(multi_, curl_);
    CURLcode code = CURLE_OK;
    int running = 1;
    while (running > 0 && !isStopped_) {
        curl_multi_perform(multi_, &running);
        if (running == 0)
            break;
        curl_waitfd also{stop, CURL_WAIT_POLLIN, 0};
        curl_multi_poll(multi_, &also, stop >= 0 ? 1 : 0, 10'000, nullptr);
        isStopped_ = stop >= 0 && also.revents != 0;
    }
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &queued)) {
        if (message->msg == CURLMSG_DONE)
            code = message->data.result;
    }
    curl_multi_remove_handle(multi_, curl_);
    return code;
}

Result<HttpAnswer> HttpCaller::call(const HttpCall& call, int stop) {
    if (const Status ready = prepare(call); !ready)
        return ready.error();
    const CURLcode code = transfer(stop);
    const std::string where = shownUrl(call.url) + ": ";
    if (isStopped_)
        return Error{where + "given up, the agent stops", ErrorKind::Unavailable};
    if (isTooLong_)
        return Error{where + "the answer has more than " + std::to_string(call.maxBytes) + " bytes",
                     ErrorKind::Exhausted};
    if (code == CURLE_OPERATION_TIMEDOUT)
        return Error{where + "no whole answer within " + formatDuration(call.timeout),
                     ErrorKind::Unavailable};
    if (code != CURLE_OK)
        return Error{where + (curlError_[0] != '\0' ? curlError_ : curl_easy_strerror(code)),
                     ErrorKind::Unavailable};
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &answer_.status);
    return std::move(answer_);
}

}  // namespace levee
