// SPDX-License-Identifier: Apache-2.0
// Names of services and peers as small numbers, inside a fixed bound: hostile or careless senders
// cannot grow it. A name that no span has used for a while is forgotten and its number reused, so
// the holder of an id must not keep it longer than the horizon it hands to forget().
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/time.h"

namespace levee::ingest {

using NameId = std::uint32_t;

constexpr NameId kNoName = 0;
constexpr NameId kOtherName = 1;  ///< "(other)": all names beyond the bound
constexpr NameId kUserName = 2;   ///< "user": who calls a service whose span is a root
constexpr std::string_view kOtherText = "(other)";
constexpr std::string_view kUserText = "user";

/// Confined to the intake thread.
class NameTable {
public:
    /// At most `capacity` names besides the fixed ones.
    explicit NameTable(std::size_t capacity);

    /// The id of cleanName(text); kNoName for "", kOtherName (counted) when the table is full.
    NameId intern(std::string_view text, MonotonicTime now);
    const std::string& text(NameId id) const { return entries_[id].text; }

    /// Drops the names that were last interned before `horizon`.
    void forget(MonotonicTime horizon);

    std::size_t size() const { return ids_.size(); }
    std::uint64_t overflowed() const { return overflowed_; }

private:
    struct Entry {
        std::string text;
        MonotonicTime used;
    };
    NameId add(std::string text, MonotonicTime now);

    const std::size_t capacity_;
    absl::flat_hash_map<std::string, NameId> ids_;
    std::vector<Entry> entries_;
    std::vector<NameId> free_;
    std::uint64_t overflowed_ = 0;
};

/// `text` as a node may be called: valid UTF-8, no control characters (each bad byte becomes '?'),
/// at most 200 bytes, cut between characters. Pure.
std::string cleanName(std::string_view text);

}  // namespace levee::ingest
