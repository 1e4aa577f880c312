// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/name_table.h"

#include <algorithm>

namespace levee::ingest {
namespace {

constexpr std::size_t kLongestName = 200;

bool isPlain(std::string_view text) {
    return text.size() <= kLongestName &&
           std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// Bytes of the well-formed UTF-8 sequence that starts `text`; 0 when it is not one (overlong,
/// surrogate, beyond U+10FFFF, cut off).
std::size_t sequenceLength(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    const std::size_t length = first < 0x80                     ? 1
                               : first >= 0xc2 && first <= 0xdf ? 2
                               : (first & 0xf0U) == 0xe0        ? 3
                               : first >= 0xf0 && first <= 0xf4 ? 4
                                                                : 0;
    if (length == 0 || length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0U) != 0x80)
            return 0;
    if (length >= 3) {
        const unsigned second = byte(1);
        if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
            (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
            return 0;
    }
    return length;
}

}  // namespace

std::string cleanName(std::string_view text) {
    if (isPlain(text))
        return std::string(text);
    std::string clean;
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        const bool control = length == 1 && (text[0] < 0x20 || text[0] == 0x7f);
        if (clean.size() + std::max<std::size_t>(length, 1) > kLongestName)
            break;
        if (length == 0 || control)
            clean += '?';
        else
            clean += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return clean;
}

NameTable::NameTable(std::size_t capacity) : capacity_(capacity) {
    entries_.push_back({});
    entries_.push_back({std::string(kOtherText), MonotonicTime::max()});
    entries_.push_back({std::string(kUserText), MonotonicTime::max()});
    ids_.emplace(std::string(kOtherText), kOtherName);
    ids_.emplace(std::string(kUserText), kUserName);
}

NameId NameTable::intern(std::string_view text, MonotonicTime now) {
    if (text.empty())
        return kNoName;
    auto found = ids_.find(absl::string_view(text.data(), text.size()));
    if (found == ids_.end()) {
        // Names that need cleaning are rare; only they pay for a second look.
        std::string clean = cleanName(text);
        if (clean == text)
            return add(std::move(clean), now);
        found = ids_.find(clean);
        if (found == ids_.end())
            return add(std::move(clean), now);
    }
    Entry& entry = entries_[found->second];
    entry.used = std::max(entry.used, now);
    return found->second;
}

NameId NameTable::add(std::string text, MonotonicTime now) {
    if (ids_.size() >= capacity_ + 2) {
        ++overflowed_;
        return kOtherName;
    }
    NameId id;
    if (free_.empty()) {
        id = static_cast<NameId>(entries_.size());
        entries_.emplace_back();
    } else {
        id = free_.back();
        free_.pop_back();
    }
    entries_[id] = {text, now};
    ids_.emplace(std::move(text), id);
    return id;
}

void NameTable::forget(MonotonicTime horizon) {
    absl::erase_if(ids_, [&](const auto& entry) {
        if (entries_[entry.second].used >= horizon)
            return false;
        entries_[entry.second].text.clear();
        free_.push_back(entry.second);
        return true;
    });
}

}  // namespace levee::ingest
