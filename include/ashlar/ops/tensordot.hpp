// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/einsum.hpp"

namespace ashlar {

/// Axes, where a function takes more than one list of them: `tensordot<axes<1, 0>, axes<0, 1>>(a, b)`.
template <int... Axes> struct axes {};

template <class Left, class Right, class... Axes> struct tensordot_takes_as_many_axes_of_both : refusal {};
template <class Left, class Right, index First, index Second> struct tensordot_axes_have_two_extents : refusal {};

namespace detail {

/// The axes of two operands that are summed together, all from 0 on; `count` is -1 where they are none.
struct paired_axes {
    int of_a[max_rank] = {}, of_b[max_rank] = {};
    int count = 0;
};

constexpr paired_axes pair_axes(const int* a, int count_a, int rank_a, const int* b, int count_b, int rank_b) {
    paired_axes p{};
    int seen_a = 0, seen_b = 0;
    for (int i = 0; i < count_a && count_a == count_b; ++i) {
        const int x = a[i] < 0 ? a[i] + rank_a : a[i], y = b[i] < 0 ? b[i] + rank_b : b[i];
        if (x < 0 || x >= rank_a || y < 0 || y >= rank_b || (seen_a >> x & 1) != 0 || (seen_b >> y & 1) != 0) break;
        seen_a |= 1 << x, seen_b |= 1 << y;
        p.of_a[p.count] = x, p.of_b[p.count++] = y;
    }
    if (p.count != count_a || p.count != count_b) p.count = -1;
    return p;
}

// Which axes: the last ones of a with the first ones of b, or those that are listed.
template <int Count> struct inner_axes {
    static constexpr paired_axes pairs(int rank_a, int rank_b) {
        int a[max_rank] = {}, b[max_rank] = {};
        for (int i = 0; i < Count && i < max_rank; ++i) a[i] = rank_a - Count + i, b[i] = i;
        return pair_axes(a, Count, Count <= rank_a ? rank_a : 0, b, Count, rank_b);
    }
    template <class A, class B> using misfit = tensordot_takes_as_many_axes_of_both<A, B, axes<Count>>;
};
template <class A, class B> struct listed_axes;
template <int... A, int... B> struct listed_axes<axes<A...>, axes<B...>> {
    static constexpr paired_axes pairs(int rank_a, int rank_b) {
        const int a[] = {A..., 0}, b[] = {B..., 0};
        return pair_axes(a, static_cast<int>(sizeof...(A)), rank_a, b, static_cast<int>(sizeof...(B)), rank_b);
    }
    template <class X, class Y> using misfit = tensordot_takes_as_many_axes_of_both<X, Y, axes<A...>, axes<B...>>;
};

/// The same as letters: those of a, and for what b has beside them further ones.
template <class Axes> struct tensordot_letters {
    template <std::size_t N> static constexpr auto subscripts_of(const shape (&shapes)[N]) {
        subscripts<static_cast<int>(N)> s{};
        const paired_axes p = Axes::pairs(shapes[0].rank, shapes[1].rank);
        for (int i = 0; i < shapes[0].rank; ++i) s.in[0].push(i);
        for (int i = 0; i < shapes[1].rank; ++i) {
            int letter = max_rank + i;
            for (int k = 0; k < p.count; ++k) letter = p.of_b[k] == i ? p.of_a[k] : letter;
            s.in[1].push(letter);
        }
        for (int i = 0; i < 2; ++i) s.measure(s.in[i], shapes[i]);
        for (int i = 0; i < 2; ++i)
            for (int d = 0; d < s.in[i].rank; ++d)
                if (s.in[1 - i].find(s.in[i].letter[d]) < 0 && !s.out.push(s.in[i].letter[d]))
                    s.refuse(subscript_fault::rank);
        return s;
    }
};

template <class Axes> struct tensordot_body : products_body<tensordot_letters<Axes>> {
    template <class A, class B> static constexpr auto fault() {
        if constexpr (scalar<A> || scalar<B>) {
            return products_body<tensordot_letters<Axes>>::template fault<A, B>();
        } else {
            constexpr shape a = std::remove_cvref_t<A>::extent, b = std::remove_cvref_t<B>::extent;
            constexpr paired_axes p = Axes::pairs(a.rank, b.rank);
            constexpr int wrong = [=] {
                for (int i = 0; i < p.count; ++i)
                    if (a[p.of_a[i]] != b[p.of_b[i]]) return i;
                return -1;
            }();
            if constexpr (p.count < 0) return typename Axes::template misfit<shape_t<A>, shape_t<B>>{};
            else if constexpr (wrong >= 0)
                return tensordot_axes_have_two_extents<shape_t<A>, shape_t<B>, a[p.of_a[wrong]], b[p.of_b[wrong]]>{};
            else return products_body<tensordot_letters<Axes>>::template fault<A, B>();
        }
    }
};

template <int Count> using inner_products = tensordot_body<inner_axes<Count>>;
template <class OfA, class OfB> using listed_products = tensordot_body<listed_axes<OfA, OfB>>;

}  // namespace detail

/// Products summed over axes of both: the last ones of a with the first ones of b, `tensordot<2>(a, b)`, or any,
/// `tensordot<axes<1, 0>, axes<0, 1>>(a, b)`. Shapes: what remains of a, then of b. Derivative: as einsum.
template <int Axes = 2, operand A, operand B>
constexpr detail::composed_checked<detail::inner_products<Axes>, A, B> tensordot(A&& a, B&& b) {
    return detail::compose_checked<detail::inner_products<Axes>>(std::forward<A>(a), std::forward<B>(b));
}
template <class OfA, class OfB, operand A, operand B>
constexpr detail::composed_checked<detail::listed_products<OfA, OfB>, A, B> tensordot(A&& a, B&& b) {
    return detail::compose_checked<detail::listed_products<OfA, OfB>>(std::forward<A>(a), std::forward<B>(b));
}

}  // namespace ashlar
