// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/value.hpp"

namespace ashlar {

/// A member of a module that is saved with it, and not trained: a running mean. The body reads it like any tensor, and
/// says with `update` what it is after a step. It begins with zeros.
template <class T, std::size_t... Dims> struct buffer : Tensor<T, Dims...> {
    using Tensor<T, Dims...>::Tensor;
    constexpr buffer() : Tensor<T, Dims...>{} {}
    constexpr buffer(const Tensor<T, Dims...>& values) : Tensor<T, Dims...>{values} {}
    constexpr buffer& operator=(T value)
        requires(sizeof...(Dims) == 0)
    {
        return assign(value);
    }
    constexpr buffer& operator=(const Tensor<T, Dims...>& values) { return assign(values); }
    template <typed_expression E> constexpr buffer& operator=(const E& expression) { return assign(expression); }

private:
    constexpr buffer& assign(const auto& x) {
        static_cast<Tensor<T, Dims...>&>(*this) = x;
        return *this;
    }
};

template <class T, std::size_t... Dims> inline constexpr bool is_tensor<buffer<T, Dims...>> = true;

template <class X> inline constexpr bool is_buffer = false;
template <class T, std::size_t... Dims> inline constexpr bool is_buffer<buffer<T, Dims...>> = true;

}  // namespace ashlar
