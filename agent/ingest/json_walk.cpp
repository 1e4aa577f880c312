// SPDX-License-Identifier: Apache-2.0
#include "agent/ingest/json_walk.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace levee::ingest {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestMessage = 200;

const char* wordFor(JsonKind kind) {
    switch (kind) {
        case JsonKind::Object:
            return "an object";
        case JsonKind::Array:
            return "an array";
        case JsonKind::Text:
            return "a string";
        case JsonKind::Number:
            return "a whole number of 64 bits, or one in a string";
        case JsonKind::Ordinal:
            return "a whole number, not a name";
        case JsonKind::Flag:
            return "true or false";
        case JsonKind::Loose:
            return "a string, a number, true or false";
        case JsonKind::Ignored:
            break;
    }
    return "anything";
}

/// What nlohmann's parser calls; each function returns false to end the walk.
class Walk final : public nlohmann::json_sax<Json> {
public:
    Walk(std::size_t depth, JsonPlace root, JsonVisitor& visitor)
        : depth_(depth), next_(root), visitor_(visitor) {}

    const std::string& error() const { return error_; }

    bool null() override {
        take();
        return true;
    }
    bool boolean(bool value) override {
        const JsonPlace place = take();
        if (place.kind == JsonKind::Flag)
            visitor_.flag(place.id, value);
        else if (place.kind == JsonKind::Loose)
            visitor_.text(place.id, value ? "true" : "false");
        else
            return isIgnored(place);
        return true;
    }
    bool number_integer(number_integer_t value) override { return whole(value); }
    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return isIgnored(take());
        return whole(static_cast<std::int64_t>(value));
    }
    bool number_float(number_float_t value, const string_t& digits) override {
        // Some senders write whole numbers as 1.7e18.
        if (value == std::floor(value) && std::abs(value) < 0x1p63)
            return whole(static_cast<std::int64_t>(value));
        const JsonPlace place = take();
        if (place.kind != JsonKind::Loose)
            return isIgnored(place);
        visitor_.text(place.id, digits);
        return true;
    }
    bool string(string_t& value) override {
        const JsonPlace place = take();
        if (place.kind == JsonKind::Text || place.kind == JsonKind::Loose) {
            visitor_.text(place.id, value);
        } else if (place.kind == JsonKind::Number) {
            const auto number = parsed(value);
            if (!number)
                return isIgnored(place);
            visitor_.number(place.id, *number);
        } else {
            return isIgnored(place);
        }
        return true;
    }
    bool binary(binary_t& /*value*/) override { return false; }  // JSON has none
    bool start_object(std::size_t /*size*/) override { return enter(JsonKind::Object); }
    bool start_array(std::size_t /*size*/) override { return enter(JsonKind::Array); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }
    bool key(string_t& name) override {
        const JsonPlace object = path_.back();
        next_ = object.kind == JsonKind::Ignored ? JsonPlace{} : visitor_.member(object.id, name);
        if (next_.kind != JsonKind::Ignored)
            key_ = name;
        return true;
    }
    bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                     const nlohmann::detail::exception& why) override {
        // "[json.exception.parse_error.101] parse error at line 1, column 1: ..."
        const std::string_view text = why.what();
        const auto tag = text.find("] ");
        error_ = text.substr(tag == std::string_view::npos ? 0 : tag + 2, kLongestMessage);
        return false;
    }

private:
    /// The place of the value that comes; in an array the next one has the same.
    JsonPlace take() {
        if (path_.empty() || path_.back().kind != JsonKind::Array)
            return next_;
        return visitor_.element(path_.back().id);
    }
    bool whole(std::int64_t value) {
        const JsonPlace place = take();
        if (place.kind == JsonKind::Number || place.kind == JsonKind::Ordinal)
            visitor_.number(place.id, value);
        else if (place.kind == JsonKind::Loose)
            visitor_.text(place.id, std::to_string(value));
        else
            return isIgnored(place);
        return true;
    }
    bool enter(JsonKind kind) {
        if (path_.size() >= depth_) {
            error_ = "nested deeper than " + std::to_string(depth_);
            return false;
        }
        // Within what is ignored there are no places; an array there counts as ignored as well.
        const bool isInside = !path_.empty() && path_.back().kind == JsonKind::Ignored;
        const JsonPlace place = isInside ? JsonPlace{} : take();
        if (place.kind != kind && !isIgnored(place))
            return false;
        path_.push_back(place);
        next_ = {};
        if (place.kind != JsonKind::Ignored)
            visitor_.open(place.id);
        return true;
    }
    bool leave() {
        const JsonPlace place = path_.back();
        path_.pop_back();
        next_ = {};
        if (place.kind != JsonKind::Ignored)
            visitor_.close(place.id);
        return true;
    }
    /// True when nobody wants the value; else it is of the wrong kind.
    bool isIgnored(JsonPlace place) {
        if (place.kind == JsonKind::Ignored)
            return true;
        error_ = (key_.empty() ? std::string("the document") : "'" + key_ + "'") + " must be " +
                 wordFor(place.kind);
        return false;
    }
    static std::optional<std::int64_t> parsed(std::string_view digits) {
        std::int64_t number = 0;
        const char* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, number);
        if (digits.empty() || read.ec != std::errc() || read.ptr != end)
            return std::nullopt;
        return number;
    }

    const std::size_t depth_;
    JsonPlace next_;
    JsonVisitor& visitor_;
    std::vector<JsonPlace> path_;
    std::string key_;  ///< the newest that the visitor knows, for messages
    std::string error_;
};

}  // namespace

Status walkJson(std::string_view text, int depth, JsonPlace root, JsonVisitor& visitor) {
    Walk walk(static_cast<std::size_t>(depth), root, visitor);
    if (Json::sax_parse(text.begin(), text.end(), &walk))
        return Status::ok();
    return Error{walk.error(), ErrorKind::Invalid};
}

}  // namespace levee::ingest
