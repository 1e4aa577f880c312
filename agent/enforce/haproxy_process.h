// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/enforce/gateway_paths.h"
#include "agent/enforce/haproxy_commands.h"
#include "agent/enforce/runtime_socket.h"
#include "agent/runtime/child_process.h"
#include "agent/runtime/deadline.h"
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
///
/// It reads its configuration from its standard input. More than half of a start is over before it
/// does, so the next process can stand there already: prepare(). One whose agent dies finds the
/// input at its end, and ends: no listener. One whose agent dies while it writes finds a text
/// without its end, which the configuration is written to be refused as (haproxy_config.h).
class HaproxyProcess {
public:
    explicit HaproxyProcess(GatewayPaths paths)
        : paths_(std::move(paths)), socket_(paths_.statsSocket()) {}

    /// Starts `program` with `text`, in place of the process that runs if there is one, and waits
    /// until it answers. Map, state and body files have to be there. On an error the old one runs
    /// on; Invalid with HAProxy's own words where it refuses, and the text in paths.refused().
    Result<reply::Worker> launch(const std::string& program, const std::string& text);

    /// Starts what is to follow process `pid`, as far as it goes without a configuration; for
    /// launch, which uses it where it still fits. Again where it has stood for an hour or `program`
    /// is another file by now; nothing else where it stands. It has 1.8 MiB of its own.
    void prepare(const std::string& program, int pid);

    /// Ends what prepare started.
    void dismiss() {
        prepared_.reset();
        leaving_.reset();
    }

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
    /// What a start is made for.
    struct Start {
        std::string program;
        struct timespec changed {};  ///< the program's file
        ino_t file = 0;
        int oldPid = 0;
        bool oldAnswers = false;
        bool operator==(const Start& other) const;
    };
    struct Prepared {
        Start start;
        ChildProcess child;
        Deadline renewal;
    };
    static Start startOf(const std::string& program, int oldPid, bool oldAnswers);
    Result<ChildProcess> begin(const Start& start) const;
    Result<ChildProcess> takePrepared(const Start& start);
    Running running() const;
    int notedPid() const;
    Result<reply::Worker> awaitNew(int oldPid) const;

    GatewayPaths paths_;
    RuntimeSocket socket_;
    std::optional<Prepared> prepared_;
    std::optional<ChildProcess> leaving_;  ///< the first process of one that daemonised
};

/// The lines of HAProxy's output that say what is wrong, without their prefix; all of it when no
/// line is marked; places in it are said to be in `file`. At most 1,000 bytes. Pure.
std::string startupErrors(std::string_view output, std::string_view file);

}  // namespace levee
