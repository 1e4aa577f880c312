// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "shared/base/result.h"

namespace levee::cli {

/// A whole file, or standard input for "-".
inline Result<std::string> readText(const std::string& path) {
    const auto close = [](std::FILE* file) { return file == stdin ? 0 : std::fclose(file); };
    const std::unique_ptr<std::FILE, decltype(close)> file(
        path == "-" ? stdin : std::fopen(path.c_str(), "rb"), close);
    if (file == nullptr)
        return Error{path + ": " + std::strerror(errno), ErrorKind::NotFound};
    std::string text;
    char piece[65536];
    while (const std::size_t size = std::fread(piece, 1, sizeof piece, file.get()))
        text.append(piece, size);
    if (std::ferror(file.get()) != 0)
        return Error{path + ": " + std::strerror(errno)};
    return text;
}

}  // namespace levee::cli
