// SPDX-License-Identifier: Apache-2.0
// Which process holds which socket. The kernel tells the inode of a socket; /proc/PID/fd tells who
// holds it. That is slow on a host with many open files, so it is done only while there is a socket
// whose owner is not known, at most kLinksEach links at a time, and goes on where it stopped.
// Sockets that no readable process holds are given up after one round over all processes.
#pragma once

#include <dirent.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "agent/host/socket_dump.h"

namespace levee::host {

/// Confined to one thread.
class SocketOwners {
public:
    static constexpr int kLinksEach = 4'000;

    explicit SocketOwners(std::string proc = "/proc", int linksEach = kLinksEach)
        : proc_(std::move(proc)), linksEach_(linksEach) {}

    /// Forgets sockets that are gone and looks for the owners of new ones.
    void update(const std::vector<SocketRow>& rows);

    /// 0: not known (yet).
    int pidOf(std::uint32_t inode) const;
    /// Where the process listens, as far as its files were looked at. Empty for most.
    const std::vector<SocketAddress>& listeningOf(int pid) const;

    std::uint64_t unknown() const { return missing_.size() + givenUp_.size(); }  ///< now
    std::uint64_t linksRead() const { return linksRead_; }    ///< since the start
    std::uint64_t unreadable() const { return unreadable_; }  ///< processes, in the last round

private:
    struct CloseDir {
        void operator()(DIR* dir) const { ::closedir(dir); }
    };
    void beginRound();
    bool openNext();
    void readLink(const char* name);

    const std::string proc_;
    const int linksEach_;
    std::unordered_map<std::uint32_t, const SocketRow*> alive_;  ///< during update() only
    std::unordered_map<std::uint32_t, int> owners_;
    std::unordered_map<int, std::vector<SocketAddress>> listening_;
    std::unordered_set<std::uint32_t> missing_;
    std::unordered_set<std::uint32_t> givenUp_;

    std::vector<int> round_;  ///< processes still to look at; the last is the next
    std::unordered_set<std::uint32_t> sought_;  ///< missing since the round began
    int pid_ = 0;
    std::unique_ptr<DIR, CloseDir> files_;  ///< of pid_, where the round stopped
    std::uint64_t linksRead_ = 0;
    std::uint64_t unreadable_ = 0;
    std::uint64_t unreadableSoFar_ = 0;
};

}  // namespace levee::host
