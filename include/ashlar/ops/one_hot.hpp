// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/gather.hpp"

namespace ashlar {
namespace detail {

template <std::size_t N> struct one_hot_body {
    template <class Index> constexpr auto operator()(const Index& by) const {
        using V = value_for<Index>;
        constexpr shape column = taken_shape<1>(Index::extent), all = taken_shape<N>(Index::extent);
        const V place{by.g, by.g->range(static_cast<index>(N), by.type())};
        return typename handle_with<std::int64_t, dims_of<shape_constant<all>>>::type{
            to<std::int64_t>(eq(reshape_value(by, column), place))};
    }

private:
    template <std::size_t Last> static constexpr shape taken_shape(shape s) {
        s.extent[s.rank++] = static_cast<index>(Last);
        return s;
    }
};

template <std::size_t N, class Index> constexpr auto one_hot_of(Index&& by) {
    if constexpr (is_poison<Index>) return absorbed<Index>{};
    else if constexpr (scalar<Index>) return an_index_is_a_tensor_of_int_or_int64<std::remove_cvref_t<Index>>{};
    else if constexpr (!is_index_type<typename std::remove_cvref_t<Index>::value_type>)
        return fault_of_operands<an_index_is_a_tensor_of_int_or_int64<typename std::remove_cvref_t<Index>::value_type>,
                                 Index>{};
    else if constexpr (std::remove_cvref_t<Index>::extent.rank == max_rank)
        return fault_of_operands<unsqueeze_makes_more_than_six_axes<shape_t<Index>>, Index>{};
    else return compose<one_hot_body<N>>(std::forward<Index>(by));
}

}  // namespace detail

/// 1 at the place that an index names among N, 0 elsewhere: `one_hot<10>(labels)` of (B) is (B, 10), of int64 as
/// PyTorch's, so that `one_hot<10>(labels) * x` has the type of x. Value: y[i][j] = index[i] == j. No derivative.
/// Shapes: an axis of N comes last. Edges: all 0 where the index is outside (PyTorch raises).
template <std::size_t N, operand Index>
constexpr checked<decltype(detail::one_hot_of<N>(std::declval<Index>()))> one_hot(Index&& by) {
    return detail::one_hot_of<N>(std::forward<Index>(by));
}

}  // namespace ashlar
