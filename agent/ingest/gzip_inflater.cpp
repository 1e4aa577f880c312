// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/gzip_inflater.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace levee::ingest {
namespace {

constexpr int kGzipWindow = 15 + 16;  // largest window, gzip header required
constexpr std::uint64_t kRatioFreeBytes = 1024 * 1024;

}  // namespace

struct GzipInflater::State {
    z_stream stream{};
    bool ready = false;
    bool complete = false;
    std::array<char, 64 * 1024> buffer;
};

GzipInflater::GzipInflater(std::uint64_t limit, std::uint32_t ratio)
    : limit_(limit), ratio_(ratio), state_(std::make_unique<State>()) {
    state_->ready = inflateInit2(&state_->stream, kGzipWindow) == Z_OK;
}

GzipInflater::~GzipInflater() {
    if (state_->ready)
        inflateEnd(&state_->stream);
}

bool GzipInflater::isComplete() const {
    return state_->complete;
}

GzipInflater::Outcome GzipInflater::feed(std::string_view piece, std::string& out) {
    if (!state_->ready)
        return Outcome::Damaged;
    bytesIn_ += piece.size();
    z_stream& stream = state_->stream;
    // zlib's interface predates const; it does not write to its input.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
    while (stream.avail_in > 0) {
        if (state_->complete) {  // another member follows
            if (inflateReset(&stream) != Z_OK)
                return Outcome::Damaged;
            state_->complete = false;
        }
        const Outcome outcome = inflatePiece(out);
        if (outcome != Outcome::Ok)
            return outcome;
    }
    return Outcome::Ok;
}

/// Runs until the input is used up or a member ends.
GzipInflater::Outcome GzipInflater::inflatePiece(std::string& out) {
    z_stream& stream = state_->stream;
    int code = Z_OK;
    do {
        stream.next_out = reinterpret_cast<Bytef*>(state_->buffer.data());
        stream.avail_out = static_cast<uInt>(state_->buffer.size());
        code = inflate(&stream, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            return Outcome::Damaged;
        const std::size_t made = state_->buffer.size() - stream.avail_out;
        const std::uint64_t total = out.size() + made;
        if (total > limit_ ||
            (total > kRatioFreeBytes && total > (bytesIn_ - stream.avail_in) * ratio_))
            return Outcome::TooLarge;
        out.append(state_->buffer.data(), made);
    } while (code == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0));
    state_->complete = code == Z_STREAM_END;
    return Outcome::Ok;
}

}  // namespace levee::ingest
