// SPDX-License-Identifier: BSL-1.0
// A derivative beside central differences, in double.
#pragma once

#include <ashlar/ashlar.hpp>

#include <cmath>

namespace support {

/// The largest deviation of grad(sum(f(x) * w), x) from central differences, relative to 1 + |derivative|; w is some
/// tensor of weights, so that no two elements of f(x) count the same.
template <class F, std::size_t... Dims> double
central_difference_error(F f, const ashlar::Tensor<double, Dims...>& point, double h = 1e-5) {
    ashlar::Tensor<double, Dims...> at = point;
    const auto x = ashlar::variable<"x">(at);
    using result = decltype(ashlar::eval(f(x)));
    result w;
    for (std::size_t i = 0; i < w.size(); ++i) w.data()[i] = 0.5 + std::sin(1.0 + 2.7 * static_cast<double>(i));
    const auto loss = sum(f(x) * w);
    const ashlar::Tensor<double, Dims...> derivative = grad(loss, x);
    double worst = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const double here = at.data()[i];
        at.data()[i] = here + h;
        const double above = loss;
        at.data()[i] = here - h;
        const double below = loss;
        at.data()[i] = here;
        const double expected = (above - below) / (2 * h),
                     error = std::abs(derivative.data()[i] - expected) / (1 + std::abs(expected));
        if (!(error <= worst)) worst = error;  // nan is an error
    }
    return worst;
}

}  // namespace support
