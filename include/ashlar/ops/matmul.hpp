// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/contraction.hpp"
#include "ashlar/ops/squeeze.hpp"

namespace ashlar {

namespace detail {

template <class A, class B>
inline constexpr bool are_bytes = std::same_as<typename std::remove_cvref_t<A>::value_type, std::uint8_t> &&
                                  std::same_as<typename std::remove_cvref_t<B>::value_type, std::uint8_t>;

}  // namespace detail

/// The matrix product with NumPy's rules: a vector stands for a row at the left and for a column at the right, further
/// dimensions are a batch and broadcast.
/// Value: sum over k of a[..., m, k] * b[..., k, n]; whole numbers wrap. Derivative: g b^T to a, a^T g to b, summed
/// over broadcast batches.
template <operand A, operand B> constexpr auto matmul(A&& a, B&& b) {
    if constexpr (is_poison<A> || is_poison<B>) {
        return absorbed<A, B>{};
    } else if constexpr (scalar<A> || scalar<B>) {
        if constexpr (detail::in_a_body<A, B>) {
            return deferred<matmul_takes_no_numbers__write_a_product<std::remove_cvref_t<A>, std::remove_cvref_t<B>>>{};
        } else {
            poison& fault =
                refused<matmul_takes_no_numbers__write_a_product<std::remove_cvref_t<A>, std::remove_cvref_t<B>>>;
            return fault;
        }
    } else if constexpr (detail::is_value_v<A> || detail::is_value_v<B>) {
        return contract(a, false, b, false);
    } else if constexpr (!detail::matmul_compatible<shape_t<A>, shape_t<B>>) {
        if constexpr (detail::in_a_body<A, B>) {
            return deferred<matmul_inner_dimensions_differ<shape_t<A>, shape_t<B>>>{};
        } else {
            poison& fault = refused<matmul_inner_dimensions_differ<shape_t<A>, shape_t<B>>>;
            return fault;
        }
    } else if constexpr (detail::are_bytes<A, B>) {
        // They are summed as int, and the sums wrap at 256.
        return to<std::uint8_t>(matmul(to<std::int32_t>(std::forward<A>(a)), to<std::int32_t>(std::forward<B>(b))));
    } else {
        constexpr int ra = std::remove_cvref_t<A>::extent.rank, rb = std::remove_cvref_t<B>::extent.rank;
        if constexpr (ra > 2 && rb == 1)
            return squeeze<-1>(
                apply<contraction_op, static_attributes<0, 0>>(std::forward<A>(a), unsqueeze<1>(std::forward<B>(b))));
        else if constexpr (ra == 1 && rb > 2)
            return squeeze<-2>(
                apply<contraction_op, static_attributes<0, 0>>(unsqueeze<0>(std::forward<A>(a)), std::forward<B>(b)));
        else return apply<contraction_op, static_attributes<0, 0>>(std::forward<A>(a), std::forward<B>(b));
    }
}

}  // namespace ashlar
