// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sub.hpp"

namespace ashlar {

namespace detail {

// The target, or what is wrong with the value.
template <class To, class E> constexpr auto& assign(To& to, const E& value) {
    if constexpr (!is_poison<E> && !std::same_as<dims_of<E>, typename To::shape_type>)
        return refused<assigned_shape_differs<typename To::shape_type, dims_of<E>>>;
    else if constexpr (!is_poison<E> && !may_be_stored<typename To::value_type, typename E::value_type>)
        return refused<other_type<To, E>>;
    else return to = value;
}
template <class To, class E>
using assigned = std::conditional_t<
    std::is_base_of_v<refusal, std::remove_cvref_t<decltype(assign(std::declval<To&>(), std::declval<const E&>()))>>,
    poison&, To&>;

}  // namespace detail

/// `t += e`: t = t + e for a tensor, or a view of one that may be written. As in an assignment the value has the shape
/// and the element type of t: what t is computed with broadcasts to it.
template <class T, std::size_t... Dims, operand E>
constexpr auto operator+=(Tensor<T, Dims...>& t, E&& e) -> detail::assigned<Tensor<T, Dims...>, decltype(t + e)> {
    return detail::assign(t, t + e);
}
template <class T, std::size_t... Dims, operand E>
constexpr auto operator-=(Tensor<T, Dims...>& t, E&& e) -> detail::assigned<Tensor<T, Dims...>, decltype(t - e)> {
    return detail::assign(t, t - e);
}
template <class T, std::size_t... Dims, operand E>
constexpr auto operator*=(Tensor<T, Dims...>& t, E&& e) -> detail::assigned<Tensor<T, Dims...>, decltype(t * e)> {
    return detail::assign(t, t * e);
}
template <class T, std::size_t... Dims, operand E>
constexpr auto operator/=(Tensor<T, Dims...>& t, E&& e) -> detail::assigned<Tensor<T, Dims...>, decltype(t / e)> {
    return detail::assign(t, t / e);
}
template <class T, std::size_t... Dims, operand E>
constexpr auto operator+=(const TensorView<T, Dims...>& t, E&& e)
    -> detail::assigned<const TensorView<T, Dims...>, decltype(t + e)> {
    return detail::assign(t, t + e);
}
template <class T, std::size_t... Dims, operand E>
constexpr auto operator-=(const TensorView<T, Dims...>& t, E&& e)
    -> detail::assigned<const TensorView<T, Dims...>, decltype(t - e)> {
    return detail::assign(t, t - e);
}
template <class T, std::size_t... Dims, operand E>
constexpr auto operator*=(const TensorView<T, Dims...>& t, E&& e)
    -> detail::assigned<const TensorView<T, Dims...>, decltype(t * e)> {
    return detail::assign(t, t * e);
}
template <class T, std::size_t... Dims, operand E>
constexpr auto operator/=(const TensorView<T, Dims...>& t, E&& e)
    -> detail::assigned<const TensorView<T, Dims...>, decltype(t / e)> {
    return detail::assign(t, t / e);
}

}  // namespace ashlar
