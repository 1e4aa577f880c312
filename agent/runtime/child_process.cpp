// SPDX-License-Identifier: Apache-2.0
#include "agent/runtime/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "agent/runtime/deadline.h"

extern char** environ;

namespace levee {
namespace {

constexpr std::size_t kMaxOutput = 64 * 1024;

/// What the child gets instead of our descriptors, session and signals.
class SpawnPlan {
public:
    explicit SpawnPlan(int outputFd) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
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

/// Takes what the pipe holds now; false at its end.
bool drain(int fd, std::string& output) {
    char buffer[4096];
    for (;;) {
        const ssize_t n = ::read(fd, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 && errno == EAGAIN;
        const std::size_t room = kMaxOutput - output.size();
        output.append(buffer, std::min(room, static_cast<std::size_t>(n)));
    }
}

int reap(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

UniqueFd watchProcess(int pid) {
    return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

Result<ChildResult> runChild(const std::vector<std::string>& arguments, Duration timeout) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return Error{fmt::format("cannot make a pipe: {}", std::strerror(errno))};
    const UniqueFd reader(ends[0]);
    UniqueFd writer(ends[1]);
    ::fcntl(reader.get(), F_SETFL, O_NONBLOCK);
    pid_t pid = 0;
    if (const int code = SpawnPlan(writer.get()).spawn(pid, arguments); code != 0)
        return Error{fmt::format("cannot run {}: {}", arguments[0], std::strerror(code)),
                     code == ENOENT ? ErrorKind::NotFound : ErrorKind::Failed};
    writer.reset();

    const Deadline deadline = Deadline::after(timeout);
    const UniqueFd ended = watchProcess(pid);
    ChildResult result;
    bool outputOpen = true;
    for (;;) {
        std::array<pollfd, 2> waits{pollfd{ended.get(), POLLIN, 0},
                                    pollfd{outputOpen ? reader.get() : -1, POLLIN, 0}};
        const int ready = ::poll(waits.data(), waits.size(), deadline.pollMillis());
        if (waits[1].revents != 0)
            outputOpen = drain(reader.get(), result.output);
        if (waits[0].revents != 0)
            break;
        if (ready == 0 || (ready < 0 && errno != EINTR)) {
            ::kill(-pid, SIGKILL);
            reap(pid);
            return Error{fmt::format("{} did not end within {} ms", arguments[0],
                                     timeout / std::chrono::milliseconds(1)),
                         ErrorKind::Unavailable};
        }
    }
    result.exitCode = reap(pid);
    drain(reader.get(), result.output);
    return result;
}

}  // namespace levee
