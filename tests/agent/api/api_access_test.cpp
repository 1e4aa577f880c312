// SPDX-License-Identifier: Apache-2.0
#include "agent/api/api_access.h"
#include "agent/api/grpc_server.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <levee/v1/agent.grpc.pb.h>
#include <levee/v1/automations.pb.h>
#include <levee/v1/enforcement.pb.h>
#include <levee/v1/history.pb.h>
#include <levee/v1/overrides.pb.h>
#include <levee/v1/rules.pb.h>
#include <levee/v1/signals.pb.h>
#include <levee/v1/traces.pb.h>

#include <QFile>
#include <QTest>

#include "shared/wire/agent_channel.h"
#include "shared/wire/version.h"
#include "tests/agent/api/served_api.h"
#include "tests/support/test_certificates.h"
#include "tests/support/test_registry.h"

using namespace levee;

namespace {

const std::string kFull = "full-token-0123456789";
const std::string kReader = "reader-token-0123456789";

/// The methods of all services: "/levee.v1.Rules/Apply".
std::vector<std::string> allMethods() {
    std::vector<std::string> methods;
    for (const auto* file :
         {v1::Snapshot::descriptor()->file(), v1::ListAutomationsReply::descriptor()->file(),
          v1::TurnEnforcementReply::descriptor()->file(), v1::SeriesReply::descriptor()->file(),
          v1::OverrideReply::descriptor()->file(), v1::CheckRulesReply::descriptor()->file(),
          v1::QueryReply::descriptor()->file(), v1::ListTracesReply::descriptor()->file()})
        for (int s = 0; s < file->service_count(); ++s)
            for (int m = 0; m < file->service(s)->method_count(); ++m)
                methods.push_back("/" + file->service(s)->full_name() + "/" +
                                  file->service(s)->method(m)->name());
    return methods;
}

}  // namespace

class ApiAccessTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    std::string path_ = folder_.path().toStdString();
    test::TestAuthority agents_{path_, "agents-ca"};
    test::TestAuthority clients_{path_, "clients-ca"};
    test::TestAuthority strangers_{path_, "strangers-ca"};
    test::CertificateFiles server_ = agents_.issue("agent");
    test::CertificateFiles client_ = clients_.issue("ana");

    std::string file(const std::string& name, const std::string& text) const {
        QFile made(QString::fromStdString(path_ + "/" + name));
        if (made.open(QIODevice::WriteOnly))
            made.write(QByteArray::fromStdString(text));
        return path_ + "/" + name;
    }
    ApiConfig mutualTls() const {
        ApiConfig config;
        config.certFile.path = server_.certificate;
        config.keyFile.path = server_.key;
        config.clientCaFile.path = clients_.file();
        return config;
    }
    ApiConfig tokens() const {
        ApiConfig config;
        config.tokenFile.path = file("token", kFull + "\n");
        config.readonlyTokenFile.path = file("reader", kReader);
        return config;
    }
    wire::AgentAccess ana() const {
        return {agents_.file(), client_.certificate, client_.key, "", "", ""};
    }

    struct Answer {
        grpc::Status status;
        v1::HelloReply reply;
    };
    static Answer hello(const std::string& address, const wire::AgentAccess& access) {
        Answer answer;
        const auto channel = wire::openAgentChannel(address, access, {});
        if (!channel) {
            answer.status = {grpc::StatusCode::ABORTED, channel.error().message};
            return answer;
        }
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
        (void)wire::presentToken(access, context);
        v1::HelloRequest request;
        request.set_protocol(wire::kProtocol);
        answer.status = v1::Agent::NewStub(*channel)->Hello(&context, request, &answer.reply);
        return answer;
    }
    /// An empty message to any method.
    static grpc::StatusCode call(const std::shared_ptr<grpc::Channel>& channel,
                                 const std::string& method, const std::string& token) {
        grpc::GenericStub stub(channel);
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
        if (!token.empty())
            context.AddMetadata("authorization", "Bearer " + token);
        grpc::CompletionQueue queue;
        const auto reader = stub.PrepareUnaryCall(&context, method, grpc::ByteBuffer(), &queue);
        grpc::ByteBuffer reply;
        grpc::Status status;
        reader->StartCall();
        reader->Finish(&reply, &status, nullptr);
        void* tag = nullptr;
        bool isOk = false;
        queue.Next(&tag, &isOk);
        return status.error_code();
    }

private slots:
    void aClientOfTheAuthorityIsLetIn() {
        const test::ServedApi api(mutualTls());
        const Answer answer = hello(api.address(), ana());
        QVERIFY2(answer.status.ok(), answer.status.error_message().c_str());
        QVERIFY(!answer.reply.read_only());
        QCOMPARE(wire::explainTls(ana(), api.address()), std::string());
    }
    void othersAreNotAndLearnWhy_data() {
        QTest::addColumn<QString>("which");
        QTest::addColumn<QString>("why");
        QTest::newRow("no certificate") << "none"
                                        << "asks for a client certificate: give --tls-cert";
        QTest::newRow("another authority") << "stranger"
                                           << "does not accept the client certificate";
        QTest::newRow("expired") << "expired"
                                 << "expired.pem has expired";
        QTest::newRow("not TLS") << "plain"
                                 << "the agent speaks TLS: give --tls-ca";
        QTest::newRow("does not believe the agent") << "doubter"
                                                    << "is not of the authorities in";
        QTest::newRow("another name") << "other name"
                                      << "is not for payment.example";
        QTest::newRow("key of another") << "mixed"
                                        << "is not the key of the certificate";
    }
    void othersAreNotAndLearnWhy() {
        QFETCH(QString, which);
        QFETCH(QString, why);
        wire::AgentAccess access = ana();
        const auto show = [&](const test::CertificateFiles& files) {
            access.certFile = files.certificate;
            access.keyFile = files.key;
        };
        if (which == "none")
            show({});
        else if (which == "stranger")
            show(strangers_.issue("eve"));
        else if (which == "expired")
            show(clients_.issue("expired", {"", -3600, -60}));
        else if (which == "plain")
            access = {};
        else if (which == "doubter")
            access.caFile = strangers_.file();
        else if (which == "other name")
            access.serverName = "payment.example";
        else
            access.keyFile = strangers_.issue("mixed").key;
        const test::ServedApi api(mutualTls());
        const Answer answer = hello(api.address(), access);
        QVERIFY(!answer.status.ok());
        const std::string words = wire::explainTls(access, api.address());
        QVERIFY2(QString::fromStdString(words).contains(why), words.c_str());
    }
    void anAgentWhoseCertificateExpiredIsNotBelieved() {
        ApiConfig config = mutualTls();
        const auto expired = agents_.issue("old-agent", {"IP:127.0.0.1", -3600, -60});
        config.certFile.path = expired.certificate;
        config.keyFile.path = expired.key;
        const test::ServedApi api(config);
        QVERIFY(!hello(api.address(), ana()).status.ok());
        QVERIFY(
            wire::explainTls(ana(), api.address()).find("the agent's certificate has expired") !=
            std::string::npos);
    }
    void tlsWhereThereIsNone() {
        const test::ServedApi api;
        QVERIFY(!hello(api.address(), ana()).status.ok());
        const std::string words = wire::explainTls(ana(), api.address());
        QVERIFY2(words.find("speaks no TLS") != std::string::npos, words.c_str());
        QCOMPARE(wire::explainTls({}, api.address()), std::string());
    }
    void newCertificatesAreUsedWithoutARestart() {
        ApiConfig config = mutualTls();
        const auto first = agents_.issue("rotated");
        config.certFile.path = first.certificate;
        config.keyFile.path = first.key;
        const test::ServedApi api(config);
        QVERIFY(hello(api.address(), ana()).status.ok());
        // The client believes the new authority only: it gets in once the new files are in force.
        test::TestAuthority next(path_, "next-ca");
        next.issue("rotated");
        wire::AgentAccess modern = ana();
        modern.caFile = next.file();
        QTRY_VERIFY_WITH_TIMEOUT(hello(api.address(), modern).status.ok(), 20'000);
        QVERIFY(!hello(api.address(), ana()).status.ok());
    }
    void aTokenIsAskedForOnPlainLoopbackAsWell() {
        const test::ServedApi api(tokens());
        wire::AgentAccess access;
        QCOMPARE(hello(api.address(), access).status.error_code(),
                 grpc::StatusCode::UNAUTHENTICATED);
        QVERIFY(hello(api.address(), access).status.error_message().find("--token-file") !=
                std::string::npos);
        QCOMPARE(api.refused("no_token"), std::uint64_t{2});
        access.token = "wrong-token-0123456789";
        QCOMPARE(hello(api.address(), access).status.error_code(),
                 grpc::StatusCode::UNAUTHENTICATED);
        access.token = kFull + "x";
        QVERIFY(!hello(api.address(), access).status.ok());
        access.token = kFull.substr(0, kFull.size() - 1);
        QVERIFY(!hello(api.address(), access).status.ok());
        QCOMPARE(api.refused("wrong_token"), std::uint64_t{3});
        access.token = kFull;
        const Answer full = hello(api.address(), access);
        QVERIFY2(full.status.ok(), full.status.error_message().c_str());
        QVERIFY(!full.reply.read_only());
        access.token = kReader;
        const Answer reader = hello(api.address(), access);
        QVERIFY(reader.status.ok() && reader.reply.read_only());
    }
    void theUnixSocketNeedsNone() {
        const test::ServedApi api(tokens());
        const Answer answer = hello("unix:" + api.socket(), {});
        QVERIFY(answer.status.ok() && !answer.reply.read_only());
    }
    void everyMethodAsksAndReadersChangeNothing() {
        ApiConfig config = mutualTls();
        config.tokenFile = tokens().tokenFile;
        config.readonlyTokenFile = tokens().readonlyTokenFile;
        const test::ServedApi api(config);
        const auto channel = wire::openAgentChannel(api.address(), ana(), {});
        QVERIFY(channel.isOk());
        const QStringList writes{"/levee.v1.Rules/Apply",     "/levee.v1.Rules/Rollback",
                                 "/levee.v1.Overrides/Set",   "/levee.v1.Overrides/Extend",
                                 "/levee.v1.Overrides/Clear", "/levee.v1.EnforcementSwitch/Turn"};
        const std::vector<std::string> methods = allMethods();
        QVERIFY(methods.size() >= 20);
        for (const std::string& method : methods) {
            QVERIFY2(call(*channel, method, "") == grpc::StatusCode::UNAUTHENTICATED,
                     method.c_str());
            QVERIFY2(call(*channel, method, "wrong-token-0123456789") ==
                         grpc::StatusCode::UNAUTHENTICATED,
                     method.c_str());
            const bool isWrite = writes.contains(QString::fromStdString(method));
            QVERIFY2(isReadMethod(method) == !isWrite, method.c_str());
            if (method == "/levee.v1.Agent/Watch")
                continue;  // has no end
            const bool isRefused =
                call(*channel, method, kReader) == grpc::StatusCode::PERMISSION_DENIED;
            QVERIFY2(isRefused == isWrite, method.c_str());
            const grpc::StatusCode full = call(*channel, method, kFull);
            QVERIFY2(full != grpc::StatusCode::PERMISSION_DENIED &&
                         full != grpc::StatusCode::UNAUTHENTICATED,
                     method.c_str());
        }
        QCOMPARE(api.refused("read_only"), static_cast<std::uint64_t>(writes.size()));
        QVERIFY(!isReadMethod("/levee.v1.Rules/SomethingNew"));
    }
    void aRotatedTokenIsInForceAtOnceAndADamagedFileLetsNobodyIn() {
        const ApiConfig config = tokens();
        const test::ServedApi api(config);
        wire::AgentAccess access;
        access.token = "another-token-0123456789";
        QVERIFY(!hello(api.address(), access).status.ok());
        (void)file("token", access.token + "\n");
        QVERIFY(hello(api.address(), access).status.ok());
        (void)file("token", "");
        access.token = "";
        QVERIFY(!hello(api.address(), access).status.ok());
        access.token = "another-token-0123456789";
        const grpc::Status refused = hello(api.address(), access).status;
        QCOMPARE(refused.error_code(), grpc::StatusCode::UNAUTHENTICATED);
        QVERIFY(refused.error_message().find("its own token file") != std::string::npos);
        QCOMPARE(api.refused("token_file"), std::uint64_t{1});
    }
    void handshakesThatFailAreCounted() {
        const test::ServedApi api(mutualTls());
        wire::AgentAccess nobody = ana();
        nobody.certFile = nobody.keyFile = "";
        const std::uint64_t before = api.refused("handshake");
        QVERIFY(!hello(api.address(), nobody).status.ok());
        QTRY_VERIFY(api.refused("handshake") > before);
    }
    void aTokenIsNeverSentReadableToAnotherHost() {
        wire::AgentAccess access;
        access.token = kFull;
        QVERIFY(hello("10.0.0.1:7400", access).status.error_message().find("readable on its way") !=
                std::string::npos);
        QCOMPARE(wire::accessProblem(access, "127.0.0.1:7400"), std::string());
        QVERIFY(!wire::accessProblem(access, "127.evil.example:7400").empty());
        access.caFile = agents_.file();
        QCOMPARE(wire::accessProblem(access, "10.0.0.1:7400"), std::string());
    }
};

LEVEE_TEST(ApiAccessTest)
#include "api_access_test.moc"
