// SPDX-License-Identifier: Apache-2.0
// explainTls: gRPC says of a failed handshake that a socket was closed. This looks with OpenSSL
// itself, once, after a failure.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>

#include "shared/wire/agent_access.h"

namespace levee::wire {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kMostTime{2000};

template <auto free>
struct Free {
    template <typename T>
    void operator()(T* object) const {
        free(object);
    }
};
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Connection = std::unique_ptr<SSL, Free<SSL_free>>;
using Addresses = std::unique_ptr<addrinfo, Free<freeaddrinfo>>;

class Socket {
public:
    explicit Socket(int fd) : fd_(fd) {}
    ~Socket() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&&) = delete;
    int fd() const { return fd_; }

private:
    int fd_;
};

bool waitFor(int fd, short what, Clock::time_point end) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    pollfd place{fd, what, 0};
    return left.count() > 0 && ::poll(&place, 1, static_cast<int>(left.count())) == 1;
}

struct Place {
    std::string host;
    std::string port;
};

Place placeOf(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos)
        return {address, ""};
    std::string host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    return {host, address.substr(colon + 1)};
}

Socket connectTo(const Place& place, Clock::time_point end) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found) != 0)
        return Socket(-1);
    const Addresses addresses(found);
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        Socket socket(::socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                               each->ai_protocol));
        if (socket.fd() < 0)
            continue;
        if (::connect(socket.fd(), each->ai_addr, each->ai_addrlen) == 0)
            return socket;
        int failure = 0;
        socklen_t size = sizeof failure;
        if (errno == EINPROGRESS && waitFor(socket.fd(), POLLOUT, end) &&
            ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &failure, &size) == 0 && failure == 0)
            return socket;
    }
    return Socket(-1);
}

bool isName(const std::string& host) {
    in_addr four{};
    in6_addr six{};
    return ::inet_pton(AF_INET, host.c_str(), &four) != 1 &&
           ::inet_pton(AF_INET6, host.c_str(), &six) != 1;
}

/// Runs an SSL operation until it ends or time is over; its last result.
template <typename Operation>
int drive(SSL* ssl, int fd, Clock::time_point end, Operation operation) {
    while (true) {
        ERR_clear_error();
        const int result = operation(ssl);
        if (result > 0)
            return SSL_ERROR_NONE;
        const int error = SSL_get_error(ssl, result);
        const bool reads = error == SSL_ERROR_WANT_READ;
        if (!reads && error != SSL_ERROR_WANT_WRITE)
            return error;
        if (!waitFor(fd, reads ? POLLIN : POLLOUT, end))
            return error;
    }
}

std::string certificateWords(const AgentAccess& access, long verdict, const std::string& host) {
    const std::string& expected = access.serverName.empty() ? host : access.serverName;
    switch (verdict) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "the agent's certificate has expired: renew it on the agent's host";
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "the agent's certificate is not valid yet: are both clocks right?";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "the agent's certificate is not for " + expected +
                   ": use the name that it has, or give that name as the server name";
        default:
            return "the agent's certificate is not of the authorities in " +
                   (access.caFile.empty() ? std::string("this system") : access.caFile) + " (" +
                   X509_verify_cert_error_string(verdict) + "): give the file of its authority";
    }
}

bool hasExpired(const SSL* ssl) {
    const X509* own = SSL_get_certificate(ssl);
    return own != nullptr && X509_cmp_current_time(X509_get0_notAfter(own)) < 0;
}

/// gRPC closes the connection without saying why; what it asked for tells.
std::string refusalWords(const AgentAccess& access, const SSL* ssl, bool isAskedForOne) {
    if (!isAskedForOne)
        return "the agent ends the connection after the TLS handshake";
    if (access.certFile.empty())
        return "the agent asks for a client certificate: give --tls-cert and --tls-key, or "
               "cert_file and key_file of the context";
    if (hasExpired(ssl))
        return "the client certificate " + access.certFile +
               " has expired: get a new one from the agents' authority";
    return "the agent does not accept the client certificate " + access.certFile +
           ": it has to be of the authority in its api.tls.client_ca_file";
}

/// OpenSSL's reason for a handshake that did not come to an end.
std::string brokenWords(unsigned long error) {
    switch (ERR_GET_REASON(error)) {
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_HTTP_REQUEST:
        case SSL_R_PACKET_LENGTH_TOO_LONG:
        case SSL_R_UNEXPECTED_EOF_WHILE_READING:
            return "the agent there speaks no TLS: leave the certificates away, or give its agent "
                   "api.tls";
        default:
            break;
    }
    const char* reason = ERR_reason_error_string(error);
    return "the TLS handshake fails: " +
           std::string(reason != nullptr ? reason : "no reason given");
}

int noteRequest(SSL* /*ssl*/, void* isAskedForOne) {
    *static_cast<bool*>(isAskedForOne) = true;
    return 1;
}

}  // namespace

std::string explainTls(const AgentAccess& access, const std::string& address) {
    if (address.starts_with("unix:"))
        return {};
    const Clock::time_point end = Clock::now() + kMostTime;
    const Place place = placeOf(address);
    const Socket socket = connectTo(place, end);
    if (socket.fd() < 0)
        return {};  // not there at all
    const Context context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    if (access.caFile.empty())
        SSL_CTX_set_default_verify_paths(context.get());
    else
        SSL_CTX_load_verify_locations(context.get(), access.caFile.c_str(), nullptr);
    if (!access.certFile.empty() &&
        (SSL_CTX_use_certificate_chain_file(context.get(), access.certFile.c_str()) != 1 ||
         SSL_CTX_use_PrivateKey_file(context.get(), access.keyFile.c_str(), SSL_FILETYPE_PEM) !=
             1 ||
         SSL_CTX_check_private_key(context.get()) != 1))
        return access.keyFile + " is not the key of the certificate " + access.certFile +
               ": both have to be PEM, without a password";
    const Connection ssl(SSL_new(context.get()));
    const std::string& name = access.serverName.empty() ? place.host : access.serverName;
    if (isName(name)) {
        SSL_set_tlsext_host_name(ssl.get(), name.c_str());
        SSL_set1_host(ssl.get(), name.c_str());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), name.c_str());
    }
    constexpr unsigned char kHttp2[] = {2, 'h', '2'};
    SSL_set_alpn_protos(ssl.get(), kHttp2, sizeof kHttp2);
    SSL_set_fd(ssl.get(), socket.fd());
    bool isAskedForOne = false;
    SSL_set_cert_cb(ssl.get(), noteRequest, &isAskedForOne);
    const int shaken = drive(ssl.get(), socket.fd(), end, SSL_connect);
    const bool isTls = shaken == SSL_ERROR_NONE || SSL_get_pending_cipher(ssl.get()) != nullptr;
    if (!access.speaksTls())
        return isTls ? "the agent speaks TLS: give --tls-ca with the file of its authority, or "
                       "ca_file of the context"
                     : "";
    if (shaken != SSL_ERROR_NONE && isTls)
        return refusalWords(access, ssl.get(), isAskedForOne);
    if (shaken != SSL_ERROR_NONE)
        return shaken == SSL_ERROR_SSL ? brokenWords(ERR_peek_error()) : "";
    const long verdict = SSL_get_verify_result(ssl.get());
    if (verdict != X509_V_OK)
        return certificateWords(access, verdict, place.host);
    // By TLS 1.3 the agent judges our certificate after the handshake; else it begins to talk.
    char byte = 0;
    const int heard =
        drive(ssl.get(), socket.fd(), end, [&](SSL* each) { return SSL_read(each, &byte, 1); });
    const bool isSilent = heard == SSL_ERROR_WANT_READ || heard == SSL_ERROR_WANT_WRITE;
    return heard == SSL_ERROR_NONE || isSilent ? std::string()
                                               : refusalWords(access, ssl.get(), isAskedForOne);
}

}  // namespace levee::wire
