// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// The sign.
/// Value: 1 above 0, -1 below, 0 at 0. Derivative: 0. Edges: 0 at -0 and nan.
struct sign_op : elementwise<1> {
    static constexpr const char* name = "sign";
    static constexpr bool may_end_in_product = false;
    static constexpr auto eval(auto x) { return kernels::sign(x); }
};

template <operand X> constexpr auto sign(X&& x) { return apply<sign_op>(std::forward<X>(x)); }

}  // namespace ashlar
