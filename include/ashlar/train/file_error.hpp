// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/error.hpp"

#include <stdexcept>
#include <string>

namespace ashlar {

/// A file that is missing or has something wrong in it. The message names the file and, in a text,
/// the line and the column.
class file_error : public error {
public:
    explicit file_error(const std::string& message) : error{message.c_str()}, message_{message} {}
    const char* what() const noexcept override { return message_.what(); }

private:
    std::runtime_error message_;  // a text of any length that is copied without throwing, as an exception has to be
};

namespace detail {

// Throws; without exceptions the message is fatal.
[[noreturn]] inline void raise_file(const std::string& message) {
#if defined(__cpp_exceptions)
    throw file_error(message);
#else
    fatal(message.c_str());
#endif
}

}  // namespace detail
}  // namespace ashlar
