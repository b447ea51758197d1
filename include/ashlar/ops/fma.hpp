// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

// What a plan makes of a sum and a product that nothing else reads: both are rounded once, where the target can.
// Compilers would do so as well, but which products they choose depends on what is around them: a program that also
// updates the parameters would give other numbers than one that only computes their gradients. No graph has these ops.

/// a * b + c.
struct product_plus_op : elementwise<3> {
    static constexpr const char* name = "fma";
    static constexpr int cost = 2;
    static constexpr bool whole_numbers = false, may_end_in_product = false;
    template <class V> static constexpr V eval(V a, V b, V c) { return kernels::fma(a, b, c); }
};
/// a * b - c.
struct product_minus_op : product_plus_op {
    template <class V> static constexpr V eval(V a, V b, V c) { return kernels::fma(a, b, -c); }
};
/// c - a * b.
struct minus_product_op : product_plus_op {
    template <class V> static constexpr V eval(V a, V b, V c) { return kernels::fma(-a, b, c); }
};

}  // namespace ashlar
