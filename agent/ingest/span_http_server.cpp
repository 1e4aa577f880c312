// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/span_http_server.h"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <thread>

#include "agent/ingest/gzip_inflater.h"
#include "agent/ingest/span_http_reply.h"
#include "shared/base/log.h"

namespace levee::ingest {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t kRetryAfterSeconds = 1;
// How much of a refused body is still read before the connection is closed, so that the sender gets
// to read the answer instead of a reset.
constexpr std::size_t kLingerBytes = 1024 * 1024;
constexpr auto kLingerTime = std::chrono::seconds(1);
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

/// What the connections share with the server.
struct Shared {
    const SpanHttpOptions options;
    Intake& intake;
    std::uint32_t connections = 0;  ///< io thread only
};

/// One connection: requests one after another. Confined to the io thread, kept alive by its pending
/// operation or by the answer it waits for.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
        ++shared_.connections;
    }
    ~Session() { --shared_.connections; }

    void awaitRequest() {
        parser_.emplace();
        parser_->header_limit(shared_.options.headerBytes);
        parser_->body_limit(boost::none);  // measured here, after decompression
        body_ = {{}, BudgetShare(shared_.intake.budget())};
        inflater_.reset();
        form_ = ReplyForm::Plain;
        if (buffer_.size() > 0) {
            readHeader();
            return;
        }
        stream_.expires_after(shared_.options.idleTimeout);
        stream_.async_read_some(buffer_.prepare(4096),
                                [self = shared_from_this()](error_code ec, std::size_t bytes) {
                                    if (ec)
                                        return self->close();
                                    self->buffer_.commit(bytes);
                                    self->readHeader();
                                });
    }

private:
    void readHeader() {
        stream_.expires_after(shared_.options.headerTimeout);
        http::async_read_header(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](error_code ec, std::size_t) { self->onHeader(ec); });
    }

    void onHeader(error_code ec) {
        if (ec == beast::error::timeout) {
            shared_.intake.countRefusal(Refusal::Timeout);
            return close();
        }
        if (ec == http::error::header_limit)
            return refuse(said(431, RpcCode::InvalidArgument,
                               "the head of a request may have " +
                                   std::to_string(shared_.options.headerBytes) + " bytes"),
                          Refusal::BadRequest);
        if (ec.category() == http::make_error_code(http::error::bad_method).category() &&
            ec != http::error::end_of_stream && ec != http::error::partial_message)
            return refuse(said(400, RpcCode::InvalidArgument, "not HTTP: " + ec.message()),
                          Refusal::BadRequest);
        if (ec)
            return close();
        if (auto refused = checkHead())
            return refuse(std::move(refused->reply), refused->why);
        if (view(parser_->get()[http::field::expect]) == "100-continue")
            return sendContinue();
        stream_.expires_after(shared_.options.bodyTimeout);
        readBody();
    }

    struct Refused {
        SpanHttpReply reply;
        Refusal why;
    };

    /// A refusal in the form of the request.
    SpanHttpReply said(int status, RpcCode code, std::string_view message,
                       std::uint32_t retryAfterSeconds = 0) const {
        return refusalOf(form_, status, code, message, retryAfterSeconds);
    }
    bool isZipkin() const { return shared_.options.protocol == SpanProtocol::Zipkin; }

    /// The refusal that the head alone justifies, and sets up what the body is read with.
    std::optional<Refused> checkHead() {
        const auto& head = parser_->get();
        const ReplyForm form = formOf(view(head[http::field::content_type]));
        form_ = isZipkin() ? ReplyForm::Plain : form;
        if (auto refused = checkTarget())
            return refused;
        if (isZipkin() ? form != ReplyForm::Json : form == ReplyForm::Plain)
            return {{said(415, RpcCode::InvalidArgument,
                          isZipkin() ? "spans are taken as application/json"
                                     : "traces are taken as application/x-protobuf or "
                                       "application/json"),
                     Refusal::BadRequest}};
        body_.format = isZipkin()                ? SpanFormat::Zipkin
                       : form == ReplyForm::Json ? SpanFormat::OtlpJson
                                                 : SpanFormat::OtlpProtobuf;
        const auto encoding = head[http::field::content_encoding];
        if (beast::iequals(encoding, "gzip"))
            inflater_.emplace(shared_.options.bodyBytes, shared_.options.gzipRatio);
        else if (!encoding.empty() && !beast::iequals(encoding, "identity"))
            return {
                {said(415, RpcCode::InvalidArgument, "Content-Encoding may be gzip or identity"),
                 Refusal::BadRequest}};
        if (parser_->content_length().value_or(0) > shared_.options.bodyBytes)
            return tooLarge();
        // Half of the budget is left to bodies that have begun: were it shared by all comers, a
        // flood would have many half-read bodies push each other out and none come through.
        if (shared_.intake.budget().used() > shared_.intake.budget().limit() / 2)
            return busy();
        return std::nullopt;
    }

    std::optional<Refused> checkTarget() const {
        std::string_view path = view(parser_->get().target());
        path = path.substr(0, path.find('?'));
        if (path != (isZipkin() ? "/api/v2/spans" : "/v1/traces"))
            return {{said(404, RpcCode::NotFound,
                          isZipkin() ? "spans are taken at /api/v2/spans"
                                     : "traces are taken at /v1/traces; metrics and logs are not"),
                     Refusal::BadRequest}};
        if (parser_->get().method() != http::verb::post)
            return {{said(405, RpcCode::Unimplemented, "send spans by POST"), Refusal::BadRequest}};
        return std::nullopt;
    }

    Refused tooLarge() const {
        return {said(413, RpcCode::ResourceExhausted,
                     "a body may have " + std::to_string(shared_.options.bodyBytes) +
                         " bytes, decompressed"),
                Refusal::TooLarge};
    }

    Refused busy() const {
        return {
            said(429, RpcCode::Unavailable, "the intake is full; try again", kRetryAfterSeconds),
            Refusal::Busy};
    }

    void sendContinue() {
        stream_.expires_after(shared_.options.bodyTimeout);
        auto response =
            std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
        http::async_write(stream_, *response,
                          [self = shared_from_this(), response](error_code ec, std::size_t) {
                              if (ec)
                                  return self->close();
                              self->readBody();
                          });
    }

    void readBody() {
        if (parser_->is_done())
            return submit();
        parser_->get().body().data = chunk_.data();
        parser_->get().body().size = chunk_.size();
        http::async_read(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](error_code ec, std::size_t) { self->onBody(ec); });
    }

    void onBody(error_code ec) {
        if (ec == beast::error::timeout) {
            shared_.intake.countRefusal(Refusal::Timeout);
            return close();
        }
        if (ec && ec != http::error::need_buffer) {
            shared_.intake.countRefusal(Refusal::BadRequest);
            return close();
        }
        const std::size_t got = chunk_.size() - parser_->get().body().size;
        if (auto refused = take({chunk_.data(), got}))
            return refuse(std::move(refused->reply), refused->why);
        readBody();
    }

    /// Adds a piece of the body, decompressed and counted.
    std::optional<Refused> take(std::string_view piece) {
        if (inflater_) {
            switch (inflater_->feed(piece, body_.bytes)) {
                case GzipInflater::Outcome::Damaged:
                    return damagedGzip();
                case GzipInflater::Outcome::TooLarge:
                    return tooLarge();
                case GzipInflater::Outcome::Ok:
                    break;
            }
        } else {
            if (body_.bytes.size() + piece.size() > shared_.options.bodyBytes)
                return tooLarge();
            body_.bytes.append(piece);
        }
        if (!body_.share.growTo(body_.bytes.capacity()))
            return busy();
        return std::nullopt;
    }

    Refused damagedGzip() const {
        return {said(400, RpcCode::InvalidArgument, "the gzip data is damaged or cut off"),
                Refusal::Malformed};
    }

    void submit() {
        if (inflater_ && !inflater_->isComplete()) {
            Refused refused = damagedGzip();
            return refuse(std::move(refused.reply), refused.why);
        }
        stream_.expires_never();
        // Whoever answers does so from another thread and must keep no hold on the session: its end
        // belongs to the io thread.
        auto answered = [self = shared_from_this()](OtlpAnswer answer) mutable {
            const auto executor = self->stream_.get_executor();
            asio::post(executor, [self = std::move(self), answer = std::move(answer)] {
                self->write(replyTo(self->form_, answer), true);
            });
        };
        if (!shared_.intake.submit(std::move(body_), std::move(answered))) {
            shared_.intake.countRefusal(Refusal::Busy);
            write(busy().reply, true);
        }
    }

    void refuse(SpanHttpReply reply, Refusal why) {
        shared_.intake.countRefusal(why);
        body_ = {};
        write(std::move(reply), parser_->is_done());
    }

    /// `mayContinue`: the request was read to its end, so the next one can follow.
    void write(SpanHttpReply reply, bool mayContinue) {
        response_ = {static_cast<http::status>(reply.status),
                     parser_->is_header_done() ? parser_->get().version() : 11};
        if (!reply.type.empty())
            response_.set(http::field::content_type,
                          beast::string_view(reply.type.data(), reply.type.size()));
        if (reply.retryAfterSeconds > 0)
            response_.set(http::field::retry_after, std::to_string(reply.retryAfterSeconds));
        if (response_.result() == http::status::method_not_allowed)
            response_.set(http::field::allow, "POST");
        response_.keep_alive(mayContinue && parser_->keep_alive());
        response_.body() = std::move(reply.body);
        response_.prepare_payload();
        stream_.expires_after(shared_.options.bodyTimeout);
        http::async_write(stream_, response_,
                          [self = shared_from_this(), mayContinue](error_code ec, std::size_t) {
                              if (ec)
                                  return self->close();
                              if (self->response_.keep_alive())
                                  return self->awaitRequest();
                              mayContinue ? self->close() : self->linger();
                          });
    }

    void linger() {
        error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        stream_.expires_after(kLingerTime);
        discard(kLingerBytes);
    }

    void discard(std::size_t left) {
        stream_.async_read_some(asio::buffer(chunk_),
                                [self = shared_from_this(), left](error_code ec, std::size_t n) {
                                    if (ec || n >= left)
                                        return self->close();
                                    self->discard(left - n);
                                });
    }

    void close() {
        error_code ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
        stream_.close();
    }

    beast::tcp_stream stream_;
    Shared& shared_;
    beast::flat_buffer buffer_{64 * 1024};
    std::array<char, 16 * 1024> chunk_;
    std::optional<http::request_parser<http::buffer_body>> parser_;
    std::optional<GzipInflater> inflater_;
    IntakeBody body_;
    ReplyForm form_ = ReplyForm::Plain;
    http::response<http::string_body> response_;
};

/// "host:port", "[::1]:port" -> the two parts.
std::optional<std::pair<std::string, std::string>> splitAddress(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    return {{std::string(host), std::string(text.substr(colon + 1))}};
}

}  // namespace

class SpanHttpServer::Impl {
public:
    Impl(SpanHttpOptions options, Intake& intake) : shared_{std::move(options), intake} {}
    ~Impl() { stop(); }

    Status start() {
        const std::string& listen = shared_.options.listen;
        const auto address = splitAddress(listen);
        if (!address)
            return Error{"'" + listen + "' is not host:port", ErrorKind::Invalid};
        try {
            tcp::resolver resolver(io_);
            const auto found =
                resolver.resolve(address->first, address->second, tcp::resolver::passive);
            acceptor_.open(found.begin()->endpoint().protocol());
            acceptor_.set_option(tcp::acceptor::reuse_address(true));
            acceptor_.bind(found.begin()->endpoint());
            acceptor_.listen();
            port_ = acceptor_.local_endpoint().port();
        } catch (const boost::system::system_error& e) {
            return Error{"cannot listen on " + listen + ": " + e.code().message(),
                         ErrorKind::Unavailable};
        }
        accept();
        thread_ = std::thread([this] { io_.run(); });
        return Status::ok();
    }

    void stop() {
        io_.stop();
        if (thread_.joinable())
            thread_.join();
        error_code ignored;
        acceptor_.close(ignored);
    }

    std::uint16_t port() const { return port_; }

private:
    void accept() {
        acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
            if (ec == asio::error::operation_aborted)
                return;
            if (ec)
                return pause(ec);
            if (shared_.connections < shared_.options.connections)
                std::make_shared<Session>(std::move(socket), shared_)->awaitRequest();
            else
                turnAway(std::move(socket));
            accept();
        });
    }

    /// Out of descriptors, most likely: waits, so as not to spin.
    void pause(error_code ec) {
        log::warning("ingest", "span intake over HTTP cannot accept: {}", ec.message());
        timer_.expires_after(kAcceptPause);
        timer_.async_wait([this](error_code cancelled) {
            if (!cancelled)
                accept();
        });
    }

    void turnAway(tcp::socket socket) {
        shared_.intake.countRefusal(Refusal::Busy);
        static constexpr std::string_view kAnswer =
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n";
        error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(kAnswer), ignored);
    }

    Shared shared_;
    std::uint16_t port_ = 0;
    asio::io_context io_{1};
    tcp::acceptor acceptor_{io_};
    asio::steady_timer timer_{io_};
    std::thread thread_;
};

SpanHttpServer::SpanHttpServer(SpanHttpOptions options, Intake& intake)
    : impl_(std::make_unique<Impl>(std::move(options), intake)) {}
SpanHttpServer::~SpanHttpServer() = default;
Status SpanHttpServer::start() {
    return impl_->start();
}
void SpanHttpServer::stop() {
    impl_->stop();
}
std::uint16_t SpanHttpServer::port() const {
    return impl_->port();
}

}  // namespace levee::ingest
