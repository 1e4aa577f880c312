// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace levee {

/// Gives back what only the start, or a reload, needed: free heap, and pages of code. Linking and
/// reading the configuration touch most of the libraries, and their pages stay counted as this
/// process's memory though nothing uses them again; those that are used come back by themselves
/// from the page cache. Thread-safe; takes a few milliseconds.
void releaseStartupMemory();

}  // namespace levee
