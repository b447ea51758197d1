// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/matmul.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/reshape.hpp"

namespace ashlar {

template <class Left, class Right> struct dot_takes_two_equal_vectors : refusal {};
template <class Left, class Right> struct outer_takes_two_vectors : refusal {};

/// The inner product of two vectors.
/// Value: sum(a * b). Derivative: g * b to a, g * a to b.
template <operand A, operand B> constexpr auto dot(A&& a, B&& b) {
    if constexpr (is_poison<A> || is_poison<B>) {
        return absorbed<A, B>{};
    } else if constexpr (shape_t<A>::rank != 1 || !std::same_as<shape_t<A>, shape_t<B>>) {
        if constexpr (detail::in_a_body<A, B>) {
            return deferred<dot_takes_two_equal_vectors<shape_t<A>, shape_t<B>>>{};
        } else {
            poison& fault = refused<dot_takes_two_equal_vectors<shape_t<A>, shape_t<B>>>;
            return fault;
        }
    } else {
        return matmul(std::forward<A>(a), std::forward<B>(b));
    }
}

/// The outer product of two vectors.
/// Value: a[i] * b[j]. Derivative: g b to a, a g to b.
template <operand A, operand B> constexpr auto outer(A&& a, B&& b) {
    if constexpr (is_poison<A> || is_poison<B>) {
        return absorbed<A, B>{};
    } else if constexpr (shape_t<A>::rank != 1 || shape_t<B>::rank != 1) {
        if constexpr (detail::in_a_body<A, B>) {
            return deferred<outer_takes_two_vectors<shape_t<A>, shape_t<B>>>{};
        } else {
            poison& fault = refused<outer_takes_two_vectors<shape_t<A>, shape_t<B>>>;
            return fault;
        }
    } else {
        return unsqueeze<1>(std::forward<A>(a)) * std::forward<B>(b);
    }
}

}  // namespace ashlar
