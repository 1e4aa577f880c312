// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/haproxy_process.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <tuple>

#include "agent/runtime/file_replace.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kChildTimeout = 10s;
constexpr Duration kAnswerTimeout = 5s;
/// What a process has read by then, like the libraries it is linked to, may be another by now.
constexpr Duration kPreparedFor = 1h;
constexpr const char* kInput = "/dev/stdin";

bool endsWithin(int pid, Duration time) {
    const UniqueFd ended = watchProcess(pid);
    if (!ended.isOpen())
        return true;
    pollfd entry{ended.get(), POLLIN, 0};
    return ::poll(&entry, 1, Deadline::after(time).pollMillis()) > 0;
}

}  // namespace

std::string startupErrors(std::string_view output, std::string_view file) {
    std::string errors;
    std::string_view rest = output;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (!line.starts_with("[ALERT]"))
            continue;
        if (const std::size_t colon = line.find(" : "); colon != std::string_view::npos)
            line.remove_prefix(colon + 3);
        errors += errors.empty() ? "" : "; ";
        errors += line;
    }
    if (errors.empty())
        errors = output;
    for (std::size_t at = 0; (at = errors.find(kInput, at)) != std::string::npos; at += file.size())
        errors.replace(at, std::string_view(kInput).size(), file);
    if (errors.size() > 1000)
        errors.resize(1000);
    return errors;
}

Result<reply::Worker> HaproxyProcess::find() const {
    const auto text = socket_.ask(command::kShowInfo);
    if (!text)
        return text.error();
    auto worker = reply::worker(*text);
    if (worker && worker->isStopping)
        return Error{fmt::format("process {} is stopping", worker->pid), ErrorKind::Unavailable};
    return worker;
}

/// What the pid file names if it lives and is really ours: it holds the ports and has to be told to
/// go. 0: none.
int HaproxyProcess::notedPid() const {
    const auto text = readFile(paths_.pidFile(), 64);
    int pid = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), pid).ec != std::errc{})
        return 0;
    const auto commandLine = readFile(fmt::format("/proc/{}/cmdline", pid), 64 * 1024);
    const bool ours = commandLine && commandLine->find(paths_.pidFile()) != std::string::npos;
    return ours ? pid : 0;
}

HaproxyProcess::Running HaproxyProcess::running() const {
    const auto answers = socket_.askAll({command::kShowInfo, command::kShowServerStates});
    if (answers) {
        const auto worker = reply::worker((*answers)[0]);
        if (worker && !worker->isStopping)
            return {worker->pid, true, (*answers)[1]};
    }
    return {notedPid(), false, {}};
}

bool HaproxyProcess::Start::operator==(const Start& other) const {
    return std::tie(program, changed.tv_sec, changed.tv_nsec, file, oldPid, oldAnswers) ==
           std::tie(other.program, other.changed.tv_sec, other.changed.tv_nsec, other.file,
                    other.oldPid, other.oldAnswers);
}

HaproxyProcess::Start HaproxyProcess::startOf(const std::string& program, int oldPid,
                                              bool oldAnswers) {
    struct stat file {};
    (void)::stat(program.c_str(), &file);
    return {program, file.st_ctim, file.st_ino, oldPid, oldAnswers};
}

Result<ChildProcess> HaproxyProcess::begin(const Start& start) const {
    std::vector<std::string> arguments{start.program, "-D", "-p", paths_.pidFile(), "-f", kInput};
    if (start.oldAnswers)
        arguments.insert(arguments.end(), {"-x", paths_.statsSocket()});
    if (start.oldPid != 0)
        arguments.insert(arguments.end(), {"-sf", std::to_string(start.oldPid)});
    return ChildProcess::start(arguments);
}

void HaproxyProcess::prepare(const std::string& program, int pid) {
    leaving_.reset();
    Start start = startOf(program, pid, true);
    // One that has ended by itself is not tried again before it was needed.
    if (prepared_ && prepared_->start == start && !prepared_->renewal.hasPassed())
        return;
    prepared_.reset();
    if (auto child = begin(start))
        prepared_.emplace(
            Prepared{std::move(start), *std::move(child), Deadline::after(kPreparedFor)});
}

Result<ChildProcess> HaproxyProcess::takePrepared(const Start& start) {
    std::optional<Prepared> prepared = std::exchange(prepared_, std::nullopt);
    if (prepared && prepared->start == start && prepared->child.isRunning())
        return std::move(prepared->child);
    return begin(start);
}

Result<reply::Worker> HaproxyProcess::awaitNew(int oldPid) const {
    const Deadline deadline = Deadline::after(kAnswerTimeout);
    for (;;) {
        // The old one may still answer for a moment: both listen at the same socket.
        auto worker = find();
        if (worker && worker->pid != oldPid)
            return worker;
        if (deadline.hasPassed())
            return Error{"HAProxy was started but does not answer at its runtime socket",
                         ErrorKind::Unavailable};
        pauseFor(1ms);
    }
}

Result<reply::Worker> HaproxyProcess::launch(const std::string& program, const std::string& text) {
    const Running old = running();
    (void)replaceFile(paths_.serverState(), old.serverStates);
    const int noted = notedPid();
    auto child = takePrepared(startOf(program, old.pid, old.answers));
    if (!child)
        return child.error();
    child->give(text);
    const Deadline deadline = Deadline::after(kChildTimeout);
    std::optional<ChildResult> ended;
    // With its pid file written it has daemonised, and its first process is about to exit: two
    // milliseconds on a busy core, which nobody needs to wait for.
    for (int pid = 0; !ended && (pid == 0 || pid == noted); pid = notedPid()) {
        ended = child->wait(1ms);
        if (!ended && deadline.hasPassed())
            return Error{fmt::format("{} does not start within {} s", program,
                                     kChildTimeout / std::chrono::seconds(1)),
                         ErrorKind::Unavailable};
    }
    if (ended && ended->exitCode != 0) {
        (void)replaceFile(paths_.refused(), text);
        return Error{fmt::format("HAProxy refuses the configuration: {}",
                                 startupErrors(ended->output, paths_.refused())),
                     ErrorKind::Invalid};
    }
    if (!ended)
        leaving_.emplace(*std::move(child));
    return awaitNew(old.pid);
}

Status HaproxyProcess::stop(Duration grace) {
    const int pid = running().pid;
    if (pid == 0)
        return Status::ok();
    for (const auto& [signal, time] :
         {std::pair{SIGUSR1, grace}, {SIGTERM, Duration(1s)}, {SIGKILL, Duration(5s)}}) {
        if (::kill(pid, signal) != 0 && errno != ESRCH)
            return Error{
                fmt::format("cannot end HAProxy, process {}: {}", pid, std::strerror(errno))};
        if (endsWithin(pid, time))
            return Status::ok();
    }
    return Error{fmt::format("HAProxy, process {}, does not end", pid)};
}

}  // namespace levee
