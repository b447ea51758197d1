// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// The same numbers as another element type: `to<float>(a < b)`.
/// Value: T(x); float to int cuts off, and gives the nearest int where it is out of range, 0
/// for nan; everything but 0 is true. Derivative: g in x's type, none through int and bool.
template <element T> struct to_op : elementwise<1> {
    static constexpr const char* name = dtype_of<T> == dtype::float32   ? "to<float>"
                                        : dtype_of<T> == dtype::float64 ? "to<double>"
                                        : dtype_of<T> == dtype::int32   ? "to<int>"
                                        : dtype_of<T> == dtype::int64   ? "to<int64>"
                                                                        : "to<bool>";
    static constexpr dtype result_type(const attributes&, dtype) { return dtype_of<T>; }
    // A group of fused ops computes in one type: here the number only loses what T cannot hold.
    template <class V> static constexpr V eval(V x) {
        using from = kernels::scalar_of<V>;
        if constexpr (std::is_same_v<T, bool>) return kernels::select(x != V{}, kernels::splat<V>(1), V{});
        else if constexpr (std::is_integral_v<T> && std::is_floating_point_v<from>) return kernels::nearest_whole<T>(x);
        else if constexpr (std::is_same_v<T, float> && std::is_same_v<from, double>) return as_float(x);
        else if constexpr (std::is_same_v<T, std::int32_t> && std::is_same_v<from, std::int64_t>) return as_int(x);
        else return x;
    }
    // the walk backwards gives it the argument's type
    static constexpr value pullback(auto g, auto, auto) { return g; }
    static constexpr int simplify(graph& g, const int* x, const attributes&) {
        return g.type_of(x[0]) == dtype_of<T> ? x[0] : no_index;
    }

private:
    template <class V> static constexpr V as_float(V x) {
        if constexpr (kernels::is_vector<V>)
            return __builtin_convertvector(
                __builtin_convertvector(x, kernels::short_vec<float, kernels::lanes<double>>), V);
        else return static_cast<double>(static_cast<float>(x));
    }
    template <class V> static constexpr V as_int(V x) {  // the lower half
        if constexpr (kernels::is_vector<V>)
            return __builtin_convertvector(
                __builtin_convertvector(x, kernels::short_vec<std::int32_t, kernels::lanes<std::int64_t>>), V);
        else return static_cast<std::int32_t>(x);
    }
};

template <element T, operand X> constexpr auto to(X&& x) { return apply<to_op<T>>(std::forward<X>(x)); }

namespace detail {

template <class V = value> constexpr value to_type(const std::type_identity_t<V>& x, dtype type) {
    if (x.type() == type) return x;
    return type == dtype::float32   ? to<float>(x)
           : type == dtype::float64 ? to<double>(x)
           : type == dtype::int32   ? to<std::int32_t>(x)
           : type == dtype::int64   ? to<std::int64_t>(x)
                                    : to<bool>(x);
}

}  // namespace detail

}  // namespace ashlar
