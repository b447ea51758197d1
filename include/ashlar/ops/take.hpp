// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/gather.hpp"
#include "ashlar/ops/reshape.hpp"

namespace ashlar {

struct index_add_op;

/// What an index of any rank names along an axis, whole: `take<0>(x, index)` has the rows x[index[i]], in their order
/// (NumPy's take; torch.index_select for an index of rank 1). Without an axis, `take(x, index)`, x counts as a vector.
/// Derivative: each g is added to where its index points. Shapes: those of the index stand in the place of the axis; a
/// number, of rank 0, drops it. Edges: as gather's: outside nan, 0 in whole numbers and bool; an index below 0 is one
/// (NumPy counts it from the end, PyTorch raises). Rows that lie together are copied as such.
struct take_op : indexed {
    static constexpr const char* name = "take";
    static constexpr bool reads = true;
    using adjoint = index_add_op;
    static constexpr shape infer(const attributes& a, const shape& x, const shape& by) {
        return shape_of_taken(x, by, static_cast<int>(a.value[0]));
    }
};

/// The derivative of take: rows are added to where their index points, in a tensor of zeros.
struct index_add_op : indexed {
    static constexpr const char* name = "index_add";
    static constexpr bool reads = false;
    using adjoint = take_op;
    static constexpr shape infer(const attributes& a, const shape& x, const shape& by) {
        return scatter_add_op::infer(a, x, by);
    }
};

/// Both again, where what is added to is not zeros: the third argument.
template <class Op, class Adjoint> struct onto : indexed {
    static constexpr const char* name = Op::name;
    static constexpr int arity = 3;
    static constexpr bool reads = false;
    using adjoint = Adjoint;
    static constexpr shape infer(const attributes&, const shape&, const shape&, const shape& x) { return x; }
};

namespace detail {

template <class X> inline constexpr shape extent_of = std::remove_cvref_t<X>::extent;
inline constexpr index along_code = index_use{}.with(indexing::add).code();
inline constexpr index rows_code = along_code + 1;

template <int Axis, class X, class Index> constexpr auto take_of(X&& x, Index&& by) {
    if constexpr (is_poison<X> || is_poison<Index>) return absorbed<X, Index>{};
    else if constexpr (!std::is_void_v<index_fault<Axis, X, Index>>)
        return fault_of_operands<index_fault<Axis, X, Index>, X, Index>{};
    else if constexpr (extent_of<X>.rank - 1 + extent_of<Index>.rank > max_rank)
        return fault_of_operands<take_makes_more_than_six_axes<shape_t<X>, shape_t<Index>>, X, Index>{};
    else return apply<take_op, static_attributes<axis_in<X>(Axis), 1>>(std::forward<X>(x), std::forward<Index>(by));
}

template <class X, class Index> constexpr auto take_of(X&& x, Index&& by) {
    if constexpr (is_poison<X>) return absorbed<X, Index>{};
    else
        return take_of<0>(reshape<static_cast<std::size_t>(extent_of<X>.size())>(std::forward<X>(x)),
                          std::forward<Index>(by));
}

// Both shapes broadcast, but for the axis.
template <class X, class Index> constexpr auto broadcast_beside(int axis) {
    shape x = extent_of<X>, by = extent_of<Index>;
    x.extent[axis] = by.extent[axis] = 1;
    return broadcast(x, by);
}
constexpr shape with_extent(shape s, int axis, index n) { return s.extent[axis] = n, s; }

template <int Axis, class X, class Index> constexpr auto take_along_axis_of(X&& x, Index&& by) {
    if constexpr (is_poison<X> || is_poison<Index>) {
        return absorbed<X, Index>{};
    } else if constexpr (!std::is_void_v<index_fault<Axis, X, Index>>) {
        return fault_of_operands<index_fault<Axis, X, Index>, X, Index>{};
    } else {
        constexpr int axis = axis_in<X>(Axis);
        using fault = take_along_axis_needs_an_index_that_broadcasts<shape_t<X>, shape_t<Index>, Axis>;
        if constexpr (extent_of<X>.rank != extent_of<Index>.rank) {
            return fault_of_operands<fault, X, Index>{};
        } else if constexpr (constexpr auto beside = broadcast_beside<X, Index>(axis); !beside.ok) {
            return fault_of_operands<fault, X, Index>{};
        } else {
            constexpr shape from = with_extent(beside.value, axis, extent_of<X>[axis]),
                            to = with_extent(beside.value, axis, extent_of<Index>[axis]);
            return gather<axis>(expand_to(std::forward<X>(x), dims_of<shape_constant<from>>{}),
                                expand_to(std::forward<Index>(by), dims_of<shape_constant<to>>{}));
        }
    }
}

// `Rows`: one index is for all that follows the axis.
template <bool Rows, int Axis, class X, class Index, class Source>
constexpr auto add_by_index(X&& x, Index&& by, Source&& source) {
    if constexpr (is_poison<X> || is_poison<Index> || is_poison<Source>) {
        return absorbed<X, Index, Source>{};
    } else if constexpr (!std::is_void_v<index_fault<Axis, X, Index>>) {
        return fault_of_operands<index_fault<Axis, X, Index>, X, Index, Source>{};
    } else if constexpr (constexpr int axis = axis_in<X>(Axis);
                         !Rows && !index_fits(extent_of<X>, extent_of<Index>, axis)) {
        return fault_of_operands<gather_needs_an_index_that_fits<shape_t<X>, shape_t<Index>, Axis>, X, Index, Source>{};
    } else if constexpr (Rows && extent_of<X>.rank - 1 + extent_of<Index>.rank > max_rank) {
        return fault_of_operands<take_makes_more_than_six_axes<shape_t<X>, shape_t<Index>>, X, Index, Source>{};
    } else if constexpr (constexpr shape needed =
                             Rows ? shape_of_taken(extent_of<X>, extent_of<Index>, axis) : extent_of<Index>;
                         scalar<Source>) {
        return fault_of_operands<what_is_added_needs_an_element_for_each_that_the_index_names<
                                     dims_of<shape_constant<needed>>, std::remove_cvref_t<Source>>,
                                 X, Index, Source>{};
    } else if constexpr (extent_of<Source> != needed) {
        return fault_of_operands<what_is_added_needs_an_element_for_each_that_the_index_names<
                                     dims_of<shape_constant<needed>>, shape_t<Source>>,
                                 X, Index, Source>{};
    } else {
        using op = std::conditional_t<Rows, onto<index_add_op, take_op>, onto<scatter_add_op, gather_op>>;
        return apply<op, static_attributes<axis, (Rows ? rows_code : along_code)>>(
            std::forward<Source>(source), std::forward<Index>(by), std::forward<X>(x));
    }
}

}  // namespace detail

template <int Axis, operand X, operand Index>
constexpr checked<decltype(detail::take_of<Axis>(std::declval<X>(), std::declval<Index>()))> take(X&& x, Index&& by) {
    return detail::take_of<Axis>(std::forward<X>(x), std::forward<Index>(by));
}
template <operand X, operand Index>
constexpr checked<decltype(detail::take_of(std::declval<X>(), std::declval<Index>()))> take(X&& x, Index&& by) {
    return detail::take_of(std::forward<X>(x), std::forward<Index>(by));
}

/// gather, but the axes beside the one that the index points along broadcast (NumPy's take_along_axis): with `i` of
/// `argmax<1, keepdim>(x)`, `take_along_axis<1>(x, i)` is the largest element of each row. Derivative, edges: gather's.
template <int Axis, operand X, operand Index>
constexpr checked<decltype(detail::take_along_axis_of<Axis>(std::declval<X>(), std::declval<Index>()))>
take_along_axis(X&& x, Index&& by) {
    return detail::take_along_axis_of<Axis>(std::forward<X>(x), std::forward<Index>(by));
}

/// x with an element of the source added for each one of the index, to where it points along an axis
/// (torch.Tensor.scatter_add): `scatter_add<0>(x, index, source)` has y[index[i][j]][j] += source[i][j], in the order
/// of the index. Derivative: g to x, gather<Axis>(g, index) to the source. Shapes: the source has that of the index
/// (PyTorch takes the first elements of a larger one: slice it), whose other axes are at most those of x. Edges: an
/// index outside adds nothing and gives the source a derivative of 0 (PyTorch raises).
template <int Axis, operand X, operand Index, operand Source>
constexpr checked<decltype(detail::add_by_index<false, Axis>(std::declval<X>(), std::declval<Index>(),
                                                             std::declval<Source>()))>
scatter_add(X&& x, Index&& by, Source&& source) {
    return detail::add_by_index<false, Axis>(std::forward<X>(x), std::forward<Index>(by), std::forward<Source>(source));
}

/// x with whole rows of the source added to where an index of any rank points along an axis (torch.Tensor.index_add):
/// `index_add<0>(x, index, source)` has y[index[i]] += source[i]. Derivative: g to x, take<Axis>(g, index) to the
/// source. Shapes: the source has that of take<Axis>(x, index). Edges: scatter_add's.
template <int Axis, operand X, operand Index, operand Source>
constexpr checked<decltype(detail::add_by_index<true, Axis>(std::declval<X>(), std::declval<Index>(),
                                                            std::declval<Source>()))>
index_add(X&& x, Index&& by, Source&& source) {
    return detail::add_by_index<true, Axis>(std::forward<X>(x), std::forward<Index>(by), std::forward<Source>(source));
}

}  // namespace ashlar
