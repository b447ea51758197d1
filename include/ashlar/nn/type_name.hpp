// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/record.hpp"

namespace ashlar::detail {

/// A type as text while compiling; both compilers say it in the signature of a function template.
struct type_text {
    const char* begin = nullptr;
    int size = 0;
};
/// `s` begins at the type and goes on to the bracket at the end of the signature.
constexpr int length_of_type(const char* s) {
    int n = 0;
    while (s[n] != '\0') ++n;
    return n - 1;
}

template <class T> constexpr type_text type_name() {
    const char* s = spelling<T>() + spelling_begins;
    return {s, length_of_type(s)};
}

}  // namespace ashlar::detail
