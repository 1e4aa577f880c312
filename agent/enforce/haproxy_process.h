// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agent/enforce/gateway_paths.h"
#include "agent/enforce/haproxy_commands.h"
#include "agent/enforce/runtime_socket.h"
#include "shared/base/result.h"
#include "shared/base/time.h"

namespace levee {

/// The managed HAProxy as a process. It daemonises itself: it belongs to no one, outlives the
/// agent however that ends, and the next agent finds it by its runtime socket. Plain processes, not
/// master and worker: the agent is the master, and one that may come and go. Confined to one
/// thread; each call blocks for at most a few seconds.
///
/// A reload starts a new process that takes the listening sockets over from the old one (-x) and
/// tells it to finish (-sf). At no time is there nobody to accept, and the old one answers what it
/// has accepted. When the new one does not come up the old one was never told anything.
class HaproxyProcess {
public:
    HaproxyProcess(std::string program, GatewayPaths paths)
        : program_(std::move(program)), paths_(std::move(paths)), socket_(paths_.statsSocket()) {}

    /// What HAProxy itself says about `text`, without touching what runs: Invalid with its own
    /// words.
    Status validate(const std::string& text) const;

    /// Starts a process with `text`, in place of the one that runs if there is one, and waits until
    /// it answers. Map, state and body files have to be there. On an error the old one runs on and
    /// the configuration file is the old one's.
    Result<reply::Worker> launch(const std::string& text);

    /// The process that answers at the socket and is not about to end.
    Result<reply::Worker> find() const;

    /// Ends it: no new connections at once, then `grace` for requests in flight.
    Status stop(Duration grace);

private:
    int runningPid() const;
    void saveServerStates() const;
    Status install(const std::string& text) const;
    Result<reply::Worker> awaitNew(int oldPid) const;

    std::string program_;
    GatewayPaths paths_;
    RuntimeSocket socket_;
};

/// The lines of HAProxy's output that say what is wrong, without their prefix; all of it when no
/// line is marked. At most 1,000 bytes. Pure.
std::string startupErrors(std::string_view output);

}  // namespace levee
