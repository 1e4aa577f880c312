// SPDX-License-Identifier: Apache-2.0
// What the decoders share: puts one body's spans together in a batch, inside the limits. It knows
// which attributes say who is at the other end of a call, under their old and their new names, and
// counts what it leaves out. The decoders know only how a format spells things.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "agent/ingest/span_record.h"

namespace levee::ingest {

/// What is read of one body. Beyond a limit the rest is left out and counted in the batch; the body
/// as a whole is still good.
struct DecodeLimits {
    std::uint32_t spans = 100'000;  ///< a body; bounds the batch at about 20 MB
    std::uint32_t links = 100'000;  ///< a body
    std::uint32_t attributesPerSpan = 128;
    std::uint32_t linksPerSpan = 128;
    std::uint32_t stringBytes = 8192;
};

/// An attribute's value; the member that its type fills is set, the others keep their defaults.
struct AttributeValue {
    std::string_view text{};
    std::int64_t number = 0;
    bool flag = false;
};

/// True for an attribute that says who is at the other end of a call.
bool isPeerAttribute(std::string_view key);

/// Confined to one thread. Text must live as long as the batch.
class SpanBuilder {
public:
    SpanBuilder(const DecodeLimits& limits, SpanBatch& out) : limits_(limits), out_(out) {
        out.clear();
    }

    /// Starts a span; its fields are set through span().
    SpanRecord& begin();
    SpanRecord& span() { return span_; }
    /// To be asked before each attribute is read: false, and counted, beyond the limit of a span.
    bool mayAddAttribute() {
        if (++attributes_ <= limits_.attributesPerSpan)
            return true;
        ++out_.attributesCut;
        return false;
    }
    void addAttribute(std::string_view key, const AttributeValue& value);
    void addLink(const SpanLink& link);
    /// Ends the span: keeps it, or counts why not.
    void finish(bool hasService, bool hasValidIds);

    /// A place in the batch, to go back to.
    struct Mark {
        std::size_t spans = 0;
        std::size_t peers = 0;
        std::size_t links = 0;
    };
    Mark mark() const;
    /// Takes out the spans that came since, and counts them as without a service.
    void dropSince(const Mark& mark);

    std::string_view cut(std::string_view text) {
        if (text.size() <= limits_.stringBytes)
            return text;
        ++out_.stringsCut;
        return text.substr(0, limits_.stringBytes);
    }

private:
    const DecodeLimits& limits_;
    SpanBatch& out_;
    SpanRecord span_;
    std::size_t peersBefore_ = 0;
    std::uint32_t attributes_ = 0;
    std::uint32_t currentNames_ = 0;  ///< fields that a current name has filled
};

}  // namespace levee::ingest
