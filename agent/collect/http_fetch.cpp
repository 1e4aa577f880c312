// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/http_fetch.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <utility>

#include "agent/collect/exposition_negotiation.h"
#include "shared/base/units.h"

namespace levee {
namespace {

std::string lower(std::string_view text) {
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    return lowered;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// At most 64 printable bytes of what a stranger sent.
std::string shown(std::string_view text) {
    std::string out = "'";
    for (const char c : text.substr(0, 64))
        out += c >= 0x20 && c < 0x7f ? c : '?';
    return out + '\'';
}

long millis(Duration d) {
    return std::max(
        1L, static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()));
}

}  // namespace

HttpFetch::HttpFetch() : curl_(curl_easy_init()) {
    if (curl_ == nullptr)
        throw std::bad_alloc();
}

HttpFetch::~HttpFetch() {
    curl_easy_cleanup(curl_);
}

bool HttpFetch::begin(const Target& target, void* owner, Sink sink) {
    target_ = &target;
    sink_ = std::move(sink);
    contentType_.clear();
    encoding_.clear();
    headerBytes_ = 0;
    rawBytes_ = textBytes_ = 0;
    headChecked_ = gzip_ = false;
    failure_ = ScrapeFailure::None;
    error_.clear();
    curlError_[0] = '\0';
    static const std::vector<std::string> kHeaders{kAcceptHeader, "Accept-Encoding: gzip"};
    const Status ready = settings_.apply(curl_, target.url, *target.client, kHeaders);
    curl_easy_setopt(curl_, CURLOPT_PRIVATE, owner);
    if (!ready)
        return fail(ScrapeFailure::Credentials, ready.error().message);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, millis(target.timeout));
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT_MS, millis(target.timeout));
    curl_easy_setopt(curl_, CURLOPT_ERRORBUFFER, curlError_);
    curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, &HttpFetch::onHeader);
    curl_easy_setopt(curl_, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &HttpFetch::onBody);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, this);
    return true;
}

void* HttpFetch::ownerOf(CURL* handle) {
    char* owner = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &owner);
    return owner;
}

bool HttpFetch::fail(ScrapeFailure failure, std::string error) {
    if (failure_ == ScrapeFailure::None) {
        failure_ = failure;
        error_ = std::move(error);
    }
    return false;
}

size_t HttpFetch::onHeader(char* data, size_t size, size_t count, void* self) {
    auto& fetch = *static_cast<HttpFetch*>(self);
    const size_t bytes = size * count;
    fetch.headerBytes_ += bytes;
    if (fetch.headerBytes_ > kMaxHeaderBytes) {
        fetch.fail(ScrapeFailure::Headers, "more than 64 KiB of response headers");
        return 0;
    }
    fetch.readHeader({data, bytes});
    return bytes;
}

void HttpFetch::readHeader(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // a new head, after an interim answer
        contentType_.clear();
        encoding_.clear();
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return;
    const std::string field = lower(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (field == "content-type")
        contentType_ = value;
    else if (field == "content-encoding")
        encoding_.append(encoding_.empty() ? "" : ",").append(lower(value));
}

size_t HttpFetch::onBody(char* data, size_t size, size_t count, void* self) {
    auto& fetch = *static_cast<HttpFetch*>(self);
    const size_t bytes = size * count;
    return fetch.checkHead() && fetch.takeBody({data, bytes}) ? bytes : 0;
}

bool HttpFetch::checkHead() {
    if (headChecked_)
        return failure_ == ScrapeFailure::None;
    headChecked_ = true;
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        return fail(ScrapeFailure::BadStatus,
                    "the target answered with status " + std::to_string(status));
    const auto format = formatOfContentType(contentType_);
    if (!format && !target_->fallback)
        return fail(ScrapeFailure::ContentType,
                    contentType_.empty() ? "the target sent no Content-Type"
                                         : "the Content-Type " + shown(contentType_) +
                                               " is no exposition: expected text/plain or "
                                               "application/openmetrics-text");
    format_ = format ? *format : *target_->fallback;
    gzip_ = encoding_ == "gzip";
    if (!gzip_ && !encoding_.empty() && encoding_ != "identity")
        return fail(ScrapeFailure::Encoding,
                    "the Content-Encoding " + shown(encoding_) + " was not asked for");
    if (gzip_)
        inflater_.reset();
    return true;
}

bool HttpFetch::takeBody(std::string_view raw) {
    rawBytes_ += raw.size();
    if (!gzip_)
        return give(raw);
    const auto outcome = inflater_.feed(raw, [this](std::string_view text) { return give(text); });
    if (outcome == GzipInflater::Outcome::Damaged)
        return fail(ScrapeFailure::Encoding, "the gzip body is damaged");
    return outcome == GzipInflater::Outcome::More;
}

bool HttpFetch::give(std::string_view text) {
    textBytes_ += text.size();
    const std::uint64_t limit = target_->limits.bodyBytes;
    if (textBytes_ > limit)
        return fail(ScrapeFailure::TooBig,
                    "the body is larger than " + std::to_string(limit) + " bytes");
    if (gzip_ && textBytes_ > kRatioFreeBytes && textBytes_ / kMaxRatio > rawBytes_)
        return fail(ScrapeFailure::Bomb, "the body unpacks to more than " +
                                             std::to_string(kMaxRatio) + " times its size");
    return sink_(text, format_);
}

ScrapeFailure HttpFetch::transportFailure(CURLcode code) {
    const std::string why = curlError_[0] != '\0' ? curlError_ : curl_easy_strerror(code);
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            fail(ScrapeFailure::Timeout,
                 "no whole answer within " + formatDuration(target_->timeout));
            break;
        case CURLE_COULDNT_CONNECT:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_URL_MALFORMAT:
            fail(ScrapeFailure::Refused, why);
            break;
        case CURLE_OUT_OF_MEMORY:  // how libcurl 7 reports a header line above its own cap
            fail(ScrapeFailure::Headers, "the response headers are too large");
            break;
        default:
            fail(isTlsFailure(code) ? ScrapeFailure::Tls : ScrapeFailure::Transfer, why);
    }
    return failure_;
}

ScrapeFailure HttpFetch::finish(CURLcode code) {
    if (failure_ != ScrapeFailure::None)
        return failure_;
    if (code != CURLE_OK)
        return transportFailure(code);
    if (checkHead() && gzip_ && !inflater_.isComplete())
        fail(ScrapeFailure::Encoding, "the gzip body ends early");
    return failure_;
}

}  // namespace levee
