// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/cumsum.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/log.hpp"
#include "ashlar/ops/neg.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// The products of all elements up to each one, along an axis: `cumprod<0>(x)` of 1, 2, 3 is 1, 2, 6.
/// Value: y[i] = x[0] * ... * x[i]. Derivative: dx[i] = (g[i] y[i] + ... + g[n - 1] y[n - 1]) / x[i]; at the first 0 of
/// a row the same of the products without it, behind it 0. The second derivative is right, too, where a row has at most
/// one 0. Of whole numbers and bool it is int64, and wraps. Error of float: one rounding, as it multiplies in double.
struct cumprod_op : cumulative {
    static constexpr const char* name = "cumprod";
    static constexpr value pullback(auto g, auto y, auto x, const attributes& a);
};

template <int Axis, operand X> constexpr detail::cumulated<cumprod_op, Axis, 1, X> cumprod(X&& x) {
    return detail::cumulate<cumprod_op, Axis, 1>(std::forward<X>(x));
}

constexpr value cumprod_op::pullback(auto g, auto y, auto x, const attributes& a) {
    using V = decltype(x);
    const attributes sums{2, {a.value[0], 0}};
    const auto behind = [&](V v) { return V{apply_values<reverse_cumsum_op>(reversed(sums), v)}; };
    const auto before = [&](V v) { return V{apply_values<cumsum_op>(sums, v)}; };
    const V zero = eq(x, 0), one{x.g, x.g->constant(1, x.type())};
    const V zeros = before(zero);  // up to here
    const V first = where(zero, eq(zeros, 1), zero);
    const V others = behind(V{g * V{apply_values<cumprod_op>(a, V{where(first, one, x)})}});
    // Behind the first 0 the derivative is 0, but changes with what is 0 there.
    const V lost = before(V{where(first, x, 0)}), safe = where(zero, one, x);
    const V behind_first = where(eq(zeros, 1), lost * others / safe, 0);
    return where(eq(zeros, 0), behind(V{g * y}) / safe, where(first, others, behind_first));
}

struct reverse_logcumsumexp_op;

/// The logarithm of the sum of the exponentials of all elements up to each one, along an axis, without overflow.
/// Value: y[i] = log(exp(x[0]) + ... + exp(x[i])). Derivative: dx[i] = sum of g[k] * exp(x[i] - y[k]) over k >= i, as
/// PyTorch has it: from the logarithms of g where it is positive, and of -g where it is negative. So a second
/// derivative does not see a g that is 0. Edges: -inf and then a number is the number; inf, nan spread; nan is the
/// derivative of what is -inf up to there.
struct logcumsumexp_op : cumulative {
    static constexpr const char* name = "logcumsumexp";
    static constexpr dtype result_type(const attributes&, dtype x) {
        return is_floating(x) ? arithmetic_type(x) : dtype::float32;
    }
    static constexpr value pullback(auto g, auto y, auto x, const attributes& a);
};
/// The same from each element to the last one.
struct reverse_logcumsumexp_op : logcumsumexp_op {
    static constexpr const char* name = "reverse_logcumsumexp";
};

template <int Axis, operand X> constexpr detail::cumulated<logcumsumexp_op, Axis, 2, X> logcumsumexp(X&& x) {
    return detail::cumulate<logcumsumexp_op, Axis, 2>(std::forward<X>(x));
}

constexpr value logcumsumexp_op::pullback(auto g, auto y, auto x, const attributes& a) {
    using V = decltype(x);
    const auto number = [&](double v) { return V{x.g, x.g->constant(v, x.type())}; };
    const auto of_positive = [&](V part) {
        const V is_there = number(0) < part;
        const V from =
            where(is_there, log(V{where(is_there, part, number(1))}) - y, number(-kernels::format<double>::infinity));
        const V sums = a.value[1] == 0 ? V{apply_values<dependent<reverse_logcumsumexp_op, V>>(reversed(a), from)}
                                       : V{apply_values<logcumsumexp_op>(reversed(a), from)};
        return V{exp(V{sums + x})};
    };
    return of_positive(g) - of_positive(V{-g});
}

}  // namespace ashlar
