// SPDX-License-Identifier: Apache-2.0
// Targets to be scraped: each port serves its number of samples, as text 0.0.4, uncompressed, and
// every value is another one each time. Cheap, so that what scrapes it can be measured beside it.
//
//   scrape_targets PORT:SAMPLES... [--kept SHARE]
//
// Of a hundred families SHARE (1 unless given) have names that levee-agent keeps by default. GET
// /served on any port answers how many samples were served so far; a POST (remote write) is read
// and thrown away. Ends with SIGTERM.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

std::atomic<unsigned long> served{0};

/// One exposition whose values are changed in place.
class Page {
public:
    Page(int samples, int keptOfHundred) : samples_(samples) {
        static const char* const kMethods[] = {"GET", "POST", "PUT", "DELETE"};
        for (int i = 0; i < samples; ++i) {
            const int family = i / kFamily;
            const std::string name = (family % 100 < keptOfHundred ? "http_server_requests_"
                                                                   : "shop_service_requests_") +
                                     std::to_string(family) + "_total";
            if (i % kFamily == 0)
                text_ +=
                    "# HELP " + name + " Requests that were served.\n# TYPE " + name + " counter\n";
            text_ += name + "{instance_id=\"node-" + std::to_string(i / 40 % 25) + "\",method=\"" +
                     kMethods[i % 4] + "\",route=\"/api/v1/items/" + std::to_string(i % 1000) +
                     "\"} ";
            places_.push_back(text_.size());
            text_ += i % 3 == 0 ? "1000000.5\n" : "100000000\n";
        }
    }
    int samples() const { return samples_; }
    /// The page with new values; the lock is held while it is sent.
    std::string_view next() {
        ++round_;
        for (std::size_t i = 0; i < places_.size(); ++i) {
            char* const at = text_.data() + places_[i];
            // As many digits each time: from 1,000,000 or 100,000,000 upwards.
            const bool hasPoint = i % 3 == 0;
            const unsigned long value =
                (hasPoint ? 1'000'000UL : 100'000'000UL) + (i % 97 + 1) * round_ % 1'000'000;
            std::to_chars(at, at + 9, value);
        }
        return text_;
    }
    std::mutex lock;

private:
    static constexpr int kFamily = 100;
    int samples_;
    unsigned long round_ = 0;
    std::string text_;
    std::vector<std::size_t> places_;
};

bool sendAll(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool answer(int socket, std::string_view body, std::string_view status = "200 OK") {
    return sendAll(socket, "HTTP/1.1 " + std::string(status) +
                               "\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: " +
                               std::to_string(body.size()) + "\r\n\r\n") &&
           sendAll(socket, body);
}

std::size_t contentLength(std::string_view head) {
    const std::size_t at = head.find("Content-Length: ");
    std::size_t length = 0;
    if (at != std::string_view::npos)
        std::from_chars(head.data() + at + 16, head.data() + head.size(), length);
    return length;
}

void serve(int socket, Page& page) {
    std::string received;
    char buffer[65536];
    for (bool open = true; open;) {
        const ssize_t got = recv(socket, buffer, sizeof buffer, 0);
        if (got <= 0)
            break;
        received.append(buffer, static_cast<std::size_t>(got));
        const std::size_t headEnd = received.find("\r\n\r\n");
        if (headEnd == std::string::npos)
            continue;
        const std::size_t whole = headEnd + 4 + contentLength(received.substr(0, headEnd));
        if (received.size() < whole)
            continue;
        if (received.starts_with("POST")) {
            open = answer(socket, {}, "204 No Content");
        } else if (received.starts_with("GET /served")) {
            open = answer(socket, std::to_string(served.load()));
        } else {
            const std::lock_guard guard(page.lock);
            open = answer(socket, page.next());
            served += static_cast<unsigned long>(page.samples());
        }
        received.erase(0, whole);
    }
    close(socket);
}

int listenOn(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(socket, 64) != 0) {
        std::perror("scrape_targets: listen");
        std::exit(1);
    }
    return socket;
}

}  // namespace

int main(int argc, char** argv) {
    int kept = 1;
    std::vector<std::pair<int, int>> targets;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const std::size_t colon = word.find(':');
        if (word == "--kept" && i + 1 < argc)
            kept = std::atoi(argv[++i]);
        else if (colon != std::string_view::npos)
            targets.emplace_back(std::atoi(argv[i]), std::atoi(argv[i] + colon + 1));
    }
    if (targets.empty()) {
        std::fputs("usage: scrape_targets PORT:SAMPLES... [--kept SHARE]\n", stderr);
        return 2;
    }
    std::vector<std::unique_ptr<Page>> pages;
    std::vector<std::thread> acceptors;
    for (const auto& [port, samples] : targets) {
        Page& page = *pages.emplace_back(std::make_unique<Page>(samples, kept));
        acceptors.emplace_back([&page, listener = listenOn(port)] {
            for (;;) {
                const int socket = accept(listener, nullptr, nullptr);
                if (socket < 0)
                    continue;
                const int on = 1;
                setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                std::thread(serve, socket, std::ref(page)).detach();
            }
        });
    }
    std::puts("ready");
    std::fflush(stdout);
    for (std::thread& acceptor : acceptors)
        acceptor.join();
}
