// SPDX-License-Identifier: Apache-2.0
#include "rules/promql/aggregation.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "rules/promql/number_text.h"
#include "rules/promql/quantile.h"

namespace levee::promql {
namespace {

using Group = std::vector<const Element*>;  ///< at least one

double sum(const Group& group) {
    double total = 0;
    for (const Element* element : group)
        total += element->value;
    return total;
}

/// A running mean, which does not overflow where a sum would. An infinite mean stays what it is,
/// but for NaN and for the other infinity.
double mean(const Group& group) {
    double mean = 0;
    double count = 0;
    for (const Element* element : group) {
        const double value = element->value;
        ++count;
        const bool isSettled =
            std::isinf(mean) &&
            (std::isfinite(value) || (std::isinf(value) && (value > 0) == (mean > 0)));
        if (!isSettled)
            mean += value / count - mean / count;
    }
    return mean;
}

/// Welford. A single element has none, even where it is not finite.
double variance(const Group& group) {
    double mean = group.front()->value;
    double squares = 0;
    for (std::size_t i = 1; i < group.size(); ++i) {
        const double deviation = group[i]->value - mean;
        mean += deviation / static_cast<double>(i + 1);
        squares += deviation * (group[i]->value - mean);
    }
    return squares / static_cast<double>(group.size());
}

template <typename Replaces>
double extreme(const Group& group, Replaces replaces) {
    double found = group.front()->value;
    for (const Element* element : group) {
        if (replaces(element->value, found) || std::isnan(found))
            found = element->value;
    }
    return found;
}

double valueOf(AggregateOp op, const Group& group, double parameter) {
    switch (op) {
        case AggregateOp::Sum:
            return sum(group);
        case AggregateOp::Avg:
            return mean(group);
        case AggregateOp::Min:
            return extreme(group, std::less<>());
        case AggregateOp::Max:
            return extreme(group, std::greater<>());
        case AggregateOp::Stddev:
            return std::sqrt(variance(group));
        case AggregateOp::Stdvar:
            return variance(group);
        case AggregateOp::Quantile: {
            std::vector<double> values;
            for (const Element* element : group)
                values.push_back(element->value);
            return quantile(parameter, std::move(values));
        }
        case AggregateOp::Group:
            return 1;
        default:
            return static_cast<double>(group.size());
    }
}

/// The k best elements, NaN the worst of all; among equals the first.
void appendBest(Vector& result, Group group, double k, bool isTop) {
    std::stable_sort(group.begin(), group.end(), [isTop](const Element* a, const Element* b) {
        if (std::isnan(a->value) || std::isnan(b->value))
            return !std::isnan(a->value) && std::isnan(b->value);
        return isTop ? a->value > b->value : a->value < b->value;
    });
    if (k < static_cast<double>(group.size()))
        group.resize(k < 1 ? 0 : static_cast<std::size_t>(k));
    for (const Element* element : group)
        result.push_back(*element);
}

}  // namespace

Vector aggregate(const Expression& aggregation, const Vector& input, double parameter,
                 const std::string& label) {
    const AggregateOp op = aggregation.aggregate;
    const bool countsValues = op == AggregateOp::CountValues;
    std::vector<std::string> names = aggregation.grouping.labels;
    if (countsValues && !aggregation.grouping.isWithout)
        names.push_back(label);
    std::map<Labels, Group> groups;
    for (const Element& element : input) {
        Labels labels = element.labels;
        if (countsValues)
            setLabel(labels, label, formatNumber(element.value));
        groups[aggregation.grouping.isWithout ? withoutLabels(labels, names)
                                              : onlyLabels(labels, names)]
            .push_back(&element);
    }
    Vector result;
    for (const auto& [labels, group] : groups) {
        if (op == AggregateOp::Topk || op == AggregateOp::Bottomk)
            appendBest(result, group, parameter, op == AggregateOp::Topk);
        else
            result.push_back({labels, valueOf(op, group, parameter)});
    }
    return result;
}

}  // namespace levee::promql
