// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/agent_channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace levee::wire {
namespace {

constexpr std::size_t kLargestPem = 1024 * 1024;

Result<std::string> readPem(const std::string& path) {
    if (path.empty())
        return std::string();
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                               std::fclose);
    std::string text(kLargestPem + 1, '\0');
    if (file != nullptr)
        text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    if (file == nullptr || std::ferror(file.get()) != 0)
        return Error{"cannot read " + path + ": " + std::strerror(errno)};
    if (text.size() > kLargestPem || text.find("-----BEGIN ") == std::string::npos)
        return Error{path + " is no PEM file of at most 1 MiB: it has to hold -----BEGIN ..."};
    return text;
}

}  // namespace

Result<std::shared_ptr<grpc::Channel>> openAgentChannel(const std::string& address,
                                                        const AgentAccess& access,
                                                        grpc::ChannelArguments arguments) {
    if (std::string problem = accessProblem(access, address); !problem.empty())
        return Error{std::move(problem), ErrorKind::Invalid};
    if (!access.speaksTls())
        return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
    const Result<std::string> ca = readPem(access.caFile);
    const Result<std::string> key = readPem(access.keyFile);
    const Result<std::string> certificate = readPem(access.certFile);
    for (const Result<std::string>* each : {&ca, &key, &certificate})
        if (!*each)
            return each->error();
    if (!access.serverName.empty())
        arguments.SetSslTargetNameOverride(access.serverName);
    return grpc::CreateCustomChannel(address, grpc::SslCredentials({*ca, *key, *certificate}),
                                     arguments);
}

Status presentToken(const AgentAccess& access, grpc::ClientContext& context) {
    const Result<std::string> token = tokenOf(access);
    if (!token)
        return token.error();
    if (!token->empty())
        context.AddMetadata("authorization", "Bearer " + *token);
    return Status::ok();
}

}  // namespace levee::wire
