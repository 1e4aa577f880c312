// SPDX-License-Identifier: Apache-2.0
// Tells a cycle from noise: how much of what a limit moves by is periodic. A limit that is
// estimated from random latencies moves by chance all the time, and the spread of its values says
// nothing of whether it swings. A cycle stands out of the spectrum. The test is that for a peak
// over red noise (Mann and Lees 1996, Torrence and Compo 1998): the noise is a first-order
// autoregression, which is what an estimate with a memory gives.
#pragma once

#include <span>

namespace levee::simulator {

/// Amplitude of the periodic part of an evenly spaced series over its mean: that of a sine with the
/// same power. 0 where nothing stands out of red noise of any memory with less than one chance in
/// 100,000 for the whole series; for fewer than 40 values, or where they are constant. Periods from
/// 2 steps to a quarter of the series (of a long one, of stretches of 3,000 values, the greatest of
/// which counts). A trend is not a cycle. Pure; time O(3,000 n), memory O(n).
double cycleAmplitude(std::span<const double> series);

}  // namespace levee::simulator
