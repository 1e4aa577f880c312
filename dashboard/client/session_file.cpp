// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/client/session_file.h"

#include <fmt/format.h>
#include <levee/v1/agent.pb.h>

#include <array>
#include <utility>

#include "dashboard/client/link_text.h"
#include "shared/wire/convert_agent.h"
#include "shared/wire/convert_guard.h"

namespace levee {
namespace {

constexpr std::string_view kMagic = "levee-session 1";
constexpr std::size_t kHeadBytes = 12;
constexpr std::size_t kMaxAddressBytes = 4096;

void putLittleEndian(std::uint64_t value, char* out, int bytes) {
    for (int i = 0; i < bytes; ++i)
        out[i] = static_cast<char>(value >> (8 * i));
}

std::uint64_t getLittleEndian(const char* in, int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i)
        value |= std::uint64_t{static_cast<unsigned char>(in[i])} << (8 * i);
    return value;
}

/// A line of at most `most` bytes; false when there is none.
bool readLine(std::istream& in, std::string& line, std::size_t most) {
    line.clear();
    for (char c = 0; in.get(c);) {
        if (c == '\n')
            return true;
        if (line.size() == most)
            return false;
        line.push_back(c);
    }
    return false;
}

}  // namespace

Result<std::unique_ptr<SessionFileWriter>> SessionFileWriter::create(const std::string& path,
                                                                     const std::string& address) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << kMagic << '\n' << address << '\n' << std::flush;
    if (!out)
        return Error{fmt::format("cannot write the session file {}", path)};
    return std::unique_ptr<SessionFileWriter>(new SessionFileWriter(std::move(out)));
}

Status SessionFileWriter::write(std::int64_t millis, const LinkUpdate& update) {
    v1::WatchUpdate message;
    if (update.snapshot)
        wire::toWire(*update.snapshot, *message.mutable_snapshot());
    else if (update.delta)
        wire::toWire(*update.delta, *message.mutable_delta());
    for (const Event& event : update.events)
        wire::toWire(event, *message.add_events());
    const std::string bytes = message.SerializeAsString();
    std::array<char, kHeadBytes> head{};
    putLittleEndian(static_cast<std::uint64_t>(millis), head.data(), 8);
    putLittleEndian(bytes.size(), head.data() + 8, 4);
    out_.write(head.data(), head.size());
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out_.flush();
    return out_ ? Status::ok()
                : Status(Error{"cannot write to the session file: is the disk full?"});
}

Result<std::unique_ptr<SessionFileReader>> SessionFileReader::open(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return Error{fmt::format("cannot open the session file {}", path), ErrorKind::NotFound};
    std::string magic;
    std::string address;
    if (!readLine(in, magic, kMagic.size()) || magic != kMagic ||
        !readLine(in, address, kMaxAddressBytes))
        return Error{
            fmt::format("{} is not a recorded session: its first line is not \"{}\"", path, kMagic),
            ErrorKind::Invalid};
    return std::unique_ptr<SessionFileReader>(
        new SessionFileReader(std::move(in), std::move(address)));
}

bool SessionFileReader::next(SessionFrame& frame) {
    std::array<char, kHeadBytes> head{};
    in_.read(head.data(), head.size());
    if (in_.gcount() == 0)
        return false;
    const auto length = static_cast<std::uint32_t>(getLittleEndian(head.data() + 8, 4));
    if (in_.gcount() < static_cast<std::streamsize>(kHeadBytes) || length > kMaxFrameBytes) {
        problem_ = LinkText::tr("the recording ends in a damaged frame").toStdString();
        return false;
    }
    std::string bytes(length, '\0');
    in_.read(bytes.data(), length);
    v1::WatchUpdate message;
    if (in_.gcount() < static_cast<std::streamsize>(length) || !message.ParseFromString(bytes)) {
        problem_ = LinkText::tr("the recording ends in a damaged frame").toStdString();
        return false;
    }
    frame.millis = static_cast<std::int64_t>(getLittleEndian(head.data(), 8));
    frame.update = {};
    if (message.has_snapshot())
        frame.update.snapshot = wire::fromWire(message.snapshot());
    else if (message.has_delta())
        frame.update.delta = wire::fromWire(message.delta());
    for (const v1::Event& event : message.events())
        frame.update.events.push_back(wire::fromWire(event));
    return true;
}

}  // namespace levee
