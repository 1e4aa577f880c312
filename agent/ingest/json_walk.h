// SPDX-License-Identifier: Apache-2.0
// Walks through JSON text without building a document: the visitor says for each member what it is,
// gets the values that it asked for, and hears nothing of the rest. Memory is one token and the
// path; time is linear in the bytes.
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/base/result.h"

namespace levee::ingest {

enum class JsonKind : std::uint8_t {
    Ignored,  ///< any value; it and what is in it are stepped over
    Object,
    Array,
    Text,
    Number,   ///< a whole number that fits 64 bits with a sign; as text too, as protobuf has it
    Ordinal,  ///< such a number, never as text: an enumerator
    Flag,
    Loose,  ///< text; a number or a truth value is handed over as text
};

/// What stands at a place of the document; `id` is the visitor's own name for it.
struct JsonPlace {
    JsonKind kind = JsonKind::Ignored;
    int id = 0;
};

/// Text is good during the call only.
class JsonVisitor {
public:
    virtual ~JsonVisitor() = default;

    virtual JsonPlace member(int object, std::string_view key) = 0;
    virtual JsonPlace element(int array) = 0;
    virtual void open(int id) = 0;   ///< of an Object or Array
    virtual void close(int id) = 0;  ///< the same, when it ends
    virtual void text(int id, std::string_view value) = 0;
    virtual void number(int id, std::int64_t value) = 0;
    virtual void flag(int id, bool value) = 0;
};

/// Invalid: not JSON, nested deeper than `depth` containers, or a value of another kind than the
/// visitor asked for. null is no value at any place. The visitor may have heard of a part by then.
Status walkJson(std::string_view text, int depth, JsonPlace root, JsonVisitor& visitor);

}  // namespace levee::ingest
