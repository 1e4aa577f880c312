// SPDX-License-Identifier: Apache-2.0
// How the agent introduces itself to an HTTP server, and whom it believes: basic_auth,
// authorization and tls_config in Prometheus' spelling. Values.
//
// Files are named here and read when they are used, so that a rotated password, token or
// certificate needs no reload.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace levee {

/// A text that must not be shown: what prints, compares or logs configurations never sees inside.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}

    bool isEmpty() const { return value_.empty(); }
    const std::string& reveal() const { return value_; }  ///< for the peer it is meant for
    bool operator==(const Secret&) const = default;

private:
    std::string value_;
};

/// At most one of password and passwordFile is given.
struct BasicAuth {
    std::string username;
    Secret password;
    std::string passwordFile;  ///< absolute, or relative to the working directory; "" for none

    bool operator==(const BasicAuth&) const = default;
};

/// The header Authorization, as `type credentials`. At most one of the two credentials is given.
struct Authorization {
    std::string type = "Bearer";
    Secret credentials;
    std::string credentialsFile;

    bool operator==(const Authorization&) const = default;
};

struct TlsConfig {
    std::string caFile;    ///< believed instead of the system's authorities; "" for those
    std::string certFile;  ///< shown to the server, together with keyFile
    std::string keyFile;
    std::string serverName;  ///< asked for and expected instead of the URL's host
    bool insecureSkipVerify = false;
    std::string minVersion;  ///< "TLS12", "TLS13"; "": what the library takes

    bool operator==(const TlsConfig&) const = default;
};

struct HttpClientConfig {
    std::optional<BasicAuth> basicAuth;  ///< this or authorization, or none
    std::optional<Authorization> authorization;
    TlsConfig tls;

    bool operator==(const HttpClientConfig&) const = default;
};

}  // namespace levee
