// SPDX-License-Identifier: Apache-2.0
// What every HTTP request of the agent has in common: http and https alone, no redirects, no
// proxies of the environment, credentials and TLS as configured. A secret goes to the server that
// it was configured for and to nobody else; it is in no error.
#pragma once

#include <curl/curl.h>

#include <string>
#include <vector>

#include "agent/config/http_client_config.h"
#include "shared/base/result.h"

namespace levee {

/// The settings of one libcurl handle, and the memory that it borrows for them. Confined to the
/// handle's user.
class ClientSettings {
public:
    ClientSettings() = default;
    ~ClientSettings();
    ClientSettings(const ClientSettings&) = delete;
    ClientSettings& operator=(const ClientSettings&) = delete;

    /// Resets `handle` and sets it up for a request; the caller adds times, sinks and a body.
    /// `headers` are whole lines without their ends. The settings must stay as long as the
    /// transfer. An Error when a file with credentials cannot be used, with its name and why.
    Status apply(CURL* handle, const std::string& url, const HttpClientConfig& client,
                 const std::vector<std::string>& headers);

private:
    void addHeader(const std::string& line);
    void setTls(CURL* handle, const TlsConfig& tls);
    Status setUrl(CURL* handle, const std::string& url, const std::string& serverName);
    Status setCredentials(CURL* handle, const HttpClientConfig& client);

    curl_slist* headers_ = nullptr;
    curl_slist* connectTo_ = nullptr;
};

/// What libcurl wants to be called before its first use. Any thread, any number of times.
void initCurl();

/// A file of at most 64 KiB with one secret in it; white space around it is no part of it.
Result<Secret> readSecretFile(const std::string& path);

/// True for a certificate that was not believed, a handshake that failed, or a file of tls_config
/// that cannot be used.
bool isTlsFailure(CURLcode code);

}  // namespace levee
