// SPDX-License-Identifier: Apache-2.0
// Real certificates for tests of TLS, made with OpenSSL in a scratch folder.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace levee::test {

/// The files of one certificate.
struct CertificateFiles {
    std::string certificate;
    std::string key;
};

struct CertificateWish {
    std::string subjectAltNames = "IP:127.0.0.1";
    long fromSeconds = -3600;  ///< from now
    long toSeconds = 3600;
};

/// An authority that issues certificates into `folder`, as NAME.pem and NAME.key; its own is
/// NAME.pem as well. Confined to one thread.
class TestAuthority {
public:
    TestAuthority(std::string folder, const std::string& name) : folder_(std::move(folder)) {
        key_.reset(EVP_EC_gen("P-256"));
        certificate_ = make(name, key_.get(), {"", -7200, 7200}, true);
        file_ = write(name, certificate_.get(), key_.get()).certificate;
    }

    const std::string& file() const { return file_; }

    /// Replaces the files if they are there, the certificate first.
    CertificateFiles issue(const std::string& name, const CertificateWish& wish = {}) {
        const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const Certificate made = make(name, key.get(), wish, false);
        return write(name, made.get(), key.get());
    }

private:
    using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
    using Certificate = std::unique_ptr<X509, void (*)(X509*)>;

    static void check(bool isRight, const char* what) {
        if (!isRight)
            throw std::runtime_error(what);
    }

    Certificate make(const std::string& name, EVP_PKEY* key, const CertificateWish& wish,
                     bool isAuthority) {
        Certificate made(X509_new(), X509_free);
        X509_set_version(made.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), wish.fromSeconds);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), wish.toSeconds);
        X509_set_pubkey(made.get(), key);
        X509_NAME* subject = X509_get_subject_name(made.get());
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509* issuer = isAuthority ? made.get() : certificate_.get();
        X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
        X509V3_CTX context;
        X509V3_set_ctx(&context, issuer, made.get(), nullptr, nullptr, 0);
        const auto extend = [&](int kind, const std::string& value) {
            X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
            check(extension != nullptr && X509_add_ext(made.get(), extension, -1) == 1,
                  "extension");
            X509_EXTENSION_free(extension);
        };
        extend(NID_basic_constraints, isAuthority ? "critical,CA:TRUE" : "CA:FALSE");
        if (!wish.subjectAltNames.empty())
            extend(NID_subject_alt_name, wish.subjectAltNames);
        check(X509_sign(made.get(), key_.get(), EVP_sha256()) > 0, "signature");
        return made;
    }

    CertificateFiles write(const std::string& name, X509* certificate, EVP_PKEY* key) const {
        CertificateFiles files{folder_ + "/" + name + ".pem", folder_ + "/" + name + ".key"};
        replace(files.certificate, [&](std::FILE* f) { return PEM_write_X509(f, certificate); });
        replace(files.key, [&](std::FILE* f) {
            return PEM_write_PrivateKey(f, key, nullptr, nullptr, 0, nullptr, nullptr);
        });
        return files;
    }

    template <typename Write>
    static void replace(const std::string& path, Write into) {
        const std::string next = path + ".next";
        std::FILE* file = std::fopen(next.c_str(), "wb");
        check(file != nullptr && into(file) == 1 && std::fclose(file) == 0 &&
                  std::rename(next.c_str(), path.c_str()) == 0,
              "file");
    }

    std::string folder_;
    Key key_{nullptr, EVP_PKEY_free};
    Certificate certificate_{nullptr, X509_free};
    std::string file_;
    long serial_ = 0;
};

}  // namespace levee::test
