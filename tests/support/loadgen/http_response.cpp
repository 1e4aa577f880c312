// SPDX-License-Identifier: Apache-2.0
#include "tests/support/loadgen/http_response.h"

#include <algorithm>
#include <charconv>

namespace levee::loadgen {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The last element of a comma-separated list, which decides for Transfer-Encoding.
std::string_view lastElement(std::string_view list) {
    const auto comma = list.rfind(',');
    return trimmed(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

bool parseNumber(std::string_view text, std::uint64_t& value, int base) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

void HttpResponse::reset(bool isHead) {
    line_.clear();
    std::string kept = std::move(line_);
    *this = HttpResponse();
    line_ = std::move(kept);
    isHead_ = isHead;
}

HttpResponse::State HttpResponse::feed(std::string_view& bytes) {
    hasBegun_ = hasBegun_ || !bytes.empty();
    while (!bytes.empty() && part_ != Part::Done && part_ != Part::Bad)
        step(bytes);
    return state();
}

HttpResponse::State HttpResponse::finish() {
    if (part_ == Part::UntilClose)
        part_ = Part::Done;
    else if (part_ != Part::Done)
        part_ = Part::Bad;
    keepsAlive_ = false;
    return state();
}

HttpResponse::State HttpResponse::state() const {
    if (part_ == Part::Done)
        return State::Complete;
    return part_ == Part::Bad ? State::Malformed : State::Incomplete;
}

void HttpResponse::step(std::string_view& bytes) {
    if (part_ == Part::Length || part_ == Part::ChunkData || part_ == Part::UntilClose)
        return takeBody(bytes);
    if (!takeLine(bytes))
        return;
    if (part_ == Part::Head)
        onHeadLine();
    else if (part_ == Part::ChunkSize)
        onChunkSize();
    else if (part_ == Part::ChunkEnd)
        part_ = line_.empty() ? Part::ChunkSize : Part::Bad;
    else if (line_.empty())
        part_ = Part::Done;  // the end of the trailer
    line_.clear();
}

/// Moves bytes up to the next newline into line_. True when the line is whole (without its CR LF).
bool HttpResponse::takeLine(std::string_view& bytes) {
    const auto newline = bytes.find('\n');
    const auto taken = newline == std::string_view::npos ? bytes.size() : newline + 1;
    headBytes_ += taken;
    if (headBytes_ > kMaxHeadBytes) {
        part_ = Part::Bad;
        return false;
    }
    line_.append(bytes.substr(0, taken));
    bytes.remove_prefix(taken);
    if (newline == std::string_view::npos)
        return false;
    line_.pop_back();
    if (!line_.empty() && line_.back() == '\r')
        line_.pop_back();
    return true;
}

void HttpResponse::onHeadLine() {
    if (!hasStatus_)
        return onStatusLine();
    if (line_.empty())
        return onHeadEnd();
    const std::string_view line = line_;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
        part_ = Part::Bad;
    else
        onHeader(line.substr(0, colon), trimmed(line.substr(colon + 1)));
}

void HttpResponse::onStatusLine() {
    const std::string_view line = line_;
    std::uint64_t code = 0;
    const bool isHttp = line.size() >= 12 && line.starts_with("HTTP/1.") && line[8] == ' ' &&
                        (line.size() == 12 || line[12] == ' ');
    if (!isHttp || !parseNumber(line.substr(9, 3), code, 10) || code < 100) {
        part_ = Part::Bad;
        return;
    }
    hasStatus_ = true;
    status_ = static_cast<int>(code);
    keepsAlive_ = line[7] != '0';
}

void HttpResponse::onHeader(std::string_view name, std::string_view value) {
    if (equalsIgnoringCase(name, "content-length")) {
        const std::uint64_t before = left_;
        if (!parseNumber(value, left_, 10) || (hasLength_ && left_ != before))
            part_ = Part::Bad;
        hasLength_ = true;
    } else if (equalsIgnoringCase(name, "transfer-encoding")) {
        isChunked_ = equalsIgnoringCase(lastElement(value), "chunked");
    } else if (equalsIgnoringCase(name, "connection")) {
        if (equalsIgnoringCase(value, "close"))
            keepsAlive_ = false;
        else if (equalsIgnoringCase(value, "keep-alive"))
            keepsAlive_ = true;
    }
}

void HttpResponse::onHeadEnd() {
    if (status_ < 200 && status_ != 101) {
        hasStatus_ = hasLength_ = isChunked_ = false;
        left_ = 0;
        return;
    }
    headBytes_ = 0;
    if (isHead_ || status_ == 204 || status_ == 304) {
        part_ = Part::Done;
    } else if (isChunked_) {
        part_ = Part::ChunkSize;
    } else if (hasLength_) {
        part_ = left_ == 0 ? Part::Done : Part::Length;
    } else {
        part_ = Part::UntilClose;
        keepsAlive_ = false;
    }
}

void HttpResponse::onChunkSize() {
    const std::string_view line = line_;
    headBytes_ = 0;
    if (!parseNumber(trimmed(line.substr(0, line.find(';'))), left_, 16))
        part_ = Part::Bad;
    else
        part_ = left_ == 0 ? Part::Trailer : Part::ChunkData;
}

void HttpResponse::takeBody(std::string_view& bytes) {
    std::size_t taken = bytes.size();
    if (part_ != Part::UntilClose) {
        taken = static_cast<std::size_t>(std::min<std::uint64_t>(taken, left_));
        left_ -= taken;
        if (left_ == 0)
            part_ = part_ == Part::Length ? Part::Done : Part::ChunkEnd;
    }
    bodyBytes_ += taken;
    bytes.remove_prefix(taken);
}

}  // namespace levee::loadgen
