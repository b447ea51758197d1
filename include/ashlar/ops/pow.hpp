// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/expand.hpp"
#include "ashlar/ops/log.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

namespace detail {

// x * x * ... by squaring; the exponents of whole numbers are cut off at 0, as their result would be.
template <class T> constexpr T whole_power(T x, T n) {
    kernels::bits_of<T> power = 1, base = static_cast<kernels::bits_of<T>>(x);
    if (n < 0) return x == 1 ? 1 : x == -1 ? (n % 2 == 0 ? 1 : -1) : 0;
    for (; n > 0; n /= 2, base *= base)
        if (n % 2 != 0) power *= base;
    return static_cast<T>(power);
}

inline constexpr const char* power_names[] = {"",       "",       "square", "pow<3>", "pow<4>",
                                              "pow<5>", "pow<6>", "pow<7>", "pow<8>"};
inline constexpr const char* power_marks[] = {"", "", "^2", "^3", "^4", "^5", "^6", "^7", "^8"};
inline constexpr int longest_power = 8;

}  // namespace detail

/// A power with a whole exponent from 2 to 8 that is known while compiling, as multiplications.
/// Value: x^N. Derivative: g * N * x^(N - 1). Edges: IEEE 754; whole numbers wrap.
template <int N> struct power_op : elementwise<1> {
    static constexpr const char* name = detail::power_names[N];
    static constexpr const char* infix = detail::power_marks[N];
    static constexpr int precedence = 4;
    static constexpr int cost = N < 4 ? N - 1 : N < 7 ? N / 2 + N % 2 : N / 2 - 1 + N % 2;
    template <class V> static constexpr V eval(V x) {
        if constexpr (N == 1) return x;
        else if constexpr (N % 2 == 0 && N > 2) return power_op<2>::eval(power_op<N / 2>::eval(x));
        else if constexpr (kernels::whole<V>) return kernels::wrapped_product(power_op<N - 1>::eval(x), x);
        else return power_op<N - 1>::eval(x) * x;
    }
    static constexpr value pullback(auto g, auto, auto x) {
        if constexpr (N == 2) return g * (2 * x);
        else return g * (N * apply<power_op<N - 1>>(x));
    }
};

/// A power, element by element; `pow<3>(x)` where the exponent is known while compiling.
/// Value: x^e. Derivative: g * e * x^(e - 1) to x, 0 where e = 0; g * y * log(x) to e, 0 where x = 0 and e >= 0.
/// Shapes: broadcast.
/// Edges: as std::pow: 1 where e = 0 or x = 1, nan for x < 0 unless e is whole. Error: 3 ULP.
struct pow_op : elementwise<2> {
    static constexpr const char* name = "pow";
    static constexpr const char* infix = "^";
    static constexpr int precedence = 4;
    static constexpr int cost = 60;
    static constexpr dtype result_type(const attributes&, dtype x, dtype e) {
        const dtype both = promote(x, e);
        return is_boolean(both) ? dtype::int32 : both;
    }
    template <class V> static constexpr V eval(V x, V e) {
        if constexpr (std::is_floating_point_v<kernels::scalar_of<V>>) {
            return kernels::pow(x, e);
        } else if constexpr (kernels::is_vector<V>) {
            V y{};
            for (index i = 0; i < kernels::lanes<kernels::scalar_of<V>>; ++i) y[i] = detail::whole_power(x[i], e[i]);
            return y;
        } else {
            return detail::whole_power(x, e);
        }
    }
    static constexpr adjoints pullback(auto g, auto y, auto x, auto e);
    template <class V = value> static constexpr int simplify(graph& g, const int* x, const attributes&);
};

template <operand X, operand E>
    requires(symbolic<X> || symbolic<E>)
constexpr applied<pow_op, X, E> pow(X&& x, E&& exponent) {
    return apply<pow_op>(std::forward<X>(x), std::forward<E>(exponent));
}

template <int N, operand X> constexpr auto pow(X&& x) {
    if constexpr (N == -1) return 1 / std::forward<X>(x);
    else if constexpr (N < -1 && N >= -detail::longest_power) return apply<power_op<-N>>(1 / std::forward<X>(x));
    else if constexpr (N > 1 && N <= detail::longest_power) return apply<power_op<N>>(std::forward<X>(x));
    else return apply<pow_op>(std::forward<X>(x), ratio<N>{});
}

template <operand X> constexpr auto square(X&& x) { return apply<power_op<2>>(std::forward<X>(x)); }

constexpr adjoints pow_op::pullback(auto g, auto y, auto x, auto e) {
    const value slope = y * log(x);
    return {{where(eq(e, 0), 0, g * (e * pow(x, e - 1))), g * where(eq(x, 0), where(e >= 0, 0, slope), slope)}};
}

template <class V> constexpr int pow_op::simplify(graph& g, const int* x, const attributes&) {
    if (!g.is_constant(x[1])) return no_index;
    const V base{&g, x[0]};
    const double e = g.nodes[x[1]].value;
    return e == 0      ? expand_value(V{&g, g.constant(1, base.type())}, base.extents()).id
           : e == 1    ? base.id
           : e == 2    ? pow<2>(base).id
           : e == 3    ? pow<3>(base).id
           : e == 4    ? pow<4>(base).id
           : e == 0.5  ? sqrt(base).id
           : e == -0.5 ? (1 / sqrt(base)).id
           : e == -1   ? (1 / base).id
           : e == -2   ? square(1 / base).id
                       : no_index;
}

}  // namespace ashlar
