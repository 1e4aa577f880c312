// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/haproxy_process.h"

#include <fmt/format.h>
#include <poll.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "agent/runtime/child_process.h"
#include "agent/runtime/deadline.h"
#include "agent/runtime/file_replace.h"

namespace levee {
namespace {

using namespace std::chrono_literals;

constexpr Duration kChildTimeout = 10s;
constexpr Duration kAnswerTimeout = 5s;

bool endsWithin(int pid, Duration time) {
    const UniqueFd ended = watchProcess(pid);
    if (!ended.isOpen())
        return true;
    pollfd entry{ended.get(), POLLIN, 0};
    return ::poll(&entry, 1, Deadline::after(time).pollMillis()) > 0;
}

}  // namespace

std::string startupErrors(std::string_view output) {
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

Status HaproxyProcess::install(const std::string& text) const {
    std::rename(paths_.config().c_str(), paths_.previous().c_str());
    return replaceFile(paths_.config(), text);
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

Result<reply::Worker> HaproxyProcess::launch(const std::string& text) {
    const Running old = running();
    (void)replaceFile(paths_.serverState(), old.serverStates);
    if (const Status installed = install(text); !installed)
        return installed.error();
    std::vector<std::string> arguments{program_,        "-D", "-f",
                                       paths_.config(), "-p", paths_.pidFile()};
    if (old.answers)
        arguments.insert(arguments.end(), {"-x", paths_.statsSocket()});
    if (old.pid != 0)
        arguments.insert(arguments.end(), {"-sf", std::to_string(old.pid)});
    const auto result = runChild(arguments, kChildTimeout);
    if (!result || result->exitCode != 0) {
        std::rename(paths_.previous().c_str(), paths_.config().c_str());
        if (!result)
            return result.error();
        return Error{
            fmt::format("HAProxy refuses the configuration: {}", startupErrors(result->output)),
            ErrorKind::Invalid};
    }
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
