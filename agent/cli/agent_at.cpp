// SPDX-License-Identifier: Apache-2.0
#include "agent/cli/agent_at.h"

#include "agent/cli/text_file.h"
#include "shared/contexts/contexts.h"

namespace levee::cli {
namespace {

constexpr const char* kHere = "unix:/run/levee/agent.sock";

/// What was said wins over what the context says.
void fill(std::string& said, const std::string& known) {
    if (said.empty())
        said = known;
}

Result<FleetContext> contextNamed(const std::string& name) {
    const std::string file = contextsFile();
    const auto text = readText(file);
    if (!text)
        return text.error();
    Contexts contexts;
    const Diagnostics found = readContexts(*text, file, contexts);
    if (hasErrors(found))
        return Error{format(found), ErrorKind::Invalid};
    if (const FleetContext* context = contexts.find(name))
        return *context;
    return Error{file + " has no context '" + name + "'", ErrorKind::NotFound};
}

std::string joined(const std::vector<std::string>& agents) {
    constexpr std::size_t kMostShown = 10;
    std::string list;
    for (std::size_t i = 0; i < agents.size() && i < kMostShown; ++i)
        list += (i == 0 ? "" : ", ") + agents[i];
    return agents.size() > kMostShown ? list + " ..." : list;
}

}  // namespace

Result<AgentAt> chooseAgent(const AgentChoice& choice) {
    AgentAt chosen{choice.agent, choice.access};
    if (!choice.context.empty()) {
        const Result<FleetContext> context = contextNamed(choice.context);
        if (!context)
            return context.error();
        if (chosen.address.empty() && context->agents.size() != 1)
            return Error{"the context '" + choice.context + "' has " +
                             std::to_string(context->agents.size()) +
                             " agents; choose one with --agent: " + joined(context->agents),
                         ErrorKind::Invalid};
        if (chosen.address.empty())
            chosen.address = context->agents.front();
        fill(chosen.access.caFile, context->access.caFile);
        if (chosen.access.certFile.empty() && chosen.access.keyFile.empty()) {
            chosen.access.certFile = context->access.certFile;
            chosen.access.keyFile = context->access.keyFile;
        }
        fill(chosen.access.serverName, context->access.serverName);
        fill(chosen.access.tokenFile, context->access.tokenFile);
        if (context->isTokenInKeychain && chosen.access.tokenFile.empty())
            return Error{"the token of the context '" + choice.context +
                             "' is in the desktop's keychain, which only the dashboard asks; give "
                             "--token-file FILE",
                         ErrorKind::Invalid};
    }
    if (chosen.address.empty())
        chosen.address = kHere;
    return chosen;
}

}  // namespace levee::cli
