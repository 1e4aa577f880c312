// SPDX-License-Identifier: Apache-2.0
#include "shared/simulator/service_time.h"

#include <cmath>
#include <numbers>

namespace levee::simulator {
namespace {

double sigmaOf(const ServiceLaw& law) {
    return std::sqrt(std::log(1 + law.cv * law.cv));
}

double medianOfLognormal(const ServiceLaw& law) {
    return law.mean / std::sqrt(1 + law.cv * law.cv);
}

double leastOfPareto(const ServiceLaw& law) {
    return law.mean * (law.shape - 1) / law.shape;
}

double normalQuantile(double q) {
    double low = -40;
    double high = 40;
    while (high - low > 1e-12) {
        const double middle = (low + high) / 2;
        const bool isBelow = 0.5 * std::erfc(-middle / std::numbers::sqrt2) < q;
        (isBelow ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace

double ServiceLaw::meanSeconds() const {
    return kind == Kind::Bimodal ? slowShare * slow + (1 - slowShare) * fast : mean;
}

double quantile(const ServiceLaw& law, double q) {
    switch (law.kind) {
        case ServiceLaw::Kind::Constant:
            return law.mean;
        case ServiceLaw::Kind::Exponential:
            return -law.mean * std::log1p(-q);
        case ServiceLaw::Kind::Lognormal:
            return medianOfLognormal(law) * std::exp(sigmaOf(law) * normalQuantile(q));
        case ServiceLaw::Kind::Bimodal:
            return q <= 1 - law.slowShare ? law.fast : law.slow;
        case ServiceLaw::Kind::Pareto:
            return leastOfPareto(law) * std::pow(1 - q, -1 / law.shape);
    }
    return law.mean;
}

double drawExponential(Random& random) {
    return -std::log(1 - random.uniform());
}

ServiceTime::ServiceTime(const ServiceLaw& law) : law_(law) {
    if (law.kind == ServiceLaw::Kind::Lognormal) {
        sigma_ = sigmaOf(law);
        scale_ = medianOfLognormal(law);
    } else if (law.kind == ServiceLaw::Kind::Pareto) {
        scale_ = leastOfPareto(law);
    }
}

double ServiceTime::draw(Random& random) const {
    switch (law_.kind) {
        case ServiceLaw::Kind::Constant:
            return law_.mean;
        case ServiceLaw::Kind::Exponential:
            return law_.mean * drawExponential(random);
        case ServiceLaw::Kind::Lognormal: {
            const double normal = std::sqrt(2 * drawExponential(random)) *
                                  std::cos(2 * std::numbers::pi * random.uniform());
            return scale_ * std::exp(sigma_ * normal);
        }
        case ServiceLaw::Kind::Bimodal:
            return random.uniform() < law_.slowShare ? law_.slow : law_.fast;
        case ServiceLaw::Kind::Pareto:
            return scale_ * std::pow(1 - random.uniform(), -1 / law_.shape);
    }
    return law_.mean;
}

}  // namespace levee::simulator
