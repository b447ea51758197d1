// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/expand.hpp"
#include "ashlar/ops/reduction.hpp"
#include "ashlar/ops/to.hpp"

namespace ashlar {

/// The kind of ops that go by an index along one axis. Arguments: x, and an index of whole numbers.
struct indexed {
    template <class Attributes, class... S> using fault = void;
    static constexpr dtype result_type(const attributes&, dtype x, dtype) { return arithmetic_type(x); }

    template <class Op> static constexpr void pull_back(graph& graph, int y, int g, int* to) {
        const value by{&graph, graph.argument(y, 1)};
        *to = Op::pullback(expand_value({&graph, g}, graph.shape_of(y)), by, graph.attributes_of(y),
                           graph.shape_of(graph.argument(y, 0)))
                  .id;
    }
    // No loop computes in truth values or pixels: they go as whole numbers.
    template <class Op> static constexpr int simplify(graph& graph, const int* x, const attributes& a) {
        const dtype type = graph.type_of(x[0]);
        if (are_same(register_type(type), type)) return no_index;
        const value numbers = detail::to_type<value_for<Op>>({&graph, x[0]}, register_type(type));
        return detail::to_type<value_for<Op>>(apply_values<Op>(a, numbers, value{&graph, x[1]}), arithmetic_type(type))
            .id;
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

/// Adds every element to where its index points, along an axis of a tensor of zeros. Attributes: the axis, then the
/// extents of the result. Derivative: gather. An index that points nowhere adds nothing.
struct scatter_add_op : indexed {
    static constexpr const char* name = "scatter_add";
    static constexpr shape infer(const attributes& a, const shape&, const shape&) {
        shape s{};
        s.rank = a.count - 1;
        for (int i = 0; i < s.rank; ++i) s.extent[i] = a.value[i + 1];
        return s;
    }
    static constexpr value pullback(auto g, value by, const attributes& a, const shape&);
};

/// The elements along an axis that an index of the same rank names: `gather<1>(x, index)` has y[i][j] =
/// x[i][index[i][j]] in the shape of the index (torch.gather). Derivative: each g is added to where its index points.
/// Shapes: those of the other axes are at most those of x. Edges: where an index is negative, or not below the extent,
/// y is nan, 0 in whole numbers and bool, and no derivative comes from there (PyTorch raises).
struct gather_op : indexed {
    static constexpr const char* name = "gather";
    static constexpr shape infer(const attributes&, const shape&, const shape& by) { return by; }
    static constexpr value pullback(auto g, value by, const attributes& a, const shape& x) {
        attributes whole{x.rank + 1, {a.value[0]}};
        for (int i = 0; i < x.rank; ++i) whole.value[i + 1] = x[i];
        return apply_values<dependent<scatter_add_op, decltype(g)>>(whole, g, by);
    }
};

constexpr value scatter_add_op::pullback(auto g, value by, const attributes& a, const shape&) {
    return apply_values<dependent<gather_op, decltype(g)>>(attributes{1, {a.value[0]}}, g, by);
}

namespace detail {

constexpr bool index_fits(const shape& x, const shape& by, int axis) {
    if (x.rank != by.rank) return false;
    for (int i = 0; i < x.rank; ++i)
        if (i != axis && by[i] > x[i]) return false;
    return true;
}
template <class T>
inline constexpr bool is_index_type = std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t>;
template <int Axis, class X, class Index> constexpr auto fault_of_gather() {
    if constexpr (!std::is_void_v<reduction_fault<X, Axis>>) {
        return reduction_fault<X, Axis>{};
    } else if constexpr (scalar<Index>) {
        return an_index_is_a_tensor_of_int_or_int64<std::remove_cvref_t<Index>>{};
    } else if constexpr (!is_index_type<typename std::remove_cvref_t<Index>::value_type>) {
        return an_index_is_a_tensor_of_int_or_int64<typename std::remove_cvref_t<Index>::value_type>{};
    } else if constexpr (constexpr int rank = std::remove_cvref_t<X>::extent.rank;
                         !index_fits(std::remove_cvref_t<X>::extent, std::remove_cvref_t<Index>::extent,
                                     Axis < 0 ? Axis + rank : Axis)) {
        return gather_needs_an_index_that_fits<shape_t<X>, shape_t<Index>, Axis>{};
    }
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
        constexpr int rank = std::remove_cvref_t<X>::extent.rank;
        return apply<gather_op, static_attributes<(Axis < 0 ? Axis + rank : Axis)>>(std::forward<X>(x),
                                                                                    std::forward<Index>(by));
    }
}

}  // namespace ashlar
