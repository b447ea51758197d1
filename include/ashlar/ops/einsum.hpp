// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/matmul.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/subscripts.hpp"
#include "ashlar/ops/sum.hpp"

namespace ashlar {

template <index Subscripts, index Operands> struct einsum_has_subscripts_for_another_number_of_operands : refusal {};
template <class Operand, index Letters> struct einsum_needs_a_letter_for_each_axis : refusal {};
template <char Character> struct einsum_takes_letters_commas_an_arrow_and_an_ellipsis : refusal {};
template <char Letter, index First, index Second> struct einsum_letter_has_two_extents : refusal {};
template <char Letter> struct einsum_result_has_a_letter_of_no_operand : refusal {};
template <char Letter> struct einsum_result_has_a_letter_twice : refusal {};
template <class... Operands> struct einsum_makes_more_than_six_axes : refusal {};
template <class... Operands> struct einsum_takes_tensors_and_expressions__not_a_number : refusal {};

namespace detail {

/// An operand, or a product of some, and the letters of its axes. `axes` is null without axes.
template <class V> struct factor {
    V x = none;
    subscript axes{};
};

// The axes in another order; no copy.
template <class V> constexpr factor<V> in_axes(const factor<V>& f, const subscript& wanted) {
    attributes a{};
    const shape s = f.x.extents();
    bool same = true;
    for (int i = 0; i < wanted.rank; ++i) {
        const int from = f.axes.find(wanted.letter[i]);
        set_axis(a, i, {from, 0, 1, s[from]});
        same = same && from == i;
    }
    return {same ? f.x : apply_values<view_op>(a, f.x), wanted};
}

// A letter that stands twice, at axes p < q, is a diagonal: with q behind p both are one axis, along which it has a
// stride of its own.
template <class V> constexpr factor<V> diagonal_of(const factor<V>& f, int p, int q) {
    const shape s = f.x.extents();
    attributes turn{}, slice{};
    factor<V> y{f.x, {}};
    for (int i = 0, at = 0; i < s.rank; ++i) {
        if (i == q) continue;
        set_axis(turn, at++, {i, 0, 1, s[i]});
        if (i == p) set_axis(turn, at++, {q, 0, 1, s[q]});
        const bool along = i == p;
        set_axis(slice, y.axes.rank, {y.axes.rank, 0, along ? s[i] + 1 : 1, s[i]});
        y.axes.push(f.axes.letter[i]);
    }
    shape one = view_op::infer(slice, s);
    one.extent[p] *= s[q];
    if (q != p + 1) y.x = apply_values<view_op>(turn, y.x);
    y.x = apply_values<view_op>(slice, V{reshape_value(y.x, one)});
    return y;
}

// Without axes of extent 1 and letters that nothing else has.
template <class V> constexpr factor<V> reduced_to(factor<V> f, std::uint64_t others) {
    for (int i = 0; i < f.axes.rank; ++i)
        if (const int p = f.axes.find(f.axes.letter[i]); p < i) f = diagonal_of(f, p, i), i = -1;
    const shape s = f.x.extents();
    int units = 0, alone = 0;
    subscript left{};
    for (int i = 0; i < s.rank; ++i)
        if (s[i] == 1) units |= 1 << i;
        else if (!is_in(others, f.axes.letter[i])) alone |= 1 << i;
        else left.push(f.axes.letter[i]);
    if (alone != 0) f.x = to_type<V>(reduce_value<sum_op>(f.x, alone | units, alone | units), f.x.type());
    else if (units != 0) f.x = reshape_value(f.x, reduced_shape(s, units, units));
    return {f.x, left};
}

// The letters of `f` that are in a set, in their order.
constexpr subscript chosen(const subscript& f, std::uint64_t letters) {
    subscript t{};
    for (int i = 0; i < f.rank; ++i)
        if (is_in(letters, f.letter[i])) t.push(f.letter[i]);
    return t;
}
// The letters of `a`, and then what `b` has beside them.
constexpr subscript joined(subscript a, const subscript& b) {
    for (int i = 0; i < b.rank; ++i)
        if (a.find(b.letter[i]) < 0) a.push(b.letter[i]);
    return a;
}
constexpr index size_of(const subscript& t, const index* extent) {
    index n = 1;
    for (int i = 0; i < t.rank; ++i) n *= extent[t.letter[i]];
    return n;
}
constexpr void push_extents(shape& s, const subscript& t, const index* extent) {
    for (int i = 0; i < t.rank; ++i) s.extent[s.rank++] = extent[t.letter[i]];
}

// Element by element, in the axes `all`; those of `gone` are summed.
template <class V>
constexpr factor<V> multiplied(const factor<V>& a, const factor<V>& b, const subscript& all, std::uint64_t gone) {
    const auto spread = [&all](const factor<V>& f) {
        const V x = in_axes(f, chosen(all, f.axes.mask())).x;
        shape s{};
        for (int i = 0, at = 0; i < all.rank; ++i)
            s.extent[s.rank++] = f.axes.find(all.letter[i]) < 0 ? 1 : x.extents()[at++];
        return V{reshape_value(x, s)};
    };
    const V product = spread(a) * spread(b);
    int axes = 0;
    for (int i = 0; i < all.rank; ++i) axes |= is_in(gone, all.letter[i]) ? 1 << i : 0;
    if (axes == 0) return {product, all};
    return {reduce_value<sum_op>(product, axes, axes), chosen(all, ~gone)};
}

// As a matrix product: rows are what only a has, columns what only b has, and terms what both have and is gone.
template <class V> constexpr factor<V> as_matrices(const factor<V>& a, const factor<V>& b, const subscript& batch,
                                                   std::uint64_t gone, const subscript& wanted, const index* extent) {
    const std::uint64_t in_a = a.axes.mask(), in_b = b.axes.mask();
    const subscript columns = chosen(b.axes, in_b & ~in_a), terms = chosen(a.axes, gone);
    subscript rows = chosen(a.axes, in_a & ~in_b);
    // Rows of several axes stay apart where b is one matrix, which goes with each: that moves nothing.
    const bool apart = batch.rank == 0 && rows.rank > 1 && columns.rank < 2, vectors = batch.rank == 0 && !apart;
    if (apart) rows = joined(chosen(wanted, rows.mask()), rows);
    const auto matrix = [&](const factor<V>& f, const subscript& first, const subscript& second) {
        const V x = in_axes(f, joined(batch, joined(first, second))).x;
        shape s{};
        if (batch.rank > max_rank - 2) s.extent[s.rank++] = size_of(batch, extent);
        else push_extents(s, batch, extent);
        if (apart && first.rank > 1 && is_in(rows.mask(), first.letter[0])) push_extents(s, first, extent);
        else if (!vectors || first.rank > 0) s.extent[s.rank++] = size_of(first, extent);
        if (!vectors || second.rank > 0) s.extent[s.rank++] = size_of(second, extent);
        return V{reshape_value(x, s)};
    };
    const V left = matrix(a, rows, terms), right = matrix(b, terms, columns);
    const V product = contract(left, false, right, false);
    shape s{};
    push_extents(s, batch, extent), push_extents(s, rows, extent), push_extents(s, columns, extent);
    return {reshape_value(product, s), joined(batch, joined(rows, columns))};
}

// The product of two factors in which the letters `left` remain; in the order `wanted` where it is free.
template <class V> constexpr factor<V> product_of(const factor<V>& a, const factor<V>& b, std::uint64_t left,
                                                  const subscript& wanted, const index* extent) {
    const std::uint64_t in_a = a.axes.mask(), in_b = b.axes.mask(), gone = (in_a | in_b) & ~left;
    const std::uint64_t shared = in_a & in_b & left;
    const subscript batch = joined(chosen(wanted, shared), chosen(a.axes, shared));
    if (gone == 0) return multiplied(a, b, joined(joined(chosen(wanted, left), a.axes), b.axes), gone);
    if ((in_a ^ in_b) == 0 && left != 0) return multiplied(a, b, joined(batch, chosen(a.axes, gone)), gone);
    const subscript others = chosen(wanted, in_a ^ in_b);
    const bool turned = others.rank > 0 && is_in(in_b, others.letter[0]);
    return turned ? as_matrices(b, a, batch, gone, wanted, extent) : as_matrices(a, b, batch, gone, wanted, extent);
}

template <class V, int N> constexpr value sum_of_products(const subscripts<N>& s, const product_order<N>& order,
                                                          const V (&x)[bound_of(N)], dtype type) {
    factor<V> f[bound_of(N)]{};
    for (int i = 0; i < N; ++i) {
        std::uint64_t others = s.out.mask();
        for (int k = 0; k < N; ++k) others |= k == i ? 0 : s.in[k].mask(x[k].extents());
        f[i] = reduced_to(factor<V>{to_type<V>(x[i], promote(type, dtype::int32)), s.in[i]}, others);
    }
    const subscript wanted = [&s] {
        subscript t{};
        for (int i = 0; i < s.out.rank; ++i)
            if (s.extent[s.out.letter[i]] != 1) t.push(s.out.letter[i]);
        return t;
    }();
    bool done[bound_of(N)]{};
    for (int p = 0; p < order.count; ++p) {
        const int a = order.first[p], b = order.second[p];
        done[b] = true;
        std::uint64_t others = wanted.mask();
        for (int k = 0; k < N; ++k) others |= k == a || done[k] ? 0 : f[k].axes.mask();
        const std::uint64_t left = (f[a].axes.mask() | f[b].axes.mask()) & others;
        f[a] = product_of(f[a], f[b], left, p + 1 == order.count ? wanted : subscript{}, s.extent);
    }
    return to_type<V>(reshape_value(in_axes(f[0], wanted).x, s.result()), type);
}

/// A sum of products over operands of these shapes; `Meaning` says the subscripts.
template <class Meaning, class... Shapes> struct products_of {
    static constexpr int count = static_cast<int>(sizeof...(Shapes));
    static constexpr subscripts<count> said = Meaning::template subscripts_of<count>({Shapes::value...});
    static constexpr product_order<count> order =
        said.fault == subscript_fault::none ? product_planner<count>{said}.result() : product_order<count>{};
    static constexpr bool fits = order.multiplications < product_planner<count>::never;

    static constexpr auto fault() {
        constexpr subscript_fault f = said.fault;
        constexpr char letter = said.letter;
        constexpr index a = said.first, b = said.second;
        if constexpr (f == subscript_fault::operands)
            return einsum_has_subscripts_for_another_number_of_operands<a, b>{};
        else if constexpr (f == subscript_fault::axes)
            return einsum_needs_a_letter_for_each_axis<dims_of<shape_constant<said.operand>>, a>{};
        else if constexpr (f == subscript_fault::character)
            return einsum_takes_letters_commas_an_arrow_and_an_ellipsis<letter>{};
        else if constexpr (f == subscript_fault::extents) return einsum_letter_has_two_extents<letter, a, b>{};
        else if constexpr (f == subscript_fault::stranger) return einsum_result_has_a_letter_of_no_operand<letter>{};
        else if constexpr (f == subscript_fault::twice) return einsum_result_has_a_letter_twice<letter>{};
        else if constexpr (f == subscript_fault::rank || !fits) return einsum_makes_more_than_six_axes<Shapes...>{};
    }
};

template <class Meaning> struct products_body {
    template <class... X> static constexpr auto fault() {
        if constexpr ((scalar<X> || ...))
            return einsum_takes_tensors_and_expressions__not_a_number<std::remove_cvref_t<X>...>{};
        else return products_of<Meaning, shape_t<X>...>::fault();
    }
    template <class... X> constexpr auto operator()(const X&... x) const {
        using of = products_of<Meaning, shape_t<X>...>;
        constexpr dtype type = [] {
            dtype all = dtype::boolean;
            ((all = promote(all, dtype_of<typename X::value_type>)), ...);
            return is_boolean(all) ? dtype::int32 : all;
        }();
        using V = value_for<of>;
        graph* g = nullptr;  // one operand at least is in it: others may be members of the module that is traced
        ((g = g == nullptr ? graph_of(x) : g), ...);
        const V all[] = {V{g, operand_node(*g, x, type)}...};
        using result = handle_with<typename element_of<type>::type, dims_of<shape_constant<of::said.result()>>>;
        return typename result::type{sum_of_products(of::said, of::order, all, type)};
    }
};

template <fixed_string Text> struct einsum_text {
    template <std::size_t N> static constexpr auto subscripts_of(const shape (&shapes)[N]) {
        return subscript_reader<static_cast<int>(N)>{Text.text, shapes}.result();
    }
};

}  // namespace detail

/// Products of operands, summed over the letters that the result does not have: `einsum<"bij,jk->bik">(a, b)`. Every
/// axis has a letter, a letter twice in an operand is its diagonal, `...` stands for further axes, which broadcast;
/// without an arrow the result has the letters that stand once, in alphabetical order (NumPy's rule).
/// Value: of "ij,jk->ik" y[i][k] = sum over j of a[i][j] * b[j][k]. Derivative: that of the products and sums it is
/// made of. Shapes: a letter has one extent, or 1. What is summed in one operand is summed first, and the products are
/// taken in the order that needs the fewest multiplications (of more than six operands: always the cheapest next).
/// Without copies, where the operands' axes lie as matrix products can read them.
template <fixed_string Subscripts, operand... X>
    requires(sizeof...(X) > 0)
constexpr detail::composed_checked<detail::products_body<detail::einsum_text<Subscripts>>, X...> einsum(X&&... x) {
    return detail::compose_checked<detail::products_body<detail::einsum_text<Subscripts>>>(std::forward<X>(x)...);
}

}  // namespace ashlar
