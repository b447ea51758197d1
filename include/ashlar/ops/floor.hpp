// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// Roundings to a whole number. Derivative: 0. Whole numbers stay. Edges: keep -0, +-inf, nan.
/// Value: the largest one not above x.
struct floor_op : elementwise<1> {
    static constexpr const char* name = "floor";
    static constexpr bool may_end_in_product = false;
    static constexpr auto eval(auto x) {
        if constexpr (std::is_floating_point_v<kernels::scalar_of<decltype(x)>>) return kernels::floor(x);
        else return x;
    }
};
/// Value: the smallest one not below x.
struct ceil_op : elementwise<1> {
    static constexpr const char* name = "ceil";
    static constexpr bool may_end_in_product = false;
    static constexpr auto eval(auto x) {
        if constexpr (std::is_floating_point_v<kernels::scalar_of<decltype(x)>>) return kernels::ceil(x);
        else return x;
    }
};
/// Value: the nearest one, the even one of two equally near.
struct round_op : elementwise<1> {
    static constexpr const char* name = "round";
    static constexpr bool may_end_in_product = false;
    static constexpr auto eval(auto x) {
        if constexpr (std::is_floating_point_v<kernels::scalar_of<decltype(x)>>) return kernels::round(x);
        else return x;
    }
};

template <operand X> constexpr auto floor(X&& x) { return apply<floor_op>(std::forward<X>(x)); }
template <operand X> constexpr auto ceil(X&& x) { return apply<ceil_op>(std::forward<X>(x)); }
template <operand X> constexpr auto round(X&& x) { return apply<round_op>(std::forward<X>(x)); }

}  // namespace ashlar
