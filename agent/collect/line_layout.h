// SPDX-License-Identifier: Apache-2.0
// What the lines of a target's last scrape began with, in their order.
//
// A target writes the same lines each time; only values change. So a line whose beginning, up to
// the value, is the one that stood at its place the last time needs no second parse. A line is
// known by its length and a 64-bit hash of its beginning: 16 bytes a line, however long it is. The
// hash is keyed with a number that is drawn when the process starts, so nobody can write two
// beginnings with one hash but by luck (2^-64 a line).
//
// A few lines that came, went or moved cost themselves: the lines ahead are tried. After a larger
// change the rest is parsed once, and is known the next time. Whatever a target writes, a line
// costs at most kLookAhead passes over itself, and what is remembered is bounded by the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace levee {

/// Confined to one thread.
class LineLayout {
public:
    /// What a line is to its reader.
    static constexpr std::uint32_t kSilent = 0;     ///< no sample: `bytes` is the whole line
    static constexpr std::uint32_t kDropped = 1;    ///< a sample that nobody needs
    static constexpr std::uint32_t kFirstKept = 2;  ///< from here on: the reader's own numbers

    struct Line {
        std::uint64_t hash = 0;
        std::uint32_t bytes = 0;  ///< of the beginning
        std::uint32_t tag = kSilent;
    };

    /// Lines that find() tries, beginning with the one that is due.
    static constexpr std::size_t kLookAhead = 16;

    /// At most `maxLines` are remembered of the scrape that begins; what is beyond is parsed each
    /// time.
    void begin(std::size_t maxLines);
    /// The line that `rest` begins with; null when it is none of those that are due. Valid until
    /// the next call of another function.
    const Line* find(std::string_view rest) const;
    /// The found line stands here too, with `tag`, which is the old one where nothing has moved.
    void accept(const Line& line, std::uint32_t tag);
    /// Passes over a found line that is not to be remembered.
    void pass(const Line& line);
    /// A new line stands here.
    void add(std::string_view beginning, std::uint32_t tag);
    /// The lines accepted and added since begin() are what the next scrape is held against.
    void end();
    void forget();

    std::size_t size() const { return last_.size(); }

private:
    void diverge();
    void remember(const Line& line);

    std::vector<Line> last_;
    std::vector<Line> current_;  ///< once diverged_: the lines of this scrape so far
    std::size_t maxLines_ = 0;
    std::size_t position_ = 0;  ///< in last_: the line that is due
    bool diverged_ = false;     ///< until then this scrape is the first position_ lines of last_
};

}  // namespace levee
