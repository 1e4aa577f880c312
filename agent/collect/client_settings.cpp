// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/client_settings.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

namespace levee {
namespace {

constexpr std::size_t kMaxSecretFile = 64 * 1024;

class OpenFile {
public:
    explicit OpenFile(const std::string& path)
        // Not blocking: a named pipe without a writer must not hold the scrapes up.
        : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~OpenFile() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    int fd() const { return fd_; }
    bool isRegular() const {
        struct stat status {};
        return ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
    }

private:
    int fd_;
};

Error unusable(const std::string& path, const std::string& why) {
    return {"cannot read " + path + ": " + why, ErrorKind::Unavailable};
}

long sslVersion(const std::string& version) {
    if (version == "TLS10")
        return CURL_SSLVERSION_TLSv1_0;
    if (version == "TLS11")
        return CURL_SSLVERSION_TLSv1_1;
    if (version == "TLS13")
        return CURL_SSLVERSION_TLSv1_3;
    return version == "TLS12" ? CURL_SSLVERSION_TLSv1_2 : CURL_SSLVERSION_DEFAULT;
}

/// A part of an URL, or "".
std::string part(CURLU* url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
        return {};
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return text;
}

}  // namespace

void initCurl() {
    // curl_global_init is not to be repeated; the process never needs the matching cleanup.
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)code;
}

Result<Secret> readSecretFile(const std::string& path) {
    const OpenFile file(path);
    if (file.fd() < 0)
        return unusable(path, std::strerror(errno));
    if (!file.isRegular())
        return unusable(path, "it is no file");
    std::string text(kMaxSecretFile + 1, '\0');
    std::size_t size = 0;
    for (ssize_t got = 1; got > 0 && size < text.size(); size += static_cast<std::size_t>(got)) {
        got = ::read(file.fd(), text.data() + size, text.size() - size);
        if (got < 0)
            return unusable(path, std::strerror(errno));
    }
    if (size > kMaxSecretFile)
        return unusable(path, "it has more than 64 KiB");
    text.resize(size);
    constexpr const char* kBlanks = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(kBlanks);
    text = first == std::string::npos
               ? std::string()
               : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
    if (std::any_of(text.begin(), text.end(), [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
        }))
        return unusable(path, "its text has a control character");
    return Secret(std::move(text));
}

bool isTlsFailure(CURLcode code) {
    constexpr std::array kCodes{CURLE_SSL_CONNECT_ERROR,     CURLE_PEER_FAILED_VERIFICATION,
                                CURLE_SSL_CERTPROBLEM,       CURLE_SSL_CIPHER,
                                CURLE_SSL_CACERT_BADFILE,    CURLE_SSL_ISSUER_ERROR,
                                CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CLIENTCERT};
    return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

ClientSettings::~ClientSettings() {
    curl_slist_free_all(headers_);
    curl_slist_free_all(connectTo_);
}

void ClientSettings::addHeader(const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers_, line.c_str());
    if (longer == nullptr)
        throw std::bad_alloc();
    headers_ = longer;
}

Status ClientSettings::apply(CURL* handle, const std::string& url, const HttpClientConfig& client,
                             const std::vector<std::string>& headers) {
    // What the handle did for another server must not show in this request.
    curl_easy_reset(handle);
    curl_slist_free_all(headers_);
    curl_slist_free_all(connectTo_);
    headers_ = connectTo_ = nullptr;
    for (const std::string& line : headers)
        addHeader(line);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "levee-agent");
    Status done = setUrl(handle, url, client.tls.serverName);
    if (done)
        done = setCredentials(handle, client);
    setTls(handle, client.tls);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers_);
    return done;
}

/// libcurl takes the name for the handshake from the URL: where another one is asked for, the URL
/// gets that, and the connection goes where the URL went.
Status ClientSettings::setUrl(CURL* handle, const std::string& url, const std::string& serverName) {
    if (serverName.empty() || !url.starts_with("https:")) {
        curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
        return Status::ok();
    }
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(), &curl_url_cleanup);
    if (parts == nullptr)
        throw std::bad_alloc();
    if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
        return Error{"'" + url + "' is no URL", ErrorKind::Invalid};
    const std::string host = part(parts.get(), CURLUPART_HOST);
    const std::string port = part(parts.get(), CURLUPART_PORT);
    const std::string named =
        serverName.find(':') != std::string::npos && !serverName.starts_with('[')
            ? '[' + serverName + ']'
            : serverName;
    if (curl_url_set(parts.get(), CURLUPART_HOST, named.c_str(), 0) != CURLUE_OK)
        return Error{"the server_name '" + serverName + "' is no host", ErrorKind::Invalid};
    curl_easy_setopt(handle, CURLOPT_URL, part(parts.get(), CURLUPART_URL).c_str());
    connectTo_ = curl_slist_append(nullptr, ("::" + host + ':' + port).c_str());
    curl_easy_setopt(handle, CURLOPT_CONNECT_TO, connectTo_);
    addHeader("Host: " + host + ':' + port);
    return Status::ok();
}

Status ClientSettings::setCredentials(CURL* handle, const HttpClientConfig& client) {
    if (client.basicAuth) {
        Secret password = client.basicAuth->password;
        if (!client.basicAuth->passwordFile.empty()) {
            auto read = readSecretFile(client.basicAuth->passwordFile);
            if (!read)
                return read.error();
            password = *std::move(read);
        }
        curl_easy_setopt(handle, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(handle, CURLOPT_USERNAME, client.basicAuth->username.c_str());
        curl_easy_setopt(handle, CURLOPT_PASSWORD, password.reveal().c_str());
    }
    if (client.authorization) {
        Secret credentials = client.authorization->credentials;
        if (!client.authorization->credentialsFile.empty()) {
            auto read = readSecretFile(client.authorization->credentialsFile);
            if (!read)
                return read.error();
            credentials = *std::move(read);
        }
        addHeader("Authorization: " + client.authorization->type + ' ' + credentials.reveal());
    }
    return Status::ok();
}

void ClientSettings::setTls(CURL* handle, const TlsConfig& tls) {
    if (!tls.caFile.empty()) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, tls.caFile.c_str());
        // The system's folder would be believed as well.
        curl_easy_setopt(handle, CURLOPT_CAPATH, nullptr);
    }
    if (!tls.certFile.empty()) {
        curl_easy_setopt(handle, CURLOPT_SSLCERT, tls.certFile.c_str());
        curl_easy_setopt(handle, CURLOPT_SSLKEY, tls.keyFile.c_str());
    }
    if (!tls.minVersion.empty())
        curl_easy_setopt(handle, CURLOPT_SSLVERSION, sslVersion(tls.minVersion));
    if (tls.insecureSkipVerify) {
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
    }
}

}  // namespace levee
