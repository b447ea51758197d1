// SPDX-License-Identifier: BSL-1.0
// Functions beside PyTorch's numbers (tests/fixtures).
#pragma once

#include <ashlar/ashlar.hpp>

#include "support/compare.hpp"

#include <utility>

namespace support {

/// A fixture's array as a tensor: `tensor_of<f::x_shape>(f::x)`; without a shape it is of rank 0.
template <const auto& Extents, class T, std::size_t N> auto tensor_of(const T (&values)[N]) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        ashlar::Tensor<T, Extents[I]...> t;
        for (std::size_t i = 0; i < N; ++i) t.data()[i] = values[i];
        return t;
    }(std::make_index_sequence<sizeof(Extents) / sizeof(Extents[0])>{});
}
template <class T> ashlar::Tensor<T> tensor_of(const T (&value)[1]) { return value[0]; }

/// f(x) has the shape of `upstream` and the values `output`; the gradient of sum(f(x) * upstream) is `gradient`.
template <class F, class T, std::size_t... X, class Upstream>
void agrees(F f, const ashlar::Tensor<T, X...>& at, const Upstream& upstream, const T* output, const T* gradient,
            double tolerance = 1e-12) {
    const auto x = ashlar::variable<"x">(at);
    const auto y = f(x);
    static_assert(std::same_as<ashlar::shape_t<decltype(y)>, ashlar::shape_t<Upstream>>);
    CHECK(first_difference(ashlar::eval(y), output, tolerance) == -1);
    CHECK(first_difference(ashlar::eval(grad(sum(y * upstream), x)), gradient, tolerance) == -1);
}

/// The same for two arguments.
template <class F, class T, std::size_t... A, std::size_t... B, class Upstream>
void agrees(F f, const ashlar::Tensor<T, A...>& at_a, const ashlar::Tensor<T, B...>& at_b, const Upstream& upstream,
            const T* output, const T* gradient_a, const T* gradient_b, double tolerance = 1e-12) {
    const auto a = ashlar::variable<"a">(at_a);
    const auto b = ashlar::variable<"b">(at_b);
    const auto y = f(a, b);
    static_assert(std::same_as<ashlar::shape_t<decltype(y)>, ashlar::shape_t<Upstream>>);
    CHECK(first_difference(ashlar::eval(y), output, tolerance) == -1);
    CHECK(first_difference(ashlar::eval(grad(sum(y * upstream), a)), gradient_a, tolerance) == -1);
    CHECK(first_difference(ashlar::eval(grad(sum(y * upstream), b)), gradient_b, tolerance) == -1);
}

}  // namespace support
