// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/runtime/unique_fd.h"

namespace levee::test {

struct HttpAnswer {
    int status = 0;    ///< 0: no answer
    std::string head;  ///< header lines as they came, lower-case names from HAProxy
    std::string body;

    /// "" when it is not there.
    std::string header(const std::string& name) const;
};

/// One keep-alive connection to a loopback port; opened again when the other side closed it after
/// an answer. Confined to one thread.
class HttpClient {
public:
    explicit HttpClient(int port) : port_(port) {}

    /// `headers`: whole lines with "\r\n", or "".
    HttpAnswer get(const std::string& path, const std::string& headers = {});
    /// Sends the request and goes away.
    void abandon(const std::string& path);
    /// Connections that this client has opened.
    int connections() const { return connections_; }

private:
    bool open();
    bool send(const std::string& path, const std::string& headers);

    int port_;
    int connections_ = 0;
    UniqueFd fd_;
};

}  // namespace levee::test
