// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace ashlar {

/// Base of every exception of the library: a fault outside the real-time path (files, lengths of spans).
class error : public std::exception {
public:
    explicit error(const char* message) noexcept {
        std::size_t i = 0;
        for (; i + 1 < sizeof text_ && message[i] != '\0'; ++i) text_[i] = message[i];
        text_[i] = '\0';
    }
    const char* what() const noexcept override { return text_; }

private:
    char text_[512];
};

/// Called by `fatal` before it aborts; replace it to log elsewhere. It may not return to the library by an exception.
inline void (*fatal_handler)(const char* message) noexcept = [](const char* message) noexcept {
    std::fputs("ashlar: ", stderr);
    std::fputs(message, stderr);
    std::fputc('\n', stderr);
};

/// A broken precondition inside the real-time path, where nothing may throw: a message, then abort.
[[noreturn]] inline void fatal(const char* message) noexcept {
    fatal_handler(message);
    std::abort();
}

namespace detail {

// Throws `Error` made of a printf-like message; without exceptions the message is fatal.
template <class Error = error, class... Args> [[noreturn]] void raise(const char* format, Args... args) {
    char text[512];
    if constexpr (sizeof...(Args) == 0) std::snprintf(text, sizeof text, "%s", format);
    else std::snprintf(text, sizeof text, format, args...);
#if defined(__cpp_exceptions)
    throw Error(text);
#else
    fatal(text);
#endif
}

}  // namespace detail
}  // namespace ashlar
