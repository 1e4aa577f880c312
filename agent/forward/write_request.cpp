// SPDX-License-Identifier: Apache-2.0
#include "agent/forward/write_request.h"

#include <snappy.h>

#include <algorithm>
#include <bit>
#include <protozero/pbf_writer.hpp>
#include <string_view>

namespace levee::forward {
namespace {

// prometheus.WriteRequest, TimeSeries, Label and Sample of prompb.
constexpr protozero::pbf_tag_type kTimeseries = 1;
constexpr protozero::pbf_tag_type kLabels = 1;
constexpr protozero::pbf_tag_type kSamples = 2;
constexpr protozero::pbf_tag_type kLabelName = 1;
constexpr protozero::pbf_tag_type kLabelValue = 2;
constexpr protozero::pbf_tag_type kSampleValue = 1;
constexpr protozero::pbf_tag_type kSampleTime = 2;
constexpr std::string_view kName = "__name__";

struct LabelView {
    std::string_view name;
    std::string_view value;
};

/// Writes series one after the other; its buffers are kept between them.
class RequestWriter {
public:
    explicit RequestWriter(const WriteTerms& terms) : terms_(terms), pbf_(text_) {}

    /// False: the rules drop it.
    bool add(const TimedSample& sample) {
        if (!readLabels(*sample.series))
            return false;
        std::sort(labels_.begin(), labels_.end(),
                  [](const LabelView& a, const LabelView& b) { return a.name < b.name; });
        protozero::pbf_writer series(pbf_, kTimeseries);
        for (const LabelView& label : labels_) {
            protozero::pbf_writer one(series, kLabels);
            one.add_string(kLabelName, label.name.data(), label.name.size());
            one.add_string(kLabelValue, label.value.data(), label.value.size());
        }
        protozero::pbf_writer value(series, kSamples);
        value.add_double(kSampleValue, sample.value);
        value.add_int64(kSampleTime, sample.millis);
        return true;
    }
    const std::string& text() const { return text_; }

private:
    bool readLabels(const Series& series) {
        labels_.clear();
        labels_.push_back({kName, series.name});
        for (const Label& label : series.labels)
            labels_.push_back({label.name, label.value});
        const std::size_t own = labels_.size();
        for (const auto& [name, value] : terms_.externalLabels) {
            const bool isThere =
                std::any_of(labels_.begin(), labels_.begin() + static_cast<std::ptrdiff_t>(own),
                            [&name = name](const LabelView& label) { return label.name == name; });
            if (!isThere && !value.empty())
                labels_.push_back({name, value});
        }
        return terms_.relabel == nullptr || relabel();
    }

    bool relabel() {
        Labels copies;
        copies.reserve(labels_.size());
        for (const LabelView& label : labels_)
            copies.push_back({std::string(label.name), std::string(label.value)});
        LabelBuilder builder(std::move(copies));
        if (!terms_.relabel->apply(builder))
            return false;
        relabelled_ = builder.take();
        labels_.clear();
        for (const Label& label : relabelled_)
            labels_.push_back({label.name, label.value});
        return !labels_.empty();
    }

    const WriteTerms& terms_;
    std::string text_;
    protozero::pbf_writer pbf_;
    std::vector<LabelView> labels_;
    Labels relabelled_;
};

}  // namespace

double staleMarker() {
    return std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
}

WriteRequest encodeRequest(std::span<const TimedSample> samples, const WriteTerms& terms) {
    WriteRequest request;
    RequestWriter writer(terms);
    for (const TimedSample& sample : samples)
        ++(writer.add(sample) ? request.samples : request.dropped);
    snappy::Compress(writer.text().data(), writer.text().size(), &request.body);
    return request;
}

}  // namespace levee::forward
