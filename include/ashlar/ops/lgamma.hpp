// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/mul.hpp"

namespace ashlar {

/// The derivatives of digamma: the n-th, n a whole number.
/// Value: d^(n+1) log(gamma(x)) / dx^(n+1). Derivative: g * polygamma(n + 1, x), none to n. Edges: inf at 0 and at
/// negative whole numbers (n >= 1), 0 at inf, nan; nan below -1000 where n > 1.
struct polygamma_op : real_function<2> {
    static constexpr const char* name = "polygamma";
    static constexpr int cost = 200;
    static constexpr auto eval(auto n, auto x) { return kernels::polygamma(n, x); }
    static constexpr adjoints pullback(auto g, auto, auto n, auto x) {
        return {{none, g * apply<polygamma_op>(n + 1, x)}};
    }
};
template <scalar N, operand X> constexpr auto polygamma(const N& n, X&& x) {
    return apply<polygamma_op>(n, std::forward<X>(x));
}

/// The derivative of lgamma.
/// Value: gamma'(x) / gamma(x). Derivative: g * polygamma(1, x). Edges: -inf at 0, inf at -0, nan at negative whole
/// numbers and at -inf, inf at inf. Error: 2e-15 * (1 + |y|) in double above 0, 1e-14 * (1 + |y|) below; 1 ULP in
/// float but around its zeros.
struct digamma_op : real_function<1> {
    static constexpr const char* name = "digamma";
    static constexpr int cost = 150;
    static constexpr auto eval(auto x) { return kernels::digamma(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g * polygamma(ratio<1>{}, x); }
};
template <operand X> constexpr auto digamma(X&& x) { return apply<digamma_op>(std::forward<X>(x)); }

/// The logarithm of the absolute value of the gamma function.
/// Derivative: g * digamma(x). Edges: inf at +-inf, 0 and negative whole numbers, nan. Error: 4 ULP above 0; below it
/// 2e-15 of the larger of its terms, which cancel around its zeros.
struct lgamma_op : real_function<1> {
    static constexpr const char* name = "lgamma";
    static constexpr int cost = 150;
    static constexpr auto eval(auto x) { return kernels::lgamma(x); }
    static constexpr value pullback(auto g, auto, auto x) { return g * digamma(x); }
};

template <operand X> constexpr auto lgamma(X&& x) { return apply<lgamma_op>(std::forward<X>(x)); }

}  // namespace ashlar
