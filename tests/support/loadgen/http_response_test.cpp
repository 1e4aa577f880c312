// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/http_response.h"

#include <QTest>

#include "tests/support/test_registry.h"

using namespace levee::loadgen;
using State = HttpResponse::State;

namespace {

/// Feeds `text` in pieces of `size` bytes; stops where the answer is whole or bad.
State feedInPieces(HttpResponse& response, std::string_view text, std::size_t size) {
    auto state = State::Incomplete;
    while (!text.empty() && state == State::Incomplete) {
        std::string_view piece = text.substr(0, size);
        text.remove_prefix(piece.size());
        state = response.feed(piece);
    }
    return state;
}

constexpr const char* kPlain = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
constexpr const char* kChunked =
    "HTTP/1.1 503 No\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    "5;name=value\r\nhello\r\n00a\r\n0123456789\r\n0\r\nDigest: x\r\n\r\n";

}  // namespace

class HttpResponseTest : public QObject {
    Q_OBJECT
private slots:
    void anAnswerReadsTheSameInPiecesOfAnySize_data() {
        QTest::addColumn<int>("size");
        for (const int size : {1, 2, 3, 7, 64, 4096})
            QTest::addRow("%d", size) << size;
    }
    void anAnswerReadsTheSameInPiecesOfAnySize() {
        QFETCH(int, size);
        HttpResponse response;
        QCOMPARE(feedInPieces(response, kPlain, static_cast<std::size_t>(size)), State::Complete);
        QCOMPARE(response.status(), 200);
        QCOMPARE(response.bodyBytes(), std::uint64_t{5});
        QVERIFY(response.keepsAlive());
        response.reset();
        QCOMPARE(feedInPieces(response, kChunked, static_cast<std::size_t>(size)), State::Complete);
        QCOMPARE(response.status(), 503);
        QCOMPARE(response.bodyBytes(), std::uint64_t{15});
    }
    void bytesOfTheNextAnswerStay() {
        HttpResponse response;
        const std::string two = std::string(kPlain) + kChunked;
        std::string_view bytes = two;
        QCOMPARE(response.feed(bytes), State::Complete);
        QCOMPARE(bytes, std::string_view(kChunked));
    }
    void interimAnswersAreSkipped() {
        HttpResponse response;
        const std::string text =
            std::string("HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n") + kPlain;
        std::string_view bytes = text;
        QCOMPARE(response.feed(bytes), State::Complete);
        QCOMPARE(response.status(), 200);
    }
    void answersWithoutABodyEndWithTheirHead() {
        HttpResponse response;
        std::string_view noContent = "HTTP/1.1 204 No Content\r\n\r\n";
        QCOMPARE(response.feed(noContent), State::Complete);
        response.reset(true);
        std::string_view head = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
        QCOMPARE(response.feed(head), State::Complete);
        QVERIFY(response.keepsAlive());
    }
    void anAnswerWithoutLengthEndsWithTheConnection() {
        HttpResponse response;
        std::string_view bytes = "HTTP/1.1 200 OK\r\n\r\nsome";
        QCOMPARE(response.feed(bytes), State::Incomplete);
        QCOMPARE(response.finish(), State::Complete);
        QVERIFY(!response.keepsAlive());
    }
    void aConnectionThatEndsEarlyIsMalformed() {
        HttpResponse response;
        std::string_view bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe";
        QCOMPARE(response.feed(bytes), State::Incomplete);
        QCOMPARE(response.finish(), State::Malformed);
    }
    void theConnectionHeaderDecidesWhetherItStaysOpen() {
        HttpResponse response;
        std::string_view closes =
            "HTTP/1.1 200 OK\r\nconnection: Close\r\ncontent-length:0\r\n\r\n";
        QCOMPARE(response.feed(closes), State::Complete);
        QVERIFY(!response.keepsAlive());
        response.reset();
        std::string_view old = "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n";
        QCOMPARE(response.feed(old), State::Complete);
        QVERIFY(!response.keepsAlive());
    }
    void whatIsNotHttpIsMalformed_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("garbage") << "hello there, who is it\r\n";
        QTest::newRow("HTTP/2") << "HTTP/2.0 200 OK\r\n";
        QTest::newRow("status of two digits") << "HTTP/1.1 20 OK\r\n";
        QTest::newRow("status below 100") << "HTTP/1.1 099 OK\r\n";
        QTest::newRow("header without colon") << "HTTP/1.1 200 OK\r\nnothing\r\n";
        QTest::newRow("length that is no number")
            << "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n";
        QTest::newRow("two lengths")
            << "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n";
        QTest::newRow("chunk size that is no number")
            << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
        QTest::newRow("chunk longer than its size")
            << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n";
        QTest::newRow("chunk size past 64 bits")
            << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n";
    }
    void whatIsNotHttpIsMalformed() {
        QFETCH(QString, text);
        HttpResponse response;
        QCOMPARE(feedInPieces(response, text.toStdString(), 1), State::Malformed);
    }
    void aHeadMayFillItsBoundAndNoMore() {
        const std::string start = "HTTP/1.1 204 No\r\nX: ";
        const std::string end = "\r\n\r\n";
        const std::size_t room = HttpResponse::kMaxHeadBytes - start.size() - end.size();
        HttpResponse response;
        QCOMPARE(feedInPieces(response, start + std::string(room, 'a') + end, 1000),
                 State::Complete);
        response.reset();
        QCOMPARE(feedInPieces(response, start + std::string(room + 1, 'a') + end, 1000),
                 State::Malformed);
    }
};

LEVEE_TEST(HttpResponseTest)
#include "http_response_test.moc"
