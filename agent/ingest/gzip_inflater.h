// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace levee::ingest {

/// Streaming gzip (RFC 1952, several members allowed) that never makes more than it is allowed to.
/// Confined to one thread.
class GzipInflater {
public:
    enum class Outcome { Ok, Damaged, TooLarge };

    /// At most `limit` bytes come out; after the first MiB at most `ratio` times what went in.
    GzipInflater(std::uint64_t limit, std::uint32_t ratio);
    ~GzipInflater();
    GzipInflater(const GzipInflater&) = delete;
    GzipInflater& operator=(const GzipInflater&) = delete;

    /// Decompresses the next piece of input onto the end of `out`.
    Outcome feed(std::string_view piece, std::string& out);

    /// True when the input so far is whole: it ends with a member's checksum.
    bool isComplete() const;

private:
    struct State;
    Outcome inflatePiece(std::string& out);

    const std::uint64_t limit_;
    const std::uint32_t ratio_;
    std::uint64_t bytesIn_ = 0;
    std::unique_ptr<State> state_;
};

}  // namespace levee::ingest
