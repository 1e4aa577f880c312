// SPDX-License-Identifier: Apache-2.0
#include "agent/host/socket_owners.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>

namespace levee::host {
namespace {

/// The number in "socket:[4711]", or 0.
std::uint32_t socketInode(std::string_view link) {
    constexpr std::string_view kStart = "socket:[";
    if (!link.starts_with(kStart) || !link.ends_with(']'))
        return 0;
    link.remove_prefix(kStart.size());
    std::uint32_t inode = 0;
    std::from_chars(link.data(), link.data() + link.size() - 1, inode);
    return inode;
}

int numberOf(std::string_view name) {
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc{} && end == name.data() + name.size() ? number : 0;
}

}  // namespace

int SocketOwners::pidOf(std::uint32_t inode) const {
    const auto found = owners_.find(inode);
    return found != owners_.end() ? found->second : 0;
}

const std::vector<SocketAddress>& SocketOwners::listeningOf(int pid) const {
    static const std::vector<SocketAddress> kNone;
    const auto found = listening_.find(pid);
    return found != listening_.end() ? found->second : kNone;
}

void SocketOwners::update(const std::vector<SocketRow>& rows) {
    alive_.clear();
    for (const SocketRow& row : rows) {
        if (row.inode != 0)
            alive_.emplace(row.inode, &row);
    }
    std::erase_if(owners_, [&](const auto& owner) { return !alive_.contains(owner.first); });
    std::erase_if(givenUp_, [&](std::uint32_t inode) { return !alive_.contains(inode); });
    missing_.clear();
    for (const auto& [inode, row] : alive_) {
        if (!owners_.contains(inode) && !givenUp_.contains(inode))
            missing_.insert(inode);
    }
    int budget = linksEach_;
    while (budget > 0 && !missing_.empty()) {
        if (files_ == nullptr && !openNext())
            break;
        for (; budget > 0; --budget) {
            const dirent* entry = ::readdir(files_.get());
            if (entry == nullptr) {
                files_.reset();
                break;
            }
            readLink(entry->d_name);
        }
    }
    if (missing_.empty()) {  // the next round begins with those that hold sockets, again
        round_.clear();
        sought_.clear();
        files_.reset();
    }
}

/// Opens the next process's files; begins a round when none is under way. False when there is
/// nothing more to look at now.
bool SocketOwners::openNext() {
    if (round_.empty() && sought_.empty())
        beginRound();
    while (!round_.empty()) {
        pid_ = round_.back();
        round_.pop_back();
        files_.reset(::opendir((proc_ + '/' + std::to_string(pid_) + "/fd").c_str()));
        if (files_ != nullptr) {
            listening_.erase(pid_);
            return true;
        }
        if (errno == EACCES)
            ++unreadableSoFar_;
    }
    // The round is over. What it looked for all the while and did not find is nobody's here.
    for (const std::uint32_t inode : sought_) {
        if (missing_.erase(inode) > 0)
            givenUp_.insert(inode);
    }
    sought_.clear();
    unreadable_ = unreadableSoFar_;
    return false;
}

/// Processes that hold sockets already come first: they are the ones that open more.
void SocketOwners::beginRound() {
    unreadableSoFar_ = 0;
    sought_ = missing_;
    std::unordered_set<int> holders;
    for (const auto& [inode, pid] : owners_)
        holders.insert(pid);
    const std::unique_ptr<DIR, CloseDir> processes(::opendir(proc_.c_str()));
    while (const dirent* entry = processes != nullptr ? ::readdir(processes.get()) : nullptr) {
        if (const int pid = numberOf(entry->d_name); pid > 0)
            round_.push_back(pid);
    }
    std::ranges::stable_partition(round_, [&](int pid) { return !holders.contains(pid); });
    std::erase_if(listening_, [&](const auto& item) {
        return std::ranges::find(round_, item.first) == round_.end();
    });
}

void SocketOwners::readLink(const char* name) {
    std::array<char, 64> target{};
    ++linksRead_;
    const ssize_t length = ::readlinkat(::dirfd(files_.get()), name, target.data(), target.size());
    if (length <= 0)
        return;
    const std::uint32_t inode =
        socketInode(std::string_view(target.data(), static_cast<std::size_t>(length)));
    const auto found = alive_.find(inode);
    if (inode == 0 || found == alive_.end())
        return;
    owners_[inode] = pid_;
    missing_.erase(inode);
    if (found->second->isListening)
        listening_[pid_].push_back(found->second->local);
}

}  // namespace levee::host
