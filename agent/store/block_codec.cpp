// SPDX-License-Identifier: Apache-2.0
#include "agent/store/block_codec.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace levee {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr char kVersion = 2;
constexpr std::size_t kColumns = 12;
constexpr std::size_t kColumnsOfVersion1 = 6;
constexpr std::size_t kMostValues = 4096;
constexpr std::array<double HistoryValue::*, kColumns> kFields{
    &HistoryValue::requestRate, &HistoryValue::errorRate,   &HistoryValue::shedRate,
    &HistoryValue::p50,         &HistoryValue::p95,         &HistoryValue::p99,
    &HistoryValue::cpuCores,    &HistoryValue::memoryBytes, &HistoryValue::cpuPressure,
    &HistoryValue::rtt,         &HistoryValue::minRtt,      &HistoryValue::retransmissionRate};

Error damaged(std::string_view what) {
    return {"history block: " + std::string(what), ErrorKind::Invalid};
}

std::size_t planeOffset(std::size_t column, std::size_t plane, std::size_t count) {
    return kHeaderBytes + (column * 4 + plane) * count;
}

}  // namespace

std::string encodeBlock(const HistoryBlock& block) {
    const std::size_t count = std::min(block.size(), kMostValues);
    std::string raw(kHeaderBytes + kColumns * 4 * count, '\0');
    raw[0] = kVersion;
    raw[1] = static_cast<char>(kColumns);
    raw[2] = static_cast<char>(count & 0xff);
    raw[3] = static_cast<char>(count >> 8);
    for (std::size_t c = 0; c < kColumns; ++c) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto bits =
                std::bit_cast<std::uint32_t>(static_cast<float>(block[i].*kFields[c]));
            for (std::size_t plane = 0; plane < 4; ++plane)
                raw[planeOffset(c, plane, count) + i] = static_cast<char>(bits >> (8 * plane));
        }
    }
    std::string packed(ZSTD_compressBound(raw.size()), '\0');
    const std::size_t size = ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), 3);
    packed.resize(ZSTD_isError(size) != 0U ? 0 : size);
    return packed;
}

Result<HistoryBlock> decodeBlock(std::string_view bytes) {
    constexpr std::size_t kMostBytes = kHeaderBytes + kColumns * 4 * kMostValues;
    std::string raw(kMostBytes, '\0');
    const std::size_t size = ZSTD_decompress(raw.data(), raw.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0U)
        return damaged(ZSTD_getErrorName(size));
    const bool isOld = raw[0] == 1;
    const std::size_t columns = isOld ? kColumnsOfVersion1 : kColumns;
    if (size < kHeaderBytes || (!isOld && raw[0] != kVersion) ||
        raw[1] != static_cast<char>(columns))
        return damaged("unknown version");
    const std::size_t count = static_cast<unsigned char>(raw[2]) |
                              static_cast<std::size_t>(static_cast<unsigned char>(raw[3])) << 8;
    if (size != kHeaderBytes + columns * 4 * count)
        return damaged("wrong length");
    HistoryBlock block(count);
    for (std::size_t c = 0; c < columns; ++c) {
        for (std::size_t i = 0; i < count; ++i) {
            std::uint32_t bits = 0;
            for (std::size_t plane = 0; plane < 4; ++plane)
                bits |= static_cast<std::uint32_t>(
                            static_cast<unsigned char>(raw[planeOffset(c, plane, count) + i]))
                        << (8 * plane);
            block[i].*kFields[c] = static_cast<double>(std::bit_cast<float>(bits));
        }
    }
    return block;
}

}  // namespace levee
