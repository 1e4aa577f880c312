// SPDX-License-Identifier: Apache-2.0
// Certificates of an authority of our own (openssl), and a real HAProxy that speaks TLS in front of
// a plain server.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/support/http_fixture.h"

namespace levee::test {

/// True, with a line that says so, when a program is missing.
inline bool isMissing(const QStringList& programs) {
    for (const QString& program : programs) {
        if (QStandardPaths::findExecutable(program, {}).isEmpty() &&
            QStandardPaths::findExecutable(program, {"/usr/sbin"}).isEmpty()) {
            std::printf("SKIP: %s is not installed\n", qPrintable(program));
            return true;
        }
    }
    return false;
}

/// An authority, a server's certificate for the name metrics.test, and a client's.
class Certificates {
public:
    Certificates() {
        write("server.ext", "subjectAltName=DNS:metrics.test\n");
        openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
            "/CN=levee-test-ca -keyout ca.key -out ca.pem");
        make("server", "-extfile server.ext");
        make("client", "");
        append("server.pem", "server.key");
        openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
            "/CN=another-ca -keyout other.key -out other.pem");
    }
    std::string path(const char* name) const { return directory_.filePath(name).toStdString(); }
    void write(const char* name, const std::string& text) const {
        std::ofstream(path(name)) << text;
    }

private:
    void openssl(const QString& arguments) const {
        QProcess process;
        process.setWorkingDirectory(directory_.path());
        process.start("openssl", arguments.split(' ', Qt::SkipEmptyParts));
        if (!process.waitForFinished() || process.exitCode() != 0)
            qFatal("openssl %s: %s", qPrintable(arguments),
                   process.readAllStandardError().constData());
    }
    void make(const QString& name, const QString& extensions) const {
        openssl(QString("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=%1 "
                        "-keyout %1.key -out %1.csr")
                    .arg(name));
        openssl(QString("x509 -req -in %1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
                        "-out %1.pem %2")
                    .arg(name, extensions));
    }
    void append(const char* to, const char* from) const {
        std::ofstream(path(to), std::ios::app) << std::ifstream(path(from)).rdbuf();
    }

    QTemporaryDir directory_;
};

/// Listens with TLS and passes requests on. `bindOptions` are HAProxy's, after the certificate.
class TlsProxy {
public:
    TlsProxy(const Certificates& certificates, const std::string& server,
             const std::string& bindOptions = {}) {
        address_ = HttpFixture::refusedAddress();
        certificates.write("haproxy.cfg",
                           "defaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n"
                           "  timeout server 30s\nfrontend f\n  bind " +
                               address_ + " ssl crt " + certificates.path("server.pem") + ' ' +
                               bindOptions +
                               "\n  http-request set-header X-Sni %[ssl_fc_sni]\n"
                               "  http-request set-header X-Protocol %[ssl_fc_protocol]\n"
                               "  http-request set-header X-Client %[ssl_c_s_dn(CN)]\n"
                               "  default_backend b\nbackend b\n  server s " +
                               server + '\n');
        process_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process_.start(
            "/usr/sbin/haproxy",
            {"-db", "-q", "-f", QString::fromStdString(certificates.path("haproxy.cfg"))});
        QElapsedTimer waited;
        waited.start();
        while (!answers() && waited.elapsed() < 20'000)
            QTest::qWait(20);
    }
    ~TlsProxy() {
        process_.kill();
        process_.waitForFinished();
    }
    const std::string& address() const { return address_; }
    std::string port() const { return address_.substr(address_.find(':') + 1); }

private:
    bool answers() const {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in peer{};
        peer.sin_family = AF_INET;
        peer.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port())));
        peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool isOpen =
            ::connect(socket, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0;
        ::close(socket);
        return isOpen;
    }

    std::string address_;
    QProcess process_;
};

}  // namespace levee::test
