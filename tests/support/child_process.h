// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace levee::test {

/// A program that a test talks to over its input and output; its errors are shown. By posix_spawn:
/// after a fork by QProcess ThreadSanitizer no longer sees the locks that the forking thread takes,
/// and calls right programs wrong. One thread.
class ChildProcess {
public:
    ChildProcess() = default;
    ~ChildProcess() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
        closeInput();
        if (output_ >= 0)
            ::close(output_);
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    bool start(const std::string& program, const std::vector<std::string>& arguments) {
        std::array<int, 2> in{-1, -1};
        std::array<int, 2> out{-1, -1};
        if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
            return false;
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
        std::vector<char*> words{const_cast<char*>(program.c_str())};
        for (const std::string& argument : arguments)
            words.push_back(const_cast<char*>(argument.c_str()));
        words.push_back(nullptr);
        const int error =
            ::posix_spawn(&pid_, program.c_str(), &actions, nullptr, words.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(in[0]);
        ::close(out[1]);
        input_ = in[1];
        output_ = out[0];
        if (error != 0)
            pid_ = -1;
        return error == 0;
    }

    /// The next line of its output without its end; "" when none came in time.
    std::string readLine(std::chrono::milliseconds patience) {
        const auto end = std::chrono::steady_clock::now() + patience;
        for (;;) {
            if (const std::size_t at = read_.find('\n'); at != std::string::npos) {
                std::string line = read_.substr(0, at);
                read_.erase(0, at + 1);
                return line;
            }
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            pollfd wait{output_, POLLIN, 0};
            if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0)
                return {};
            std::array<char, 4096> piece{};
            const ssize_t n = ::read(output_, piece.data(), piece.size());
            if (n <= 0)
                return {};
            read_.append(piece.data(), static_cast<std::size_t>(n));
        }
    }
    bool write(const std::string& text) {
        return ::write(input_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    }
    void closeInput() {
        if (input_ >= 0)
            ::close(std::exchange(input_, -1));
    }
    /// Whether it ended by itself in time.
    bool waitForEnd(std::chrono::milliseconds patience) {
        for (const auto end = std::chrono::steady_clock::now() + patience;
             std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(std::chrono::milliseconds(5))) {
            if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
                pid_ = -1;
                return true;
            }
        }
        return false;
    }

private:
    pid_t pid_ = -1;
    int input_ = -1;
    int output_ = -1;
    std::string read_;
};

}  // namespace levee::test
