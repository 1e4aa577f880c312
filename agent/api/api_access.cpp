// SPDX-License-Identifier: Apache-2.0
#include "agent/api/api_access.h"

#include <grpcpp/security/auth_metadata_processor.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>

#include "agent/api/grpc_log.h"
#include "shared/base/log.h"
#include "shared/base/thread_handover.h"
#include "shared/base/token_file.h"

namespace levee {
namespace {

constexpr unsigned kLookAtCertificatesSeconds = 1;
constexpr std::string_view kHeader = "authorization";
constexpr std::string_view kMethod = ":path";

/// What a token that may only read can call; whatever is new has to be put here to be readable.
constexpr std::array<std::string_view, 15> kReads{
    "/levee.v1.Agent/Hello",     "/levee.v1.Agent/GetSnapshot",   "/levee.v1.Agent/Watch",
    "/levee.v1.Rules/Check",     "/levee.v1.Rules/ListRevisions", "/levee.v1.Rules/ListAudit",
    "/levee.v1.Overrides/List",  "/levee.v1.History/Series",      "/levee.v1.History/Events",
    "/levee.v1.History/Latency", "/levee.v1.Signals/Query",       "/levee.v1.Signals/List",
    "/levee.v1.Traces/List",     "/levee.v1.Traces/Get",          "/levee.v1.Automations/List"};

constexpr std::array<std::string_view, 4> kReasons{"no_token", "wrong_token", "read_only",
                                                   "token_file"};

std::string_view viewOf(grpc::string_ref text) {
    return {text.data(), text.size()};
}

template <typename Metadata>
std::string_view valueOf(const Metadata& metadata, std::string_view key) {
    const auto found = metadata.find(grpc::string_ref(key.data(), key.size()));
    return found == metadata.end() ? std::string_view() : viewOf(found->second);
}

std::string_view tokenOf(std::string_view authorization) {
    constexpr std::string_view kScheme = "Bearer ";
    return authorization.starts_with(kScheme) ? authorization.substr(kScheme.size())
                                              : std::string_view();
}

class TokenProcessor final : public grpc::AuthMetadataProcessor {
public:
    explicit TokenProcessor(ApiAccess& access) : access_(access) { handOver(this); }
    bool IsBlocking() const override { return false; }  // two small files are read
    grpc::Status Process(const InputMetadata& metadata, grpc::AuthContext* /*context*/,
                         OutputMetadata* /*consumed*/, OutputMetadata* /*response*/) override {
        takenOver(this);  // by gRPC, to one of its threads
        return access_.judge(valueOf(metadata, kMethod), valueOf(metadata, kHeader));
    }

private:
    ApiAccess& access_;
};

}  // namespace

bool isReadMethod(std::string_view method) {
    return std::find(kReads.begin(), kReads.end(), method) != kReads.end();
}

ApiAccess::ApiAccess(ApiConfig config) : config_(std::move(config)) {
    (void)failedHandshakes();  // from here on
}

std::shared_ptr<grpc::ServerCredentials> ApiAccess::credentials() {
    using namespace grpc::experimental;
    std::shared_ptr<grpc::ServerCredentials> made;
    if (config_.certFile.isGiven()) {
        TlsServerCredentialsOptions options(std::make_shared<FileWatcherCertificateProvider>(
            config_.keyFile.path, config_.certFile.path, config_.clientCaFile.path,
            kLookAtCertificatesSeconds));
        options.watch_identity_key_cert_pairs();
        if (config_.clientCaFile.isGiven()) {
            options.watch_root_certs();
            options.set_cert_request_type(
                GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
        }
        made = TlsServerCredentials(options);
    } else if (config_.asksForToken()) {
        // As plain as the insecure ones, for this host alone, and able to look at tokens.
        made = LocalServerCredentials(LOCAL_TCP);
    } else {
        return grpc::InsecureServerCredentials();
    }
    if (config_.asksForToken())
        made->SetAuthMetadataProcessor(std::make_shared<TokenProcessor>(*this));
    return made;
}

bool ApiAccess::isReaderToken(std::string_view authorization) const {
    if (!config_.readonlyTokenFile.isGiven())
        return false;
    const Result<std::string> reader = readTokenFile(config_.readonlyTokenFile.path);
    return reader && isSameToken(tokenOf(authorization), *reader);
}

bool ApiAccess::isReader(const grpc::ServerContext& context) const {
    return isReaderToken(valueOf(context.client_metadata(), kHeader));
}

grpc::Status ApiAccess::judge(std::string_view method, std::string_view authorization) {
    using grpc::StatusCode;
    const std::string_view presented = tokenOf(authorization);
    if (presented.empty())
        return refuse(Refusal::NoToken, StatusCode::UNAUTHENTICATED,
                      "this agent asks for a token: name the file that holds it with --token-file, "
                      "or as token_file of the context");
    if (config_.tokenFile.isGiven()) {
        const Result<std::string> full = readTokenFile(config_.tokenFile.path);
        if (!full) {
            log::error("api", "{}; until it is right, nobody is let in", full.error().message);
            return refuse(Refusal::TokenFileFault, StatusCode::UNAUTHENTICATED,
                          "this agent cannot read its own token file, see its log; until then it "
                          "lets nobody in but by its Unix socket");
        }
        if (isSameToken(presented, *full))
            return grpc::Status::OK;
    }
    if (!isReaderToken(authorization))
        return refuse(Refusal::WrongToken, StatusCode::UNAUTHENTICATED,
                      "the token is not the one of this agent: compare it with api.token_file "
                      "there");
    if (isReadMethod(method))
        return grpc::Status::OK;
    return refuse(Refusal::ReadOnly, StatusCode::PERMISSION_DENIED,
                  "the token may only read; changes need the token of api.token_file");
}

grpc::Status ApiAccess::refuse(Refusal why, grpc::StatusCode code, std::string text) {
    ++refused_[static_cast<std::size_t>(why)];
    return {code, std::move(text)};
}

std::vector<std::pair<std::string_view, std::uint64_t>> ApiAccess::refusals() const {
    std::vector<std::pair<std::string_view, std::uint64_t>> all;
    all.emplace_back("handshake", failedHandshakes().load());
    for (std::size_t i = 0; i < kReasons.size(); ++i)
        all.emplace_back(kReasons[i], refused_[i].load());
    return all;
}

}  // namespace levee
