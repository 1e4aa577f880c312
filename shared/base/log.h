// SPDX-License-Identifier: Apache-2.0
// Logging facade: `log::info("enforce", "reloaded in {} ms", ms)`. Thread-safe. Lines go to
// standard error.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace levee::log {

enum class Level { Debug, Info, Warning, Error };

/// Lines below `level` are dropped. Default: Info.
void setLevel(Level level);
bool isEnabled(Level level);
void write(Level level, std::string_view component, std::string_view message);

template <typename... Args>
void debug(std::string_view component, fmt::format_string<Args...> text, Args&&... args) {
    if (isEnabled(Level::Debug))
        write(Level::Debug, component, fmt::format(text, std::forward<Args>(args)...));
}
template <typename... Args>
void info(std::string_view component, fmt::format_string<Args...> text, Args&&... args) {
    if (isEnabled(Level::Info))
        write(Level::Info, component, fmt::format(text, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(std::string_view component, fmt::format_string<Args...> text, Args&&... args) {
    if (isEnabled(Level::Warning))
        write(Level::Warning, component, fmt::format(text, std::forward<Args>(args)...));
}
template <typename... Args>
void error(std::string_view component, fmt::format_string<Args...> text, Args&&... args) {
    write(Level::Error, component, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace levee::log
