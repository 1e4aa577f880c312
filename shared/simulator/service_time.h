// SPDX-License-Identifier: Apache-2.0
// Draws from a service-time law, and what is known of the law in closed form.
#pragma once

#include "shared/base/random.h"
#include "shared/simulator/scenario.h"

namespace levee::simulator {

/// Below this share of the work lies the time given: exact, except that the normal distribution
/// behind Lognormal is inverted numerically to 1e-12. REQUIRES: 0 < q < 1.
double quantile(const ServiceLaw& law, double q);

/// Exponential with mean 1.
double drawExponential(Random& random);

/// Confined to one thread.
class ServiceTime {
public:
    explicit ServiceTime(const ServiceLaw& law);
    /// Seconds, > 0.
    double draw(Random& random) const;

private:
    ServiceLaw law_;
    double sigma_ = 0;  ///< Lognormal: of the logarithm
    double scale_ = 0;  ///< Lognormal: the median; Pareto: the least
};

}  // namespace levee::simulator
