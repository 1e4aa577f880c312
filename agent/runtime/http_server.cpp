// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/http_server.h"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <thread>

#include "shared/base/log.h"

namespace levee {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t kHeadBytes = 8 * 1024;

struct Counters {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> tooLarge{0};
    std::atomic<std::uint64_t> malformed{0};
    std::atomic<std::uint64_t> timedOut{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint32_t> connections{0};
};

struct Shared {
    HttpLimits limits;
    HttpServer::Handler handler;
    Counters counters;
};

/// One connection; lives as long as an operation on it is pending. Confined to the server's thread.
class Connection final : public std::enable_shared_from_this<Connection> {
public:
    Connection(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
        ++shared_.counters.connections;
    }
    ~Connection() { --shared_.counters.connections; }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Waits for the first byte under the idle timeout, then for the whole request under the other
    /// one.
    void await() {
        stream_.expires_after(shared_.limits.idleTimeout);
        if (buffer_.size() > 0)
            return read();
        stream_.async_read_some(buffer_.prepare(4096),
                                [self = shared_from_this()](error_code error, std::size_t size) {
                                    if (error)
                                        return;
                                    self->buffer_.commit(size);
                                    self->read();
                                });
    }

private:
    void read() {
        parser_.emplace();
        parser_->header_limit(kHeadBytes);
        parser_->body_limit(shared_.limits.bodyBytes);
        stream_.expires_after(shared_.limits.requestTimeout);
        http::async_read(
            stream_, buffer_, *parser_,
            [self = shared_from_this()](error_code error, std::size_t) { self->onRead(error); });
    }

    void onRead(error_code error) {
        Counters& counters = shared_.counters;
        if (error == beast::error::timeout) {
            ++counters.timedOut;
            return;
        }
        if (error == http::error::body_limit || error == http::error::header_limit) {
            ++counters.tooLarge;
            return write({413,
                          "text/plain; charset=utf-8",
                          "the request is larger than this server takes\n",
                          {}},
                         false);
        }
        if (error == http::error::end_of_stream || error == asio::error::connection_reset ||
            error == asio::error::operation_aborted)
            return;
        if (error) {
            ++counters.malformed;
            return write({400, "text/plain; charset=utf-8", error.message() + "\n", {}}, false);
        }
        ++counters.requests;
        const bool keepAlive = parser_->get().keep_alive();
        write(shared_.handler(takeRequest()), keepAlive);
    }

    HttpRequest takeRequest() {
        auto message = parser_->release();
        HttpRequest request;
        request.method = std::string(message.method_string());
        const std::string target(message.target());
        const std::size_t mark = target.find('?');
        request.path = target.substr(0, mark);
        if (mark != std::string::npos)
            request.query = target.substr(mark + 1);
        request.contentType = std::string(message[http::field::content_type]);
        request.contentEncoding = std::string(message[http::field::content_encoding]);
        request.body = std::move(message.body());
        return request;
    }

    void write(HttpResponse response, bool keepAlive) {
        answer_ = {};
        answer_.result(static_cast<unsigned>(response.status));
        answer_.version(11);
        answer_.set(http::field::content_type, response.contentType);
        for (const auto& [name, value] : response.headers)
            answer_.set(name, value);
        answer_.body() = std::move(response.body);
        answer_.keep_alive(keepAlive);
        answer_.prepare_payload();
        stream_.expires_after(shared_.limits.requestTimeout);
        http::async_write(stream_, answer_,
                          [self = shared_from_this(), keepAlive](error_code error, std::size_t) {
                              if (error)
                                  return;
                              if (keepAlive)
                                  return self->await();
                              error_code ignored;
                              self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                          });
    }

    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> answer_;
    Shared& shared_;
};

class BeastServer final : public HttpServer {
public:
    BeastServer(const HttpLimits& limits, Handler handler)
        : shared_{limits, std::move(handler), {}}, acceptor_(context_) {}

    ~BeastServer() override {
        context_.stop();
        if (thread_.joinable())
            thread_.join();
    }

    Status listen(const std::string& address) {
        const std::size_t colon = address.rfind(':');
        std::string host = address.substr(0, colon);
        if (!host.empty() && host.front() == '[')
            host = host.substr(1, host.size() - 2);
        error_code error;
        const auto ip = asio::ip::make_address(host, error);
        if (error || colon == std::string::npos)
            return Error{"'" + address + "' is not a numeric address and a port",
                         ErrorKind::Invalid};
        const auto port = static_cast<std::uint16_t>(std::atoi(address.c_str() + colon + 1));
        const tcp::endpoint endpoint(ip, port);
        acceptor_.open(endpoint.protocol(), error);
        if (!error)
            acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error)
            acceptor_.bind(endpoint, error);
        if (!error)
            acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (error)
            return Error{"cannot listen on " + address + ": " + error.message(),
                         ErrorKind::Unavailable};
        port_ = acceptor_.local_endpoint().port();
        accept();
        thread_ = std::thread([this] { context_.run(); });
        return Status::ok();
    }

    int port() const override { return port_; }
    HttpServerStats stats() const override {
        const Counters& c = shared_.counters;
        return {c.requests, c.tooLarge, c.malformed, c.timedOut, c.refused};
    }

private:
    void accept() {
        acceptor_.async_accept([this](error_code error, tcp::socket socket) {
            if (!error && shared_.counters.connections >= shared_.limits.connections)
                ++shared_.counters.refused;  // the socket closes here
            else if (!error)
                std::make_shared<Connection>(std::move(socket), shared_)->await();
            if (!error || acceptor_.is_open())
                accept();
        });
    }

    Shared shared_;
    asio::io_context context_{1};
    tcp::acceptor acceptor_;
    int port_ = 0;
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(const std::string& address,
                                                      const HttpLimits& limits, Handler handler) {
    auto server = std::make_unique<BeastServer>(limits, std::move(handler));
    const Status listening = server->listen(address);
    if (!listening)
        return listening.error();
    return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace levee
