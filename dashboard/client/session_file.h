// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded session: what one agent said, and when, for a post-mortem, a bug report or a test.
//
// Form: the line "levee-session 1", the line of the agent's address, then frames. A frame is the
// wall time of receipt (int64, milliseconds since the Unix epoch), the length (uint32), both little
// endian, and so many bytes of a levee.v1.WatchUpdate. The first update holds a snapshot. A file
// that was cut off in the middle of a frame is read up to there.
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "dashboard/client/update_mailbox.h"
#include "shared/base/result.h"

namespace levee {

/// Appends frames to a new file. Confined to one thread.
class SessionFileWriter {
public:
    static Result<std::unique_ptr<SessionFileWriter>> create(const std::string& path,
                                                             const std::string& address);
    Status write(std::int64_t millis, const LinkUpdate& update);

private:
    explicit SessionFileWriter(std::ofstream out) : out_(std::move(out)) {}
    std::ofstream out_;
};

struct SessionFrame {
    std::int64_t millis = 0;
    LinkUpdate update;
};

/// Reads frames one by one, so that an hour of a large fleet is never in memory at once. Confined
/// to one thread.
class SessionFileReader {
public:
    static constexpr std::uint32_t kMaxFrameBytes = 64 * 1024 * 1024;

    static Result<std::unique_ptr<SessionFileReader>> open(const std::string& path);
    const std::string& address() const { return address_; }
    /// False at the end of the file, and at a frame that is cut off or damaged; problem() then says
    /// which.
    bool next(SessionFrame& frame);
    const std::string& problem() const { return problem_; }

private:
    SessionFileReader(std::ifstream in, std::string address)
        : in_(std::move(in)), address_(std::move(address)) {}
    std::ifstream in_;
    std::string address_;
    std::string problem_;
};

}  // namespace levee
