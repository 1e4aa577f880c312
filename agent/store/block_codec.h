// SPDX-License-Identifier: Apache-2.0
// A minute of one subject's values as a compressed block of columns.
//
// Format (little endian), compressed as one zstd frame:
//   u8 version = 2; u8 columns = 12; u16 count;
//   then for each column (request rate, error rate, shed rate, p50, p95, p99; CPU cores, memory
//   bytes, CPU pressure, rtt, smallest rtt, retransmissions) `count` float32 values, stored as four
//   byte planes (all first bytes, all second bytes, ...), which is what makes it compress; NaN is
//   "unknown". The time of value i is the block's start plus i times its step; a value that nobody
//   measured is a gap: its request rate is NaN. Version 1 has the first 6 columns only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.h"
#include "shared/model/snapshot.h"

namespace levee {

/// All that is kept of one subject at one time.
struct HistoryValue : Traffic, Footprint {};

/// Values at equal steps. A gap has requestRate == kUnknown.
using HistoryBlock = std::vector<HistoryValue>;

/// At most 4,096 values; float32 precision is kept.
std::string encodeBlock(const HistoryBlock& block);

/// Invalid for anything that encodeBlock did not make; reads at most 1 MiB of decompressed bytes.
Result<HistoryBlock> decodeBlock(std::string_view bytes);

}  // namespace levee
