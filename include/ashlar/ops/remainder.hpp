// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/floor.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/neg.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

/// The rest of a division whose quotient is cut off: it has the sign of a (std::fmod).
/// Value: a - trunc(a / b) * b, exact. Derivative: g to a, -g * trunc(a / b) to b. Shapes: broadcast. Edges: nan where
/// a is infinite or b is 0; of whole numbers 0 where b is 0 (PyTorch raises).
struct fmod_op : elementwise<2> {
    static constexpr const char* name = "fmod";
    static constexpr int cost = 20;
    static constexpr dtype result_type(const attributes&, dtype a, dtype b) {
        const dtype both = promote(a, b);
        return both == dtype::boolean ? dtype::int32 : both;
    }
    static constexpr auto eval(auto a, auto b) { return kernels::fmod(a, b); }
    static constexpr adjoints pullback(auto g, auto y, auto a, auto b) { return {{g, -g * round((a - y) / b)}}; }
};

/// The same of a quotient that is rounded down: it has the sign of b (Python's %).
/// Value: a - floor(a / b) * b. Derivative: g to a, -g * floor(a / b) to b.
struct remainder_op : fmod_op {
    static constexpr const char* name = "remainder";
    static constexpr auto eval(auto a, auto b) { return kernels::remainder(a, b); }
    static constexpr adjoints pullback(auto g, auto y, auto a, auto b);
};

template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<fmod_op, A, B> fmod(A&& a, B&& b) {
    return apply<fmod_op>(std::forward<A>(a), std::forward<B>(b));
}

template <operand A, operand B>
    requires(symbolic<A> || symbolic<B>)
constexpr applied<remainder_op, A, B> remainder(A&& a, B&& b) {
    return apply<remainder_op>(std::forward<A>(a), std::forward<B>(b));
}

constexpr adjoints remainder_op::pullback(auto g, auto y, auto a, auto b) {
    const auto rest = fmod(a, b);  // one less than the quotient that is cut off, where y is another rest
    return {{g, g * (ne(y, rest) - round((a - rest) / b))}};
}

}  // namespace ashlar
