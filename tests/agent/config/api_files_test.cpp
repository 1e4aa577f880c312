// SPDX-License-Identifier: Apache-2.0
#include "agent/config/api_files.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "agent/config/config_loader.h"
#include "shared/base/token_file.h"
#include "tests/support/test_certificates.h"
#include "tests/support/test_registry.h"

using namespace levee;

class ApiFilesTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    std::string path_ = folder_.path().toStdString() + "/";
    test::TestAuthority authority_{folder_.path().toStdString(), "ca"};
    test::CertificateFiles own_ = authority_.issue("agent");

    void write(const std::string& name, const std::string& text) const {
        QFile file(QString::fromStdString(path_ + name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(text));
    }
    std::string findings(const std::string& api) const {
        write("agent.yaml", "host: a\napi: " + api + "\n");
        std::string text = format(loadConfig(path_ + "agent.yaml").diagnostics);
        for (std::size_t at = 0; (at = text.find(path_)) != std::string::npos;)
            text.erase(at, path_.size());
        return text;
    }

private slots:
    void rightFilesHaveNoFindings() {
        write("full", std::string(kShortestToken, 'a') + "\n");
        write("reader", std::string(kLongestToken, 'b') + "\r\n");
        QCOMPARE(findings("{tls: {cert_file: agent.pem, key_file: agent.key, client_ca_file: "
                          "ca.pem}, token_file: full, readonly_token_file: reader}"),
                 std::string());
    }
    void wrongOnesAreNamedWithTheirPlace_data() {
        QTest::addColumn<QString>("api");
        QTest::addColumn<QString>("expected");
        QTest::newRow("not there") << "{tls: {cert_file: none.pem, key_file: none.key}}"
                                   << "agent.yaml:2:24: error: api.tls.cert_file: none.pem cannot "
                                      "be read; is it there, and "
                                      "may the agent's user read it?\n"
                                      "agent.yaml:2:44: error: api.tls.key_file: none.key cannot "
                                      "be read; is it there, and "
                                      "may the agent's user read it?\n";
        QTest::newRow("no certificate")
            << "{tls: {cert_file: agent.key, key_file: agent.key}}"
            << "agent.yaml:2:24: error: api.tls.cert_file: agent.key holds no certificate; it must "
               "be PEM, -----BEGIN CERTIFICATE-----\n";
        QTest::newRow("no key")
            << "{tls: {cert_file: agent.pem, key_file: agent.pem}}"
            << "agent.yaml:2:45: error: api.tls.key_file: agent.pem holds no private key without a "
               "password; it must be PEM, -----BEGIN PRIVATE KEY-----\n";
        QTest::newRow("key of another")
            << "{tls: {cert_file: agent.pem, key_file: ca.key}}"
            << "agent.yaml:2:45: error: api.tls.key_file: ca.key is not the key of the certificate "
               "in cert_file\n";
        QTest::newRow("expired")
            << "{tls: {cert_file: old.pem, key_file: old.key}}"
            << "agent.yaml:2:24: warning: api.tls.cert_file: old.pem has expired: no client will "
               "accept it\n";
        QTest::newRow("not yet valid") << "{tls: {cert_file: new.pem, key_file: new.key}}"
                                       << "agent.yaml:2:24: warning: api.tls.cert_file: new.pem is "
                                          "not valid yet: is the clock "
                                          "right?\n";
        QTest::newRow("token not there")
            << "{token_file: none}"
            << "agent.yaml:2:19: error: cannot read the token file none: No such file or "
               "directory\n";
        QTest::newRow("token too short")
            << "{token_file: short}"
            << "agent.yaml:2:19: error: the token file short has 15 characters; a token has 16 to "
               "1024, for example what `openssl rand -hex 32` prints\n";
        QTest::newRow("token too long")
            << "{token_file: long}"
            << "agent.yaml:2:19: error: the token file long has 1025 characters; a token has 16 to "
               "1024, for example what `openssl rand -hex 32` prints\n";
        QTest::newRow("two lines") << "{token_file: lines}"
                                   << "agent.yaml:2:19: error: the token file lines has a blank, a "
                                      "line end or a character "
                                      "that is not ASCII inside\n";
        QTest::newRow("the same token twice")
            << "{token_file: one, readonly_token_file: two}"
            << "agent.yaml:2:45: error: api.readonly_token_file: two holds the token of "
               "api.token_file; a token that may only read is another one\n";
    }
    void wrongOnesAreNamedWithTheirPlace() {
        QFETCH(QString, api);
        QFETCH(QString, expected);
        authority_.issue("old", {"", -3600, -60});
        authority_.issue("new", {"", 600, 3600});
        write("short", std::string(kShortestToken - 1, 'a'));
        write("long", std::string(kLongestToken + 1, 'a'));
        write("lines", "abcdefghijklmnop\nabcdefghijklmnop\n");
        write("one", "abcdefghijklmnop\n");
        write("two", "abcdefghijklmnop");
        QCOMPARE(QString::fromStdString(findings(api.toStdString())), expected);
    }
    void tokensAreComparedWhole() {
        QVERIFY(isSameToken("abc", "abc"));
        for (const char* other : {"", "ab", "abcd", "abd", "abcabc"})
            QVERIFY2(!isSameToken(other, "abc"), other);
        QVERIFY(!isSameToken("", ""));
    }
};

LEVEE_TEST(ApiFilesTest)
#include "api_files_test.moc"
