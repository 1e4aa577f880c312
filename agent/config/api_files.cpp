// SPDX-License-Identifier: Apache-2.0
#include "agent/config/api_files.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "shared/base/token_file.h"

namespace levee {
namespace {

template <auto free>
struct Free {
    template <typename T>
    void operator()(T* object) const {
        free(object);
    }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

/// A key with a password is not asked for one: nobody sits at the agent.
int noPassword(char* /*buffer*/, int /*size*/, int /*isWriting*/, void* /*user*/) {
    return 0;
}

class ApiFiles {
public:
    explicit ApiFiles(Diagnostics& found) : found_(found) {}

    void check(const ApiConfig& api) {
        const Certificate own = certificate(api.certFile, "api.tls.cert_file");
        const Key key = privateKey(api.keyFile);
        if (own && key && X509_check_private_key(own.get(), key.get()) != 1)
            add(api.keyFile, "api.tls.key_file", "is not the key of the certificate in cert_file");
        (void)certificate(api.clientCaFile, "api.tls.client_ca_file");
        const std::string full = token(api.tokenFile);
        const std::string reader = token(api.readonlyTokenFile);
        if (!full.empty() && full == reader)
            add(api.readonlyTokenFile, "api.readonly_token_file",
                "holds the token of api.token_file; a token that may only read is another one");
        ERR_clear_error();
    }

private:
    void add(const NamedFile& file, const char* key, const std::string& problem,
             Severity severity = Severity::Error) {
        found_.push_back(
            {severity, "bad-file", fmt::format("{}: {} {}", key, file.path, problem), file.place});
    }

    Bio open(const NamedFile& file, const char* key) {
        Bio bio(BIO_new_file(file.path.c_str(), "r"));
        if (!bio)
            add(file, key, "cannot be read; is it there, and may the agent's user read it?");
        return bio;
    }

    Certificate certificate(const NamedFile& file, const char* key) {
        if (!file.isGiven())
            return nullptr;
        const Bio bio = open(file, key);
        if (!bio)
            return nullptr;
        Certificate found(PEM_read_bio_X509(bio.get(), nullptr, noPassword, nullptr));
        if (!found)
            add(file, key, "holds no certificate; it must be PEM, -----BEGIN CERTIFICATE-----");
        else if (X509_cmp_current_time(X509_get0_notAfter(found.get())) < 0)
            add(file, key, "has expired: no client will accept it", Severity::Warning);
        else if (X509_cmp_current_time(X509_get0_notBefore(found.get())) > 0)
            add(file, key, "is not valid yet: is the clock right?", Severity::Warning);
        return found;
    }

    Key privateKey(const NamedFile& file) {
        if (!file.isGiven())
            return nullptr;
        const Bio bio = open(file, "api.tls.key_file");
        if (!bio)
            return nullptr;
        Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassword, nullptr));
        if (!key)
            add(file, "api.tls.key_file",
                "holds no private key without a password; it must be PEM, -----BEGIN PRIVATE "
                "KEY-----");
        return key;
    }

    std::string token(const NamedFile& file) {
        if (!file.isGiven())
            return {};
        const Result<std::string> token = readTokenFile(file.path);
        if (!token)
            found_.push_back({Severity::Error, "bad-file", token.error().message, file.place});
        return token ? *token : std::string();
    }

    Diagnostics& found_;
};

}  // namespace

Diagnostics checkApiFiles(const ApiConfig& api) {
    Diagnostics found;
    ApiFiles(found).check(api);
    return found;
}

}  // namespace levee
