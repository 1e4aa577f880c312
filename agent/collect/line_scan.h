// SPDX-License-Identifier: Apache-2.0
// Finds the end of a token, 16 or 32 bytes at a time where the compiler's target has SSE2 or AVX2,
// byte by byte elsewhere. Ends of lines are left to memchr, which the C library vectorises for the
// machine at hand; numbers and names are too short to gain.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace levee {

/// The first of `Stops` at or after `at`. One of them must stand before `end`: a line end does.
/// Bit 7 of `seen` becomes set when a byte before it is not ASCII.
template <char... Stops>
const char* findFirstOf(const char* at, const char* end, unsigned char& seen) {
#if defined(__AVX2__)
    while (end - at >= 32) {
        const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
        __m256i hits = _mm256_setzero_si256();
        ((hits = _mm256_or_si256(hits, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(Stops)))), ...);
        const auto found = static_cast<std::uint32_t>(_mm256_movemask_epi8(hits));
        const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
        if (found != 0) {
            if ((high & (found - 1) & ~found) != 0)
                seen |= 0x80;
            return at + __builtin_ctz(found);
        }
        if (high != 0)
            seen |= 0x80;
        at += 32;
    }
#endif
#if defined(__SSE2__)
    while (end - at >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        __m128i hits = _mm_setzero_si128();
        ((hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(Stops)))), ...);
        const auto found = static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
        const auto high = static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
        if (found != 0) {
            if ((high & (found - 1) & ~found) != 0)
                seen |= 0x80;
            return at + __builtin_ctz(found);
        }
        if (high != 0)
            seen |= 0x80;
        at += 16;
    }
#endif
    for (; at < end && ((*at != Stops) && ...); ++at)
        seen |= static_cast<unsigned char>(*at);
    return at;
}

}  // namespace levee
