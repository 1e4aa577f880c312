// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

#include "agent/runtime/deadline.h"

extern char** environ;

namespace levee {
namespace {

constexpr std::size_t kMaxOutput = 64 * 1024;

/// What the child gets instead of our descriptors, session and signals.
class SpawnPlan {
public:
    SpawnPlan(int inputFd, int outputFd) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_adddup2(&actions_, inputFd, 0);
        posix_spawn_file_actions_adddup2(&actions_, outputFd, 1);
        posix_spawn_file_actions_adddup2(&actions_, outputFd, 2);
        posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
        posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    int spawn(pid_t& pid, const std::vector<std::string>& arguments) const {
        std::vector<char*> argv;
        argv.reserve(arguments.size() + 1);
        for (const std::string& argument : arguments)
            argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        return ::posix_spawn(&pid, argv[0], &actions_, &attributes_, argv.data(), environ);
    }

private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

struct Pipe {
    UniqueFd reader;
    UniqueFd writer;
};

Result<Pipe> openPipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return Error{fmt::format("cannot make a pipe: {}", std::strerror(errno))};
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

UniqueFd watchProcess(int pid) {
    return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& arguments) {
    auto input = openPipe();
    auto output = input ? openPipe() : Result<Pipe>(input.error());
    if (!output)
        return output.error();
    ::fcntl(input->writer.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(output->reader.get(), F_SETFL, O_NONBLOCK);
    pid_t pid = 0;
    const SpawnPlan plan(input->reader.get(), output->writer.get());
    if (const int code = plan.spawn(pid, arguments); code != 0)
        return Error{fmt::format("cannot run {}: {}", arguments[0], std::strerror(code)),
                     code == ENOENT ? ErrorKind::NotFound : ErrorKind::Failed};
    return ChildProcess(pid, std::move(input->writer), std::move(output->reader));
}

ChildProcess::ChildProcess(int pid, UniqueFd input, UniqueFd output)
    : pid_(pid), input_(std::move(input)), output_(std::move(output)), ended_(watchProcess(pid)) {}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      ended_(std::move(other.ended_)),
      toGive_(std::move(other.toGive_)),
      said_(std::move(other.said_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(input_, other.input_);
    std::swap(output_, other.output_);
    std::swap(ended_, other.ended_);
    std::swap(toGive_, other.toGive_);
    std::swap(said_, other.said_);
    return *this;
}

ChildProcess::~ChildProcess() {
    kill();
}

void ChildProcess::kill() {
    if (pid_ == 0)
        return;
    ::kill(-pid_, SIGKILL);
    reap();
}

int ChildProcess::reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool ChildProcess::isRunning() const {
    pollfd entry{ended_.get(), POLLIN, 0};
    return pid_ != 0 && ::poll(&entry, 1, 0) == 0;
}

/// Writes what the pipe takes now; closes it after the last byte, or when nobody reads it.
void ChildProcess::feed() {
    std::string_view rest = toGive_;
    while (!rest.empty()) {
        const ssize_t n = ::write(input_.get(), rest.data(), rest.size());
        if (n >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN) {
            toGive_.erase(0, toGive_.size() - rest.size());
            return;
        } else if (errno != EINTR) {
            break;
        }
    }
    toGive_.clear();
    input_.reset();
}

/// Takes what the pipe holds now; closes it at its end.
void ChildProcess::drain() {
    char buffer[4096];
    while (output_.isOpen()) {
        const ssize_t n = ::read(output_.get(), buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n > 0)
            said_.append(buffer, std::min(kMaxOutput - said_.size(), static_cast<std::size_t>(n)));
        else
            output_.reset();
    }
}

void ChildProcess::give(std::string input) {
    toGive_ = std::move(input);
    feed();
}

std::optional<ChildResult> ChildProcess::wait(Duration time) {
    const Deadline deadline = Deadline::after(time);
    for (;;) {
        std::array<pollfd, 3> waits{pollfd{ended_.get(), POLLIN, 0},
                                    pollfd{output_.get(), POLLIN, 0},
                                    pollfd{toGive_.empty() ? -1 : input_.get(), POLLOUT, 0}};
        const int ready = ::poll(waits.data(), waits.size(), deadline.pollMillis());
        if (waits[1].revents != 0)
            drain();
        if (waits[2].revents != 0)
            feed();
        if (waits[0].revents != 0)
            break;
        if (ready == 0 || (ready < 0 && errno != EINTR) || deadline.hasPassed())
            return std::nullopt;
    }
    const int exitCode = reap();
    drain();
    return ChildResult{exitCode, std::move(said_)};
}

}  // namespace levee
