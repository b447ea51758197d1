// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// The same numbers as another element type: `to<float>(a < b)`.
/// Value: T(x); float to int cuts off, and gives the nearest int where it is out of range, 0
/// for nan; everything but 0 is true; bfloat16 and float16 round. Derivative: g in x's type, none through int and bool.
template <element T> struct to_op : elementwise<1> {
    static constexpr const char* name = element_table[element_number<T>].conversion;
    static constexpr dtype result_type(const attributes&, dtype) { return dtype_of<T>; }
    // A loop converts what an op reads to the type that it computes in: nothing is left to do, but to say what is true.
    // (Numbers are computed in double.)
    template <class V> static constexpr V eval(V x) {
        if constexpr (is_half<T>) return kernels::rounded_to<T>(x);
        else if constexpr (std::is_same_v<T, bool>) return kernels::select(x != V{}, kernels::splat<V>(1), V{});
        else if constexpr (std::is_same_v<V, double>) return static_cast<double>(kernels::converted<T>(x));
        else return x;
    }
    // the walk backwards gives it the argument's type
    static constexpr value pullback(auto g, auto, auto) { return g; }
    static constexpr int simplify(graph& g, const int* x, const attributes&) {
        return are_same(g.type_of(x[0]), dtype_of<T>) ? x[0] : no_index;
    }
};

template <element T, operand X> constexpr auto to(X&& x) { return apply<to_op<T>>(std::forward<X>(x)); }

namespace detail {

template <class... T> constexpr value to_one_of(value x, dtype type, type_list<T...>) {
    ((are_same(type, dtype_of<T>) ? void(x = to<T>(x)) : void()), ...);
    return x;
}
template <class V = value> constexpr value to_type(const std::type_identity_t<V>& x, dtype type) {
    return are_same(x.type(), type) ? x : to_one_of(x, type, ashlar::dependent<result_types, V>{});
}

/// The type of an expression of a body that has X's extents and is computed in floating numbers, as layers with
/// parameters are: of whole numbers and of half precision float32.
template <class X> using floating =
    typename handle_with<typename element_of<promote(dtype::float32, dtype_of<typename X::value_type>)>::type,
                         dims_of<X>>::type;

}  // namespace detail

}  // namespace ashlar
