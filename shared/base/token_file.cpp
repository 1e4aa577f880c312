// SPDX-License-Identifier: Apache-2.0
#include "shared/base/token_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace levee {

std::string tokenProblem(std::string_view token) {
    if (token.size() < kShortestToken || token.size() > kLongestToken)
        return "has " + std::to_string(token.size()) + " characters; a token has " +
               std::to_string(kShortestToken) + " to " + std::to_string(kLongestToken) +
               ", for example what `openssl rand -hex 32` prints";
    const bool isPlain =
        std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7F'; });
    return isPlain ? "" : "has a blank, a line end or a character that is not ASCII inside";
}

Result<std::string> readTokenFile(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                               std::fclose);
    std::string token(kLongestToken + 64, '\0');
    if (file != nullptr)
        token.resize(std::fread(token.data(), 1, token.size(), file.get()));
    if (file == nullptr || std::ferror(file.get()) != 0)
        return Error{"cannot read the token file " + path + ": " + std::strerror(errno)};
    while (!token.empty() && std::strchr(" \t\r\n", token.back()) != nullptr)
        token.pop_back();
    if (const std::string problem = tokenProblem(token); !problem.empty())
        return Error{"the token file " + path + " " + problem, ErrorKind::Invalid};
    return token;
}

bool isSameToken(std::string_view presented, std::string_view secret) {
    if (secret.empty())
        return false;
    unsigned difference = presented.size() == secret.size() ? 0 : 1;
    for (std::size_t i = 0; i < presented.size(); ++i)
        difference |= static_cast<unsigned char>(presented[i]) ^
                      static_cast<unsigned>(static_cast<unsigned char>(secret[i % secret.size()]));
    return difference == 0;
}

}  // namespace levee
