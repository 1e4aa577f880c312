// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "rules/promql/series_source.h"

namespace levee {

/// The newest samples of one series, oldest first. Grows only when told to; when it is full the
/// oldest sample makes room. Confined to its user.
class SampleRing {
public:
    std::size_t size() const { return size_; }
    std::size_t capacity() const { return samples_.size(); }
    bool isFull() const { return size_ == samples_.size(); }
    const promql::Sample& operator[](std::size_t i) const {
        return samples_[(begin_ + i) % samples_.size()];
    }
    const promql::Sample& newest() const { return (*this)[size_ - 1]; }

    /// REQUIRES: a capacity above 0; later than the newest.
    void push(promql::Sample sample);
    void dropBefore(promql::Millis at);
    /// Moves to another capacity; the newest samples stay.
    void resize(std::size_t capacity);
    /// The index of the first sample at `at` or later.
    std::size_t firstFrom(promql::Millis at) const;

private:
    std::vector<promql::Sample> samples_;
    std::size_t begin_ = 0;
    std::size_t size_ = 0;
};

}  // namespace levee
