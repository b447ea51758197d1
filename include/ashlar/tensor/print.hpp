// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/stream.hpp"
#include "ashlar/tensor/view.hpp"

namespace ashlar {
namespace detail {

template <class Stream, class T> void print_rows(Stream& out, const shape& s, int axis, const T*& at) {
    if (axis == s.rank) {
        if constexpr (std::is_same_v<T, std::uint8_t>) out << static_cast<int>(*at++);  // a number, no letter
        else if constexpr (is_half<T>) out << static_cast<float>(*at++);
        else out << *at++;
        return;
    }
    out << '[';
    for (index i = 0; i < s[axis]; ++i) {
        if (i > 0 && axis + 1 < s.rank) {
            out << ",\n";
            for (int k = 0; k <= axis; ++k) out << ' ';
        } else if (i > 0) {
            out << ", ";
        }
        print_rows(out, s, axis + 1, at);
    }
    out << ']';
}

}  // namespace detail

/// Nested brackets, a row a line; the stream's own format decides the digits.
template <detail::output_stream Stream, element T, std::size_t... Dims>
Stream& operator<<(Stream& out, const Tensor<T, Dims...>& t) {
    const T* at = t.data();
    detail::print_rows(out, t.extent, 0, at);
    return out;
}

template <detail::output_stream Stream, class T, std::size_t... Dims>
Stream& operator<<(Stream& out, const TensorView<T, Dims...>& t) {
    const std::remove_const_t<T>* at = t.data();
    detail::print_rows(out, t.extent, 0, at);
    return out;
}

/// An expression is printed as the tensor that it has the value of.
template <detail::output_stream Stream, typed_expression E> Stream& operator<<(Stream& out, const E& expression) {
    return out << eval(expression);
}

}  // namespace ashlar
