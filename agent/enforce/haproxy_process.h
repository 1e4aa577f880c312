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
/// has accepted.
///
/// The start is the check: HAProxy reads and checks all of its configuration, in the same steps as
/// with -c, before it takes a socket over or tells the old process anything. A -c before would find
/// the same, and an edit of a rule would be in force a start of HAProxy later.
class HaproxyProcess {
public:
    HaproxyProcess(std::string program, GatewayPaths paths)
        : program_(std::move(program)), paths_(std::move(paths)), socket_(paths_.statsSocket()) {}

    /// Starts a process with `text`, in place of the one that runs if there is one, and waits until
    /// it answers. Map, state and body files have to be there. On an error the old one runs on and
    /// the configuration file is the old one's; Invalid with HAProxy's own words where it refuses.
    Result<reply::Worker> launch(const std::string& text);

    /// The process that answers at the socket and is not about to end.
    Result<reply::Worker> find() const;

    /// Ends it: no new connections at once, then `grace` for requests in flight.
    Status stop(Duration grace);

private:
    struct Running {
        int pid = 0;           ///< 0: none
        bool answers = false;  ///< at its runtime socket
        std::string serverStates;
    };
    Running running() const;
    int notedPid() const;
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
