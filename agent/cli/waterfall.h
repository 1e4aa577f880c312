// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/model/trace.h"

namespace levee::cli {

/// A trace as text, a line a span, children below their parents: name, duration, and a bar of
/// `width` characters (10 or more) that says when. Each host has its own clock: a SERVER span that
/// does not lie within its caller's is shown in the middle of it, with what is below it, and
/// marked "~". Pure.
std::string waterfall(const Trace& trace, std::size_t width);

}  // namespace levee::cli
