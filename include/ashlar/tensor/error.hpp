// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/message.hpp"

#include <cstddef>
#include <exception>

#if defined(ASHLAR_FATAL_HANDLER) && !defined(ASHLAR_FATAL)
    #define ASHLAR_FATAL ASHLAR_FATAL_HANDLER  // its former name
#endif
#if defined(ASHLAR_FATAL)
extern "C" void ASHLAR_FATAL(const char* message) noexcept;
#else
    #include <cstdio>
#endif

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

/// Called by `fatal` before it ends the program; assign to it to log elsewhere. It may not return to the
/// library by an exception. Where there is no standard error: -DASHLAR_FATAL=my_handler names an `extern "C"`
/// function of the program that stands here instead. Nothing of stdio and no abort is needed then: should
/// my_handler return, an illegal instruction ends the program.
#if defined(ASHLAR_FATAL)
inline void (*fatal_handler)(const char* message) noexcept = ASHLAR_FATAL;
#else
inline void (*fatal_handler)(const char* message) noexcept = [](const char* message) noexcept {
    std::fputs("ashlar: ", stderr);
    std::fputs(message, stderr);
    std::fputc('\n', stderr);
};
#endif

/// A broken precondition inside the real-time path, where nothing may throw: a message, then the end.
[[noreturn]] inline void fatal(const char* message) noexcept {
    fatal_handler(message);
#if defined(ASHLAR_FATAL)
    __builtin_trap();
#else
    __builtin_abort();
#endif
}

namespace detail {

// Throws `error` with a message of words and whole numbers; without exceptions the message is fatal.
template <class... Part> [[noreturn]] void raise_error(const Part&... part) {
#if defined(__cpp_exceptions)
    throw error(message{part...}.text());
#else
    fatal(message{part...}.text());
#endif
}

}  // namespace detail
}  // namespace ashlar
