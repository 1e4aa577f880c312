// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/line_layout.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>

namespace levee {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t word(const char* at) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

const std::array<std::uint64_t, 3>& keys() {
    static const std::array<std::uint64_t, 3> kKeys = [] {
        std::random_device device;
        std::array<std::uint64_t, 3> drawn{};
        for (std::uint64_t& key : drawn)
            key = (static_cast<std::uint64_t>(device()) << 32 | device()) | 1;
        return drawn;
    }();
    return kKeys;
}

/// Multiply and fold, 16 bytes at a time, the last 16 overlapping; keyed.
std::uint64_t keyedHash(std::string_view text) {
    const auto& [k0, k1, k2] = keys();
    const char* p = text.data();
    std::size_t left = text.size();
    std::uint64_t hash = k0 ^ left;
    if (left < 16) {
        std::array<char, 16> padded{};
        if (left > 0)
            std::memcpy(padded.data(), p, left);
        return folded(folded(word(padded.data()) ^ k1, word(padded.data() + 8) ^ hash) ^ k2, k0);
    }
    for (; left > 16; p += 16, left -= 16)
        hash = folded(word(p) ^ k1, word(p + 8) ^ hash);
    p = text.data() + text.size() - 16;
    return folded(folded(word(p) ^ k1, word(p + 8) ^ hash) ^ k2, k0);
}

}  // namespace

void LineLayout::begin(std::size_t maxLines) {
    maxLines_ = maxLines;
    current_.clear();
    position_ = 0;
    diverged_ = false;
}

const LineLayout::Line* LineLayout::find(std::string_view rest) const {
    const std::size_t stop = std::min(position_ + kLookAhead, last_.size());
    if (position_ == stop)
        return nullptr;
    // No longer than the line at hand: else many short lines after a few long ones would each cost
    // the hashes of long ones.
    const std::size_t lineEnd = rest.find('\n');
    const std::size_t whole = lineEnd == std::string_view::npos ? rest.size() : lineEnd + 1;
    for (std::size_t i = position_; i < stop; ++i) {
        const Line& line = last_[i];
        if (line.bytes <= whole && keyedHash(rest.substr(0, line.bytes)) == line.hash)
            return &line;
    }
    return nullptr;
}

void LineLayout::diverge() {
    if (diverged_)
        return;
    diverged_ = true;
    current_.assign(last_.begin(), last_.begin() + static_cast<std::ptrdiff_t>(position_));
}

void LineLayout::remember(const Line& line) {
    diverge();
    if (current_.size() < maxLines_)
        current_.push_back(line);
}

void LineLayout::accept(const Line& line, std::uint32_t tag) {
    const auto index = static_cast<std::size_t>(&line - last_.data());
    if (diverged_ || index != position_)
        remember({line.hash, line.bytes, tag});
    position_ = index + 1;
}

void LineLayout::pass(const Line& line) {
    diverge();
    position_ = static_cast<std::size_t>(&line - last_.data()) + 1;
}

void LineLayout::add(std::string_view beginning, std::uint32_t tag) {
    remember({keyedHash(beginning), static_cast<std::uint32_t>(beginning.size()), tag});
}

void LineLayout::end() {
    if (!diverged_) {
        last_.resize(position_);
        return;
    }
    last_ = std::move(current_);
    last_.shrink_to_fit();
    current_ = {};
}

void LineLayout::forget() {
    last_ = {};
    begin(maxLines_);
}

}  // namespace levee
