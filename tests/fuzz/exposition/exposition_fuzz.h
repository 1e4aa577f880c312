// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace levee::test {

/// Feeds one input to every reader of expositions and aborts where an invariant breaks: views that
/// leave the text, limits that do not hold, an answer that depends on a missing last line end, a
/// check that accepts what the scraper refuses. The first byte chooses the format.
void fuzzExposition(const std::uint8_t* data, std::size_t size);

}  // namespace levee::test
