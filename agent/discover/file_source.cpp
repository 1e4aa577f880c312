// SPDX-License-Identifier: Apache-2.0
#include "agent/discover/file_source.h"

#include <glob.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <set>

#include "agent/discover/target_list.h"

namespace levee::discover {
namespace {

constexpr std::size_t kMaxFiles = 256;
/// Editors write in steps: several changes at once are one.
constexpr int kSettleMs = 50;

bool isJson(const std::string& path) {
    return path.ends_with(".json") || path.ends_with(".JSON");
}

Result<std::string> readText(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return Error{path + ": " + std::strerror(errno), ErrorKind::Unavailable};
    if (!S_ISREG(status.st_mode))
        return Error{path + " is no file", ErrorKind::Invalid};
    std::ifstream file(path, std::ios::binary);
    std::string text(kMaxListBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (!file.is_open()))
        return Error{path + ": cannot be read", ErrorKind::Unavailable};
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxListBytes)
        return Error{path + " has more than 4 MiB", ErrorKind::Exhausted};
    return text;
}

}  // namespace

FileSource::FileSource(FileDiscovery config)
    : config_(std::move(config)), inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    watch();
}

FileSource::~FileSource() {
    if (inotify_ >= 0)
        ::close(inotify_);
}

/// The folders, not the files: a file is most often replaced by another one of its name.
void FileSource::watch() {
    for (const std::string& pattern : config_.files) {
        const std::size_t slash = pattern.rfind('/');
        const std::string folder = slash == std::string::npos ? "." : pattern.substr(0, slash + 1);
        if (inotify_ >= 0)
            ::inotify_add_watch(inotify_, folder.c_str(),
                                IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE);
    }
}

std::vector<std::string> FileSource::matching() const {
    std::set<std::string> paths;
    for (const std::string& pattern : config_.files) {
        glob_t found{};
        if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
            for (std::size_t i = 0; i < found.gl_pathc; ++i)
                paths.insert(found.gl_pathv[i]);
        }
        ::globfree(&found);
    }
    return {paths.begin(), paths.end()};
}

Status FileSource::read(const std::string& path) {
    const auto text = readText(path);
    if (!text)
        return text.error();
    auto groups = isJson(path) ? parseJsonTargets(*text) : parseYamlTargets(*text, path);
    if (!groups)
        return Error{isJson(path) ? path + ": " + groups.error().message : groups.error().message,
                     groups.error().kind};
    for (StaticTargets& group : *groups)
        group.labels["__meta_filepath"] = path;
    files_[path] = *std::move(groups);
    return Status::ok();
}

Result<Found> FileSource::look(int) {
    const std::vector<std::string> paths = matching();
    if (paths.size() > kMaxFiles)
        return Error{std::to_string(paths.size()) + " files match; at most 256 are read",
                     ErrorKind::Exhausted};
    std::erase_if(files_, [&](const auto& file) {
        return !std::binary_search(paths.begin(), paths.end(), file.first);
    });
    Found all;
    for (const std::string& path : paths) {
        if (Status done = read(path); !done && all.problem.empty())
            all.problem = done.error().message;
    }
    for (const auto& [path, groups] : files_)
        all.groups.insert(all.groups.end(), groups.begin(), groups.end());
    if (Status counted = checkCount(all.groups); !counted)
        return counted.error();
    return all;
}

void FileSource::wait(int stop) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(config_.refresh).count();
    std::array<pollfd, 2> waits{{{stop, POLLIN, 0}, {inotify_, POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), static_cast<int>(ms));
    if (waits[1].revents != 0) {
        waitForStop(stop, std::chrono::milliseconds(kSettleMs));
        std::array<char, 16 * 1024> events{};
        while (::read(inotify_, events.data(), events.size()) > 0) {
        }
    }
    watch();  // a folder may have been made since
}

}  // namespace levee::discover
