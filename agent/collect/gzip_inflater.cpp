// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/gzip_inflater.h"

namespace levee {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib's code for: gzip header required, full window

}  // namespace

GzipInflater::~GzipInflater() {
    if (open_)
        inflateEnd(&stream_);
}

void GzipInflater::reset() {
    ended_ = false;
    if (open_)
        inflateReset2(&stream_, kGzipOnly);
    else
        open_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
}

GzipInflater::Outcome GzipInflater::feed(std::string_view compressed, const Consumer& consume) {
    if (!open_)
        return Outcome::Damaged;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream_.avail_in = static_cast<uInt>(compressed.size());
    do {
        if (ended_)
            return stream_.avail_in == 0 ? Outcome::More : Outcome::Damaged;
        stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
        stream_.avail_out = static_cast<uInt>(out_.size());
        const int code = inflate(&stream_, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            return Outcome::Damaged;
        ended_ = code == Z_STREAM_END;
        if (!consume({out_.data(), out_.size() - stream_.avail_out}))
            return Outcome::Stopped;
    } while (stream_.avail_in > 0 || stream_.avail_out == 0);
    return Outcome::More;
}

}  // namespace levee
