// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/indexing.hpp"
#include "ashlar/ops/expand.hpp"
#include "ashlar/ops/reduction.hpp"
#include "ashlar/ops/to.hpp"

namespace ashlar {

/// The kind of ops that go by an index along one axis. Arguments: x, an index of whole numbers, and what is added to
/// where that is not zeros. Attributes: see index_use.
struct indexed {
    static constexpr int arity = 2;
    template <class Attributes, class... S> using fault = void;
    static constexpr dtype result_type(const attributes&, dtype x, dtype) { return arithmetic_type(x); }
    static constexpr dtype result_type(const attributes&, dtype x, dtype, dtype onto) { return promote(x, onto); }

    template <class Op> static constexpr void pull_back(graph& graph, int y, int g, int* to) {
        const value full = expand_value({&graph, g}, graph.shape_of(y)), by{&graph, graph.argument(y, 1)};
        const index_use back = index_use{graph.attributes_of(y)}.with(Op::reads ? indexing::add : indexing::pick);
        const attributes a = Op::reads ? back.pack(graph.shape_of(graph.argument(y, 0))) : back.pack();
        to[0] = apply_values<typename Op::adjoint>(a, full, by).id;
        if (Op::arity == 3) to[2] = full.id;
    }
    // No loop computes in truth values or pixels: they go as whole numbers.
    template <class Op> static constexpr int simplify(graph& graph, const int* x, const attributes& a) {
        const dtype first = graph.type_of(x[0]), last = Op::arity == 3 ? graph.type_of(x[2]) : first,
                    type = Op::arity == 3 ? promote(first, last) : first, computed = register_type(type);
        if (are_same(first, computed) && are_same(last, computed)) return no_index;
        using V = value_for<Op>;
        const V numbers = detail::to_type<V>({&graph, x[0]}, computed), by{&graph, x[1]};
        V y = numbers;
        if constexpr (Op::arity == 3)
            y = apply_values<Op>(a, numbers, by, detail::to_type<V>({&graph, x[2]}, computed));
        else y = apply_values<Op>(a, numbers, by);
        return detail::to_type<V>(y, arithmetic_type(type)).id;
    }
    template <class Op> static consteval op_record describe() {
        return {.name = Op::name,
                .id = hash_type<Op>(),
                .what = kind::indexed,
                .cost = 1,
                .differentiable = true,
                .simplifies = true,
                .pullback = &pull_back<Op>,
                .simplify = &simplify<Op>};
    }
};

struct scatter_add_op;

/// The elements along an axis that an index of the same rank names: `gather<1>(x, index)` has y[i][j] =
/// x[i][index[i][j]] in the shape of the index (torch.gather). Derivative: each g is added to where its index points.
/// Shapes: those of the other axes are at most those of x. Edges: where an index is negative, or not below the extent,
/// y is nan, 0 in whole numbers and bool, and no derivative comes from there (PyTorch raises).
struct gather_op : indexed {
    static constexpr const char* name = "gather";
    static constexpr bool reads = true;
    using adjoint = scatter_add_op;
    static constexpr shape infer(const attributes&, const shape&, const shape& by) { return by; }
};

/// Adds every element to where its index points, along an axis of a tensor of zeros. Derivative: gather. An index that
/// points nowhere adds nothing.
struct scatter_add_op : indexed {
    static constexpr const char* name = "scatter_add";
    static constexpr bool reads = false;
    using adjoint = gather_op;
    static constexpr shape infer(const attributes& a, const shape&, const shape&) {
        shape s{};
        s.rank = a.count - 3;
        for (int i = 0; i < s.rank; ++i) s.extent[i] = a.value[i + 3];
        return s;
    }
};

namespace detail {

constexpr bool index_fits(const shape& x, const shape& by, int axis) {
    if (x.rank != by.rank) return false;
    for (int i = 0; i < x.rank; ++i)
        if (i != axis && by[i] > x[i]) return false;
    return true;
}
template <class T>
inline constexpr bool is_index_type = std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t>;
// What is wrong with the axis, or with an index as such, or void.
template <int Axis, class X, class Index> constexpr auto fault_of_index() {
    if constexpr (!std::is_void_v<reduction_fault<X, Axis>>) return reduction_fault<X, Axis>{};
    else if constexpr (scalar<Index>) return an_index_is_a_tensor_of_int_or_int64<std::remove_cvref_t<Index>>{};
    else if constexpr (!is_index_type<typename std::remove_cvref_t<Index>::value_type>)
        return an_index_is_a_tensor_of_int_or_int64<typename std::remove_cvref_t<Index>::value_type>{};
}
template <int Axis, class X, class Index> using index_fault = decltype(fault_of_index<Axis, X, Index>());

template <class X> constexpr int axis_in(int axis) {
    return axis < 0 ? axis + std::remove_cvref_t<X>::extent.rank : axis;
}
template <int Axis, class X, class Index> constexpr auto fault_of_gather() {
    if constexpr (!std::is_void_v<index_fault<Axis, X, Index>>) return index_fault<Axis, X, Index>{};
    else if constexpr (!index_fits(std::remove_cvref_t<X>::extent, std::remove_cvref_t<Index>::extent,
                                   axis_in<X>(Axis)))
        return gather_needs_an_index_that_fits<shape_t<X>, shape_t<Index>, Axis>{};
}
template <int Axis, class X, class Index> using gather_fault = decltype(fault_of_gather<Axis, X, Index>());

}  // namespace detail

template <int Axis, operand X, operand Index> constexpr auto gather(X&& x, Index&& by) {
    if constexpr (is_poison<X> || is_poison<Index>) {
        return absorbed<X, Index>{};
    } else if constexpr (!std::is_void_v<detail::gather_fault<Axis, X, Index>>) {
        if constexpr (detail::in_a_body<X, Index>) {
            return deferred<detail::gather_fault<Axis, X, Index>>{};
        } else {
            poison& fault = refused<detail::gather_fault<Axis, X, Index>>;
            return fault;
        }
    } else {
        return apply<gather_op, static_attributes<detail::axis_in<X>(Axis)>>(std::forward<X>(x),
                                                                             std::forward<Index>(by));
    }
}

}  // namespace ashlar
