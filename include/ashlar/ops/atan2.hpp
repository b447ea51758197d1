// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/div.hpp"
#include "ashlar/ops/hypot.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/neg.hpp"

namespace ashlar {

/// The angle of the point (x, y), from -pi to pi.
/// Derivative: g * x / (x^2 + y^2) to y, -g * y / (x^2 + y^2) to x, nan at (0, 0). Shapes: broadcast. Edges: as
/// std::atan2, with signed zeros and infinities. Error: 3 ULP.
struct atan2_op : real_function<2> {
    static constexpr const char* name = "atan2";
    static constexpr int cost = 40;
    static constexpr auto eval(auto y, auto x) { return kernels::atan2(y, x); }
    static constexpr adjoints pullback(auto g, auto, auto y, auto x) {
        const auto length = hypot(x, y);
        return {{g * (x / length / length), -g * (y / length / length)}};
    }
};

template <operand Y, operand X>
    requires(symbolic<Y> || symbolic<X>)
constexpr applied<atan2_op, Y, X> atan2(Y&& y, X&& x) {
    return apply<atan2_op>(std::forward<Y>(y), std::forward<X>(x));
}

}  // namespace ashlar
