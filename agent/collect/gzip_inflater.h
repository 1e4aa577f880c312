// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string_view>

#include <zlib.h>

namespace levee {

/// Inflates one gzip stream piece by piece, so that a consumer can stop a bomb after any 32 KiB of
/// output. libcurl's own decoding is not used: it takes a stream that ends early for a whole one,
/// and cannot say how many bytes came in. Confined to one thread. Reusable by reset().
class GzipInflater {
public:
    enum class Outcome {
        More,     ///< ready for the next piece
        Stopped,  ///< the consumer had enough
        Damaged,  ///< not gzip, a wrong checksum, or bytes after the end
    };
    /// Takes decompressed bytes; false stops.
    using Consumer = std::function<bool(std::string_view)>;

    GzipInflater() = default;
    ~GzipInflater();
    GzipInflater(const GzipInflater&) = delete;
    GzipInflater& operator=(const GzipInflater&) = delete;

    void reset();
    Outcome feed(std::string_view compressed, const Consumer& consume);
    /// The stream came to its end and its checksum was right.
    bool isComplete() const { return ended_; }

private:
    z_stream stream_{};
    bool open_ = false;
    bool ended_ = false;
    std::array<char, 32 * 1024> out_;
};

}  // namespace levee
