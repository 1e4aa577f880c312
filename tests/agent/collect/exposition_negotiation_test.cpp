// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/exposition_negotiation.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee;

class ExpositionNegotiationTest : public QObject {
    Q_OBJECT
private slots:
    void theContentTypeChoosesTheParser() {
        for (const char* type :
             {"text/plain", "TEXT/Plain", "text/plain; version=0.0.4; charset=utf-8",
              "text/plain;version=1.0.0;escaping=allow-utf-8", " text/plain ;",
              "text/plain; a=\"b c\""})
            QVERIFY2(formatOfContentType(type) == ExpositionFormat::PromText, type);
        for (const char* type : {"application/openmetrics-text",
                                 "application/openmetrics-text; version=1.0.0; charset=utf-8"})
            QVERIFY2(formatOfContentType(type) == ExpositionFormat::OpenMetrics, type);
    }
    void nothingIsGuessed() {
        for (const char* type :
             {"", " ", ";", "text", "text/html", "text/plainer", "application/json",
              "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily",
              "text/plain; version", "text/plain; =1", "text/plain;; a=b", "text/plain; a=b c"})
            QVERIFY2(!formatOfContentType(type), type);
    }
    void protocolsHaveTheirFormat() {
        QVERIFY(formatOfProtocol("PrometheusText0.0.4") == ExpositionFormat::PromText);
        QVERIFY(formatOfProtocol("OpenMetricsText1.0.0") == ExpositionFormat::OpenMetrics);
        QVERIFY(!formatOfProtocol(""));
        QVERIFY(!formatOfProtocol("PrometheusProto"));
    }
    void openMetricsIsAskedForFirstAndProtobufNever() {
        const std::string_view accept = kAcceptHeader;
        QVERIFY(accept.starts_with("Accept: application/openmetrics-text;version=1.0.0;"));
        QVERIFY(accept.find("protobuf") == std::string_view::npos);
    }
};

LEVEE_TEST(ExpositionNegotiationTest)
#include "exposition_negotiation_test.moc"
