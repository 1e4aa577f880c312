// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/agent_at.h"
#include "agent/api/grpc_server.h"
#include "agent/cli/agent_client.h"
#include "tests/agent/api/served_api.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include "tests/support/test_certificates.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace levee::cli;

class AgentAtTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    std::string path_ = folder_.path().toStdString();
    test::TestAuthority agents_{path_, "agents-ca"};
    test::TestAuthority clients_{path_, "clients-ca"};
    test::CertificateFiles server_ = agents_.issue("agent");
    test::CertificateFiles client_ = clients_.issue("ana");

    std::string write(const std::string& name, const std::string& text) const {
        QDir(folder_.path()).mkpath("levee");
        QFile file(QString::fromStdString(path_ + "/" + name));
        if (file.open(QIODevice::WriteOnly))
            file.write(QByteArray::fromStdString(text));
        return path_ + "/" + name;
    }

private slots:
    void initTestCase() {
        qputenv("XDG_CONFIG_HOME", folder_.path().toUtf8());
        write("levee/contexts.yaml",
              "contexts:\n"
              "  one: {agents: [\"web1:7400\"], tls: {ca_file: ca.pem, cert_file: me.pem, "
              "key_file: me.key, server_name: web}, token_file: t}\n"
              "  two: {agents: [\"web1:7400\", \"web2:7400\"]}\n"
              "  kept: {agents: [\"unix:/a\"], token: keychain}\n");
    }
    void withoutAContextTheLocalAgentIsMeant() {
        QCOMPARE(chooseAgent({})->address, std::string("unix:/run/levee/agent.sock"));
        QVERIFY(!chooseAgent({})->access.speaksTls());
    }
    void aContextFillsInWhatIsNotSaid() {
        AgentChoice choice;
        choice.context = "one";
        const auto one = chooseAgent(choice);
        QVERIFY2(one.isOk(), one.isOk() ? "" : one.error().message.c_str());
        QCOMPARE(one->address, std::string("web1:7400"));
        const std::string beside = path_ + "/levee/";
        QCOMPARE(one->access, (wire::AgentAccess{beside + "ca.pem", beside + "me.pem",
                                                 beside + "me.key", "web", beside + "t"}));
        choice.agent = "web3:7400";
        choice.access.certFile = "other.pem";
        choice.access.keyFile = "other.key";
        const auto other = chooseAgent(choice);
        QCOMPARE(other->address, std::string("web3:7400"));
        QCOMPARE(other->access.certFile, std::string("other.pem"));
        QCOMPARE(other->access.caFile, beside + "ca.pem");
    }
    void whatCannotBeChosenIsSaid_data() {
        QTest::addColumn<QString>("context");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown") << "moon"
                                 << "has no context 'moon'";
        QTest::newRow("several") << "two"
                                 << "choose one with --agent: web1:7400, web2:7400";
        QTest::newRow("keychain") << "kept"
                                  << "give --token-file";
    }
    void whatCannotBeChosenIsSaid() {
        QFETCH(QString, context);
        QFETCH(QString, says);
        AgentChoice choice;
        choice.context = context.toStdString();
        const auto chosen = chooseAgent(choice);
        QVERIFY(!chosen);
        QVERIFY2(QString::fromStdString(chosen.error().message).contains(says),
                 chosen.error().message.c_str());
    }
    void theClientIsLetInOrSaysWhyNot() {
        ApiConfig config;
        config.certFile.path = server_.certificate;
        config.keyFile.path = server_.key;
        config.clientCaFile.path = clients_.file();
        config.tokenFile.path = write("token", "full-token-0123456789");
        config.readonlyTokenFile.path = write("reader", "reader-token-0123456789");
        const test::ServedApi api(config);
        AgentAt at{api.address(),
                   {agents_.file(), client_.certificate, client_.key, "", path_ + "/token"}};
        const auto full = AgentClient(at).snapshot();
        QVERIFY2(full.isOk(), full.isOk() ? "" : full.error().message.c_str());
        const auto why = [&] {
            const auto answer = AgentClient(at).apply("", "x", true, 0, "ana", "test");
            return answer ? QString() : QString::fromStdString(answer.error().message);
        };
        at.access.tokenFile = path_ + "/reader";
        QVERIFY(AgentClient(at).snapshot().isOk());
        QVERIFY2(why().contains("may only read"), qPrintable(why()));
        at.access.tokenFile = write("wrong", "wrong-token-0123456789");
        QVERIFY2(why().contains("not the one of this agent"), qPrintable(why()));
        at.access.tokenFile = "";
        QVERIFY2(why().contains("--token-file"), qPrintable(why()));
        at.access.tokenFile = path_ + "/nothing";
        QVERIFY2(why().contains("cannot read the token file"), qPrintable(why()));
        at.access.certFile = at.access.keyFile = at.access.tokenFile = "";
        QVERIFY2(why().contains("asks for a client certificate"), qPrintable(why()));
        at.access.certFile = path_ + "/nothing.pem";
        QVERIFY2(why().contains("of no use without its key"), qPrintable(why()));
        at.access = {};
        QVERIFY2(why().contains("speaks TLS"), qPrintable(why()));
    }
};

LEVEE_TEST(AgentAtTest)
#include "agent_at_test.moc"
