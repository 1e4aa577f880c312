// SPDX-License-Identifier: Apache-2.0
// Texts as they come out of an editor at three in the morning, of a broken disk, or of somebody who
// wants to see what happens: a good text with a few things changed. Deterministic by the seed.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "shared/base/random.h"

namespace levee::test {

/// `text` with one change, sometimes up to 6; `others`: texts to take pieces from. REQUIRES: others
/// not empty.
inline std::string mutated(const std::string& text, const std::vector<std::string>& others,
                           Random& random) {
    static const std::vector<std::string> kPieces{"-1",   "0",
                                                  "1e9",  "99999999999999999999",
                                                  "nan",  "-",
                                                  "%",    "101%",
                                                  "5s",   "25h",
                                                  "null", "~",
                                                  "yes",  "{}",
                                                  "[]",   "&a ",
                                                  "*a",   "!!int",
                                                  ": ",   "\t",
                                                  "\r",   "---\n",
                                                  "...",  "# ",
                                                  "'",    "\"",
                                                  "\\x0", "\xff",
                                                  "ä",    std::string(1, '\0'),
                                                  "{",    "}",
                                                  "[",    "]",
                                                  ",",    "\n",
                                                  "  ",   "|",
                                                  ">",    "<<: "};
    const auto at = [&](std::size_t size) { return size == 0 ? 0 : random.next() % size; };
    std::string made = text;
    for (std::uint64_t changes = random.next() % 3 != 0 ? 1 : 1 + random.next() % 6; changes > 0;
         --changes) {
        const std::size_t from = at(made.size() + 1);
        const std::size_t length = std::min<std::size_t>(made.size() - from, 1 + at(30));
        switch (random.next() % 9) {
            case 0:
                made.erase(from, length);
                break;
            case 1:
                made.insert(from, kPieces[at(kPieces.size())]);
                break;
            case 2:
                made.replace(from, length, kPieces[at(kPieces.size())]);
                break;
            case 3:
                made.insert(at(made.size() + 1), made.substr(from, length));
                break;
            case 4:
                if (from < made.size())
                    made[from] = static_cast<char>(made[from] ^ (1 << at(8)));
                break;
            case 5: {
                const std::string& other = others[at(others.size())];
                const std::size_t begin = at(other.size() + 1);
                made.insert(from, other.substr(begin, 1 + at(200)));
                break;
            }
            case 6: {  // a whole line goes somewhere else
                const std::size_t line = made.rfind('\n', from) + 1;
                const std::size_t end = std::min(made.find('\n', line), made.size() - 1);
                if (line > end)
                    break;
                const std::string moved = made.substr(line, end + 1 - line);
                made.erase(line, moved.size());
                const std::size_t place = made.find('\n', at(made.size() + 1));
                made.insert(place == std::string::npos ? 0 : place + 1, moved);
                break;
            }
            case 7:
                if (from < made.size() && made[from] >= '0' && made[from] <= '9')
                    made[from] = static_cast<char>('0' + at(10));
                else if (random.next() % 4 == 0)
                    made.resize(from);
                break;
            case 8:
                for (std::uint64_t n = at(40); n > 0; --n)
                    made.insert(from, made.substr(from, length));
                break;
        }
    }
    return made;
}

}  // namespace levee::test
