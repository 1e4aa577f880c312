// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <snappy.h>

#include <bit>
#include <cmath>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <vector>

namespace levee::test {

/// The series of a remote write request as `name{a="b"} VALUE @MILLIS`; `stale` for the marker.
inline std::vector<std::string> decoded(const std::string& body) {
    std::string text;
    if (!snappy::Uncompress(body.data(), body.size(), &text))
        return {"no snappy"};
    std::vector<std::string> all;
    protozero::pbf_reader request(text);
    while (request.next(1)) {
        protozero::pbf_reader series = request.get_message();
        std::string name;
        std::string labels;
        std::string samples;
        while (series.next()) {
            const bool isLabel = series.tag() == 1;  // reading the value forgets the tag
            protozero::pbf_reader part = series.get_message();
            if (isLabel) {
                std::string key;
                std::string value;
                while (part.next()) {
                    std::string& out = part.tag() == 1 ? key : value;
                    out = part.get_string();
                }
                if (key == "__name__")
                    name = value;
                else
                    labels += (labels.empty() ? "" : ",") + key + "=\"" + value + '"';
            } else {
                double value = 0;
                long millis = 0;
                while (part.next()) {
                    if (part.tag() == 1)
                        value = part.get_double();
                    else
                        millis = part.get_int64();
                }
                char number[64];
                std::snprintf(number, sizeof number, "%g", value);
                const bool isStale = std::bit_cast<std::uint64_t>(value) == 0x7ff0000000000002;
                samples += std::string(isStale ? " stale" : ' ' + std::string(number)) + " @" +
                           std::to_string(millis);
            }
        }
        all.push_back(name + '{' + labels + '}' + samples);
    }
    return all;
}

}  // namespace levee::test
