// SPDX-License-Identifier: Apache-2.0
// What one thread has made and another one uses is handed over by a lock. Where that lock is inside
// a library that was not built for ThreadSanitizer, it sees none and takes the hand-over for a
// race; these two say that there is one. They do nothing else, and nothing in other builds.
#pragma once

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace levee {

/// All that this thread has done so far is to be seen by whoever calls takenOver() for the same
/// object afterwards.
inline void handOver([[maybe_unused]] const void* object) {
#if defined(__SANITIZE_THREAD__)
    __tsan_release(const_cast<void*>(object));
#endif
}

inline void takenOver([[maybe_unused]] const void* object) {
#if defined(__SANITIZE_THREAD__)
    __tsan_acquire(const_cast<void*>(object));
#endif
}

}  // namespace levee
