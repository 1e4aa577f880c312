// SPDX-License-Identifier: Apache-2.0
// One bounded HTTP GET of an exposition, as a libcurl transfer in somebody's multi handle. The text
// goes to a sink as it arrives; nothing of it is kept.
//
// Limits, all checked while bytes arrive: the body after decompression, 200 bytes of text for each
// byte sent once there is more than 1 MiB of text, 64 KiB of headers, the time. No redirects, no
// proxies from the environment, http and https only. A status other than 200, a Content-Type that
// is no exposition (where the target has no fallback), and an encoding other than gzip end the
// transfer before its body is read.
//
// libcurl's own size cap is not used: it counts what is sent, which a gzip bomb keeps small.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <string>
#include <string_view>

#include "agent/collect/client_settings.h"
#include "agent/collect/collect_stats.h"
#include "agent/collect/exposition_parser.h"
#include "agent/collect/gzip_inflater.h"
#include "agent/collect/target.h"

namespace levee {

constexpr std::size_t kMaxHeaderBytes = 64 * 1024;
constexpr std::size_t kMaxRatio = 200;
constexpr std::size_t kRatioFreeBytes = 1024 * 1024;

/// Confined to the loop thread. Reusable for any target: buffers and handle are kept.
class HttpFetch {
public:
    /// Takes decompressed text, at most 32 KiB at a time; false ends the transfer.
    using Sink = std::function<bool(std::string_view text, ExpositionFormat format)>;

    HttpFetch();
    ~HttpFetch();
    HttpFetch(const HttpFetch&) = delete;
    HttpFetch& operator=(const HttpFetch&) = delete;

    /// Prepares the handle for a target; the caller adds it to its multi handle. The target must
    /// stay until finish(). `owner` comes back by ownerOf(). False: there is nothing to transfer,
    /// and finish() says why.
    bool begin(const Target& target, void* owner, Sink sink);
    CURL* handle() const { return curl_; }
    static void* ownerOf(CURL* handle);

    /// Judges the transfer after libcurl ended it with `code`. None: the sink has the whole text,
    /// and format() says how to read it. Otherwise error() is a sentence; a sink that refused is a
    /// Transfer failure here.
    ScrapeFailure finish(CURLcode code);

    std::uint64_t textBytes() const { return textBytes_; }  ///< given to the sink
    ExpositionFormat format() const { return format_; }
    const std::string& error() const { return error_; }

private:
    static size_t onHeader(char* data, size_t size, size_t count, void* self);
    static size_t onBody(char* data, size_t size, size_t count, void* self);
    void readHeader(std::string_view line);
    bool checkHead();
    bool takeBody(std::string_view raw);
    bool give(std::string_view text);
    bool fail(ScrapeFailure failure, std::string error);
    ScrapeFailure transportFailure(CURLcode code);

    CURL* curl_;
    ClientSettings settings_;
    GzipInflater inflater_;
    const Target* target_ = nullptr;
    Sink sink_;

    std::string contentType_;
    std::string encoding_;
    std::size_t headerBytes_ = 0;
    std::uint64_t rawBytes_ = 0;
    std::uint64_t textBytes_ = 0;
    bool headChecked_ = false;
    bool gzip_ = false;
    ExpositionFormat format_ = ExpositionFormat::PromText;
    ScrapeFailure failure_ = ScrapeFailure::None;
    std::string error_;
    char curlError_[CURL_ERROR_SIZE] = {};
};

}  // namespace levee
