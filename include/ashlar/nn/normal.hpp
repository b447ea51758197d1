// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/log.hpp"
#include "ashlar/ops/sin.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/tensor/random.hpp"

namespace ashlar::nn::detail {

/// A number of N(0, 1), of two draws (Box and Muller 1958). A template, so that only who draws instantiates the ops.
template <class T = double> constexpr T normal_number(generator& random) {
    const T u = (static_cast<T>(random() >> 8) + 1) * 0x1p-24, v = random.uniform(T(3.14159265358979323846));
    return sqrt_op::eval(-2 * log_op::eval(u)) * cos_op::eval(v);
}
template <class T, std::size_t... Dims> constexpr void fill_normal(Tensor<T, Dims...>& t, generator& random) {
    for (T& e : t) e = static_cast<T>(normal_number<double>(random));
}

}  // namespace ashlar::nn::detail
