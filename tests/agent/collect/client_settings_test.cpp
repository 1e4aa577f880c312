// SPDX-License-Identifier: Apache-2.0
// Credentials and TLS of scrapes, against a real HAProxy with certificates of our own.
#include "agent/collect/client_settings.h"

#include <sys/stat.h>

#include <QTest>
#include <mutex>

#include "agent/collect/collector.h"
#include "agent/collect/http_fetch.h"
#include "tests/agent/collect/tls_proxy.h"
#include "tests/support/test_registry.h"

using namespace levee;
using namespace std::chrono_literals;
using test::HttpFixture;

namespace {

struct Fetched {
    ScrapeFailure failure = ScrapeFailure::None;
    std::string error;
    std::string head;  ///< of the request, as the server saw it
};

/// One scrape of `job`'s only target.
Fetched fetched(const ScrapeJob& job) {
    const auto targets = makeTargets({job});
    if (!targets)
        return {ScrapeFailure::Refused, targets.error().message, {}};
    HttpFetch fetch;
    CURLcode code = CURLE_OK;
    if (fetch.begin(targets->at(0), nullptr, [](auto, auto) { return true; }))
        code = curl_easy_perform(fetch.handle());
    const ScrapeFailure failure = fetch.finish(code);
    return {failure, fetch.error(), {}};
}

ScrapeJob jobFor(const std::string& address, const std::string& scheme = "http") {
    ScrapeJob job;
    job.name = "j";
    job.interval = job.timeout = 10s;
    job.scheme = scheme;
    job.statics.push_back({{address}, {}});
    return job;
}

/// A server that remembers the head of its last request.
class Server {
public:
    std::string head() const {
        const std::lock_guard lock(mutex_);
        return head_;
    }
    bool sawLine(const std::string& line) const {
        const std::string seen = head();
        return seen.find("\r\n" + line + "\r\n") != std::string::npos;
    }

private:
    mutable std::mutex mutex_;
    std::string head_;

public:
    HttpFixture fixture{[this](HttpFixture::Exchange& exchange) {
        {
            const std::lock_guard lock(mutex_);
            head_ = exchange.head();
        }
        exchange.send(HttpFixture::answer("a 1\n"));
    }};
};

constexpr const char* kSecret = "s3cr3t-do-not-show";

}  // namespace

class ClientSettingsTest : public QObject {
    Q_OBJECT

    static const test::Certificates& certificates() {
        static const test::Certificates made;
        return made;
    }

private slots:
    void basicAuthIsSentAsPrometheusSendsIt() {
        Server server;
        ScrapeJob job = jobFor(server.fixture.address());
        job.client.basicAuth = BasicAuth{"admin", Secret("pa:ss wörd"), ""};
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
        QVERIFY2(server.sawLine("Authorization: Basic " +
                                QByteArray("admin:pa:ss wörd").toBase64().toStdString()),
                 server.head().c_str());
        job.client.basicAuth = BasicAuth{"admin", Secret(), ""};
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
        QVERIFY(server.sawLine("Authorization: Basic " +
                               QByteArray("admin:").toBase64().toStdString()));
    }
    void authorizationHasATypeAndCredentials() {
        Server server;
        ScrapeJob job = jobFor(server.fixture.address());
        job.client.authorization = Authorization{"Bearer", Secret("abc.def"), ""};
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
        QVERIFY(server.sawLine("Authorization: Bearer abc.def"));
        job.client.authorization->type = "Token";
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
        QVERIFY(server.sawLine("Authorization: Token abc.def"));
    }
    void secretFilesAreReadAtEachScrape() {
        QTemporaryDir directory;
        const std::string file = directory.filePath("password").toStdString();
        const auto write = [&](const std::string& text) { std::ofstream(file) << text; };
        Server server;
        ScrapeJob job = jobFor(server.fixture.address());
        job.client.basicAuth = BasicAuth{"u", Secret(), file};
        write("one\n");
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
        QVERIFY(
            server.sawLine("Authorization: Basic " + QByteArray("u:one").toBase64().toStdString()));
        write("  two \r\n");
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
        QVERIFY(
            server.sawLine("Authorization: Basic " + QByteArray("u:two").toBase64().toStdString()));
        job.client = {};
        job.client.authorization = Authorization{"Bearer", Secret(), file};
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
        QVERIFY(server.sawLine("Authorization: Bearer two"));
    }
    void aSecretFileThatCannotBeUsedFailsTheScrapeAndIsNamed() {
        QTemporaryDir directory;
        const auto path = [&](const char* name) { return directory.filePath(name).toStdString(); };
        std::ofstream(path("lines")) << kSecret << "\n" << kSecret;
        std::ofstream(path("large")) << std::string(64 * 1024 + 1, 'x');
        std::ofstream(path("largest")) << std::string(64 * 1024, 'x');
        ::mkfifo(path("pipe").c_str(), 0600);
        Server server;
        ScrapeJob job = jobFor(server.fixture.address());
        const auto error = [&](const char* name) {
            job.client.authorization = Authorization{"Bearer", Secret(), path(name)};
            const Fetched answer = fetched(job);
            return answer.failure == ScrapeFailure::Credentials ? answer.error : "no failure";
        };
        QCOMPARE(error("none"), "cannot read " + path("none") + ": No such file or directory");
        QCOMPARE(error("lines"),
                 "cannot read " + path("lines") + ": its text has a control character");
        QCOMPARE(error("large"), "cannot read " + path("large") + ": it has more than 64 KiB");
        QCOMPARE(error("pipe"), "cannot read " + path("pipe") + ": it is no file");
        QCOMPARE(error("."), "cannot read " + path(".") + ": it is no file");
        QVERIFY(readSecretFile(path("largest")).isOk());
        QCOMPARE(server.fixture.requests(), 0);
    }
    void credentialsGoToTheirServerAlone() {
        // One handle serves many targets, one after the other.
        Server secret;
        Server open;
        ScrapeJob job = jobFor(secret.fixture.address());
        job.client.basicAuth = BasicAuth{"u", Secret(kSecret), ""};
        const auto first = makeTargets({job});
        const auto second = makeTargets({jobFor(open.fixture.address())});
        HttpFetch fetch;
        for (const Target* target : {&first->at(0), &second->at(0)}) {
            QVERIFY(fetch.begin(*target, nullptr, [](auto, auto) { return true; }));
            QCOMPARE(fetch.finish(curl_easy_perform(fetch.handle())), ScrapeFailure::None);
        }
        QVERIFY(secret.head().find("Authorization") != std::string::npos);
        QVERIFY(open.head().find("Authorization") == std::string::npos);
    }
    void aWrongPasswordShowsInNoState() {
        HttpFixture server([](HttpFixture::Exchange& exchange) {
            exchange.send(HttpFixture::answer(exchange.head(), "text/plain",
                                              "WWW-Authenticate: Basic\r\n", "401 No"));
        });
        ScrapeJob job = jobFor(server.address());
        job.interval = job.timeout = 200ms;
        job.client.basicAuth = BasicAuth{"u", Secret(kSecret), ""};
        job.params["match[]"] = {"up"};
        RealTimeSource time;
        Collector collector(time, {});
        QVERIFY(collector.setJobs({job}).isOk());
        collector.start();
        QTRY_VERIFY_WITH_TIMEOUT(collector.targets().at(0).failure == ScrapeFailure::BadStatus,
                                 20'000);
        const TargetStatus state = collector.targets().at(0);
        QCOMPARE(state.error, std::string("the target answered with status 401"));
        for (const std::string& text : {state.key, state.url, state.error})
            QVERIFY(text.find(kSecret) == std::string::npos);
    }
    void parametersAreSentEscapedInTheirOrder() {
        Server server;
        ScrapeJob job = jobFor(server.fixture.address());
        job.params = {{"module", {"http 2xx"}}, {"collect[]", {"a&b", "c"}}};
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
        QVERIFY2(server.head().starts_with(
                     "GET /metrics?collect%5B%5D=a%26b&collect%5B%5D=c&module=http%202xx HTTP/1.1"),
                 server.head().c_str());
    }

    void theAuthorityAndTheNameAreChecked() {
        if (test::isMissing({"haproxy", "openssl"}))
            QSKIP("no haproxy or openssl");
        Server server;
        const test::TlsProxy proxy(certificates(), server.fixture.address());
        ScrapeJob job = jobFor(proxy.address(), "https");
        QCOMPARE(fetched(job).failure, ScrapeFailure::Tls);  // nobody knows that authority
        job.client.tls.caFile = certificates().path("ca.pem");
        QCOMPARE(fetched(job).failure, ScrapeFailure::Tls);  // but it is not for 127.0.0.1
        QVERIFY(fetched(job).error.find("127.0.0.1") != std::string::npos);
        job.client.tls.serverName = "metrics.test";
        const Fetched good = fetched(job);
        QVERIFY2(good.failure == ScrapeFailure::None, good.error.c_str());
        QVERIFY(server.head().find("\r\nx-sni: metrics.test\r\n") != std::string::npos);
        QVERIFY2(server.head().find("\r\nhost: " + proxy.address() + "\r\n") != std::string::npos,
                 server.head().c_str());
        job.client.tls.serverName = "other.test";
        QCOMPARE(fetched(job).failure, ScrapeFailure::Tls);
        job.client.tls.serverName = "metrics.test";
        job.client.tls.caFile = certificates().path("other.pem");
        QCOMPARE(fetched(job).failure, ScrapeFailure::Tls);
        job.client.tls.caFile = certificates().path("none.pem");
        QCOMPARE(fetched(job).failure, ScrapeFailure::Tls);
        QVERIFY(fetched(job).error.find("none.pem") != std::string::npos);
    }
    void verificationCanBeTurnedOff() {
        if (test::isMissing({"haproxy", "openssl"}))
            QSKIP("no haproxy or openssl");
        Server server;
        const test::TlsProxy proxy(certificates(), server.fixture.address());
        ScrapeJob job = jobFor(proxy.address(), "https");
        job.client.tls.insecureSkipVerify = true;
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
    }
    void aClientCertificateIsShown() {
        if (test::isMissing({"haproxy", "openssl"}))
            QSKIP("no haproxy or openssl");
        Server server;
        const test::TlsProxy proxy(certificates(), server.fixture.address(),
                                   "verify required ca-file " + certificates().path("ca.pem"));
        ScrapeJob job = jobFor(proxy.address(), "https");
        job.client.tls.caFile = certificates().path("ca.pem");
        job.client.tls.serverName = "metrics.test";
        QVERIFY(fetched(job).failure != ScrapeFailure::None);
        job.client.tls.certFile = certificates().path("client.pem");
        job.client.tls.keyFile = certificates().path("client.key");
        job.client.authorization = Authorization{"Bearer", Secret("t"), ""};
        const Fetched good = fetched(job);
        QVERIFY2(good.failure == ScrapeFailure::None, good.error.c_str());
        QVERIFY(server.head().find("\r\nx-client: client\r\n") != std::string::npos);
        QVERIFY(server.head().find("\r\nauthorization: Bearer t\r\n") != std::string::npos);
        job.client.tls.keyFile = certificates().path("server.key");
        QCOMPARE(fetched(job).failure, ScrapeFailure::Tls);
    }
    void anOldProtocolIsRefused() {
        if (test::isMissing({"haproxy", "openssl"}))
            QSKIP("no haproxy or openssl");
        Server server;
        const test::TlsProxy proxy(certificates(), server.fixture.address(), "ssl-max-ver TLSv1.2");
        ScrapeJob job = jobFor(proxy.address(), "https");
        job.client.tls.insecureSkipVerify = true;
        job.client.tls.minVersion = "TLS12";
        QCOMPARE(fetched(job).failure, ScrapeFailure::None);
        QVERIFY(server.head().find("\r\nx-protocol: TLSv1.2\r\n") != std::string::npos);
        job.client.tls.minVersion = "TLS13";
        QCOMPARE(fetched(job).failure, ScrapeFailure::Tls);
    }
    void httpsConnectionsAreKeptBetweenScrapes() {
        if (test::isMissing({"haproxy", "openssl"}))
            QSKIP("no haproxy or openssl");
        Server server;
        const test::TlsProxy proxy(certificates(), server.fixture.address());
        ScrapeJob job = jobFor(proxy.address(), "https");
        job.interval = job.timeout = 300ms;
        job.client.tls.caFile = certificates().path("ca.pem");
        job.client.tls.serverName = "metrics.test";
        RealTimeSource time;
        Collector collector(time, {});
        QVERIFY(collector.setJobs({job}).isOk());
        collector.start();
        QTRY_VERIFY_WITH_TIMEOUT(server.fixture.requests() >= 4, 30'000);
        QCOMPARE(collector.targets().at(0).health, TargetHealth::Up);
        QCOMPARE(server.fixture.connections(), 1);
    }
};

LEVEE_TEST(ClientSettingsTest)
#include "client_settings_test.moc"
