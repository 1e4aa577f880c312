// SPDX-License-Identifier: Apache-2.0
#include "agent/enforce/runtime_socket.h"

#include <iterator>

#include "agent/enforce/haproxy_commands.h"
#include "agent/runtime/unix_socket.h"

namespace levee {

Result<std::string> RuntimeSocket::exchange(std::string_view line) const {
    const Deadline deadline = Deadline::after(timeout_);
    const auto fd = connectUnix(path_, deadline);
    if (!fd)
        return fd.error();
    std::string text(line);
    // A payload ends with an empty line of its own; one more would be a command.
    if (!text.ends_with('\n'))
        text += '\n';
    if (const Status sent = sendAll(*fd, text, deadline); !sent)
        return sent.error();
    return receiveAll(*fd, maxReply_, deadline);
}

Result<std::string> RuntimeSocket::ask(std::string_view command) const {
    const auto text = exchange(command);
    if (!text)
        return text.error();
    auto replies = reply::split(*text, 1);
    if (!replies)
        return replies.error();
    return std::move(replies->front());
}

Result<std::vector<std::string>> RuntimeSocket::askAll(
    const std::vector<std::string>& commands) const {
    std::vector<std::string> all;
    for (const command::Line& line : command::join(commands)) {
        const auto text = exchange(line.text);
        if (!text)
            return text.error();
        auto replies = reply::split(*text, line.commands);
        if (!replies)
            return replies.error();
        all.insert(all.end(), std::make_move_iterator(replies->begin()),
                   std::make_move_iterator(replies->end()));
    }
    return all;
}

}  // namespace levee
