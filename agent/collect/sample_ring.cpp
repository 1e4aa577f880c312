// SPDX-License-Identifier: Apache-2.0
#include "agent/collect/sample_ring.h"

#include <algorithm>

namespace levee {

void SampleRing::push(promql::Sample sample) {
    if (isFull()) {
        begin_ = (begin_ + 1) % samples_.size();
        --size_;
    }
    samples_[(begin_ + size_++) % samples_.size()] = sample;
}

void SampleRing::dropBefore(promql::Millis at) {
    while (size_ > 0 && (*this)[0].at < at) {
        begin_ = (begin_ + 1) % samples_.size();
        --size_;
    }
}

void SampleRing::resize(std::size_t capacity) {
    std::vector<promql::Sample> moved(capacity);
    const std::size_t kept = std::min(size_, capacity);
    for (std::size_t i = 0; i < kept; ++i)
        moved[i] = (*this)[size_ - kept + i];
    samples_ = std::move(moved);
    begin_ = 0;
    size_ = kept;
}

std::size_t SampleRing::firstFrom(promql::Millis at) const {
    std::size_t low = 0;
    std::size_t high = size_;
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if ((*this)[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

}  // namespace levee
