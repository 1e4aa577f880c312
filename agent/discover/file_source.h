// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/discover/target_source.h"

namespace levee::discover {

/// file_sd: JSON and YAML files, watched by inotify and looked at again each refresh interval. A
/// file that is broken keeps the targets it had; one that is gone takes its targets along.
class FileSource final : public TargetSource {
public:
    explicit FileSource(FileDiscovery config);
    ~FileSource() override;

    Result<Found> look(int stop) override;
    void wait(int stop) override;

private:
    std::vector<std::string> matching() const;
    Status read(const std::string& path);
    void watch();

    const FileDiscovery config_;
    int inotify_ = -1;
    std::map<std::string, TargetGroups> files_;  ///< the last good content of each
};

}  // namespace levee::discover
