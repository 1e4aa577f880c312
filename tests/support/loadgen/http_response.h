// SPDX-License-Identifier: Apache-2.0
// Reads HTTP/1.x answers from a byte stream, a piece at a time. Bodies are counted, not kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace levee::loadgen {

/// One answer after the other from one connection. Reads the status, the length or the chunks, and
/// whether the connection stays open; interim answers (1xx) are skipped. At most kMaxHeadBytes of
/// status line and headers, and of one chunk-size line. Confined to one thread.
class HttpResponse {
public:
    enum class State {
        Incomplete,  ///< more bytes are needed
        Complete,    ///< status() and keepsAlive() hold; bytes after the answer are not consumed
        Malformed,   ///< not HTTP/1.x, or past a bound; the connection is of no more use
    };
    static constexpr std::size_t kMaxHeadBytes = 64 * 1024;

    /// Forgets the last answer. `isHead`: the answer to a HEAD request has no body, whatever it
    /// says.
    void reset(bool isHead = false);

    /// Consumes what belongs to this answer and removes it from `bytes`.
    State feed(std::string_view& bytes);

    /// The peer closed: an answer without length is complete by that.
    State finish();

    int status() const { return status_; }
    bool keepsAlive() const { return keepsAlive_; }
    bool hasBegun() const { return hasBegun_; }
    std::uint64_t bodyBytes() const { return bodyBytes_; }

private:
    enum class Part {
        Head,
        Length,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailer,
        UntilClose,
        Done,
        Bad
    };

    bool takeLine(std::string_view& bytes);
    void onHeadLine();
    void onStatusLine();
    void onHeader(std::string_view name, std::string_view value);
    void onHeadEnd();
    void onChunkSize();
    void takeBody(std::string_view& bytes);
    void step(std::string_view& bytes);
    State state() const;

    Part part_ = Part::Head;
    std::string line_;
    std::size_t headBytes_ = 0;
    bool isHead_ = false;
    bool hasBegun_ = false;
    bool hasStatus_ = false;
    bool isChunked_ = false;
    bool hasLength_ = false;
    bool keepsAlive_ = true;
    int status_ = 0;
    std::uint64_t left_ = 0;
    std::uint64_t bodyBytes_ = 0;
};

}  // namespace levee::loadgen
