// SPDX-License-Identifier: BSL-1.0
// A layer and a function beside PyTorch's numbers for both, in float and in double.
#pragma once

#include "fixtures/units.hpp"
#include "support/central_difference.hpp"
#include "support/fixture.hpp"

namespace support {

namespace units = fixtures::units;

/// As `agrees`, for a function and for a layer.
template <class Layer, class F, std::size_t N, std::size_t M, std::size_t... Dims>
void agree(const Layer& layer, F f, const ashlar::Tensor<float, Dims...>& x, const float (&output)[N],
           const float (&gradient)[M], const double (&output64)[N], const double (&gradient64)[M],
           double tolerance64 = 1e-14) {
    using result = decltype(ashlar::eval(f(x)));
    result upstream;
    static_assert(result::size() == N && sizeof...(Dims) > 0);
    for (std::size_t i = 0; i < N; ++i) upstream.data()[i] = units::upstream[i];
    agrees([&](auto at) { return layer(at); }, x, upstream, output, gradient, 2e-6);
    agrees(f, x, upstream, output, gradient, 2e-6);
    agrees(f, ashlar::eval(ashlar::to<double>(x)), ashlar::eval(ashlar::to<double>(upstream)), output64, gradient64,
           tolerance64);
}
/// The same at the points that all elementwise functions share; and its derivative beside central differences.
template <class Layer, class F, std::size_t N> void agree(const Layer& layer, F f, const float (&output)[N],
                                                          const float (&gradient)[N], const double (&output64)[N],
                                                          const double (&gradient64)[N], double tolerance64 = 1e-14) {
    agree(layer, f, tensor_of<units::input_shape>(units::input), output, gradient, output64, gradient64, tolerance64);
    const ashlar::Tensor<double, 7> smooth{-30, -2.7, -0.7, 1e-3, 0.4, 2.9, 9};
    CHECK(central_difference_error([&](auto x) { return layer(x); }, smooth, 1e-6) < 1e-7);
    const ashlar::Tensor<float, 1> nan{units::nan};
    CHECK(first_difference(ashlar::eval(f(nan)), nan, 0) == -1);
}

}  // namespace support
