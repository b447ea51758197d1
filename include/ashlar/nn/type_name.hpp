// SPDX-License-Identifier: BSL-1.0
#pragma once

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
    const char* s = __PRETTY_FUNCTION__;  // "... [with T = X]", "... [T = X]"
    while (!(s[0] == 'T' && s[1] == ' ' && s[2] == '=')) ++s;
    return {s + 4, length_of_type(s + 4)};
}

}  // namespace ashlar::detail
