// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace levee::promql {

/// A sum that carries the rounding errors along (Neumaier 1974). A value.
class CompensatedSum {
public:
    void add(double value) {
        const double next = sum_ + value;
        error_ += std::abs(sum_) >= std::abs(value) ? (sum_ - next) + value : (value - next) + sum_;
        sum_ = next;
    }
    double rough() const { return sum_; }
    double total() const { return sum_ + error_; }
    /// The rough sum once it is infinite: the error is NaN then.
    double finiteTotal() const { return std::isinf(sum_) ? sum_ : total(); }

private:
    double sum_ = 0;
    double error_ = 0;
};

}  // namespace levee::promql
