// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/mul.hpp"

namespace ashlar {

/// The hyperbolic sine.
/// Value: (e^x - e^-x) / 2. Derivative: g * cosh(x). Edges: keeps -0, +-inf at +-inf, nan. Error: 3 ULP.
struct sinh_op : real_function<1> {
    static constexpr const char* name = "sinh";
    static constexpr int cost = 25;
    static constexpr auto eval(auto x) { return kernels::sinh(x); }
    static constexpr value pullback(auto g, auto, auto x);
};

/// The hyperbolic cosine.
/// Value: (e^x + e^-x) / 2. Derivative: g * sinh(x). Edges: 1 at +-0, inf at +-inf, nan. Error: 3 ULP.
struct cosh_op : real_function<1> {
    static constexpr const char* name = "cosh";
    static constexpr int cost = 25;
    static constexpr auto eval(auto x) { return kernels::cosh(x); }
    static constexpr value pullback(auto g, auto, auto x);
};

template <operand X> constexpr auto sinh(X&& x) { return apply<sinh_op>(std::forward<X>(x)); }
template <operand X> constexpr auto cosh(X&& x) { return apply<cosh_op>(std::forward<X>(x)); }

constexpr value sinh_op::pullback(auto g, auto, auto x) { return g * cosh(x); }
constexpr value cosh_op::pullback(auto g, auto, auto x) { return g * sinh(x); }

}  // namespace ashlar
