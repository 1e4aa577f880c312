// SPDX-License-Identifier: Apache-2.0
// Words for sockets and processes, and a folder that looks like /proc.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "agent/config/config_loader.h"
#include "agent/host/socket_dump.h"
#include "tests/support/source_paths.h"

namespace levee::test {

inline std::string hostData(const std::string& name) {
    std::ifstream file(std::string(LEVEE_TEST_DATA) + "/host/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline host::SocketAddress at(const std::string& ip, int port) {
    return *host::SocketAddress::of(ip, static_cast<std::uint16_t>(port));
}

inline host::SocketRow listening(const std::string& ip, int port, std::uint32_t inode) {
    host::SocketRow row;
    row.isListening = true;
    row.local = at(ip, port);
    row.inode = inode;
    return row;
}

inline host::SocketRow connected(host::SocketAddress local, host::SocketAddress remote,
                                 std::uint32_t inode, std::uint32_t rttMicros = 0) {
    host::SocketRow row;
    row.local = local;
    row.remote = remote;
    row.inode = inode;
    row.cookie = inode;
    row.rttMicros = rttMicros;
    row.minRttMicros = rttMicros / 2;
    return row;
}

inline AgentConfig configOf(const std::string& yaml) {
    return parseConfig(yaml, "agent.yaml", [](const std::string&) { return std::nullopt; }).config;
}

/// A folder like /proc. Processes are added with their files.
class ProcFolder {
public:
    explicit ProcFolder(std::filesystem::path path) : path_(std::move(path)) {}

    std::string path() const { return path_.string(); }
    void write(const std::string& name, const std::string& text) {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    void addProcess(int pid, const std::string& command, const std::string& commandLine,
                    int parent = 1) {
        const std::string folder = std::to_string(pid);
        write(folder + "/stat", stat(pid, command, parent, 0));
        write(folder + "/cmdline", commandLine);
        std::filesystem::create_directories(path_ / folder / "fd");
    }
    static std::string stat(int pid, const std::string& command, int parent, int ticks) {
        return std::to_string(pid) + " (" + command + ") S " + std::to_string(parent) +
               " 1 1 0 -1 0 0 0 0 0 " + std::to_string(ticks) +
               " 0 0 0 20 0 3 0 555 1000000 25 0\n";
    }
    void addSocket(int pid, int fd, std::uint32_t inode) {
        std::filesystem::create_symlink("socket:[" + std::to_string(inode) + "]",
                                        path_ / std::to_string(pid) / "fd" / std::to_string(fd));
    }
    void remove(const std::string& name) { std::filesystem::remove_all(path_ / name); }

private:
    const std::filesystem::path path_;
};

}  // namespace levee::test
