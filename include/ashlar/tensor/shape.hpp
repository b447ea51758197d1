// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/bound.hpp"
#include "ashlar/tensor/element.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace ashlar {

using index = std::ptrdiff_t;

inline constexpr int max_rank = 6;

/// (`index` is never followed by a parenthesis: it is a macro with arguments in some C headers.)
template <std::size_t N> using indices = index[N];

/// A shape as a value: what shape rules compute with. Extents past the rank are 1.
struct shape {
    int rank = 0;
    index extent[max_rank] = {1, 1, 1, 1, 1, 1};

    constexpr shape() = default;
    /// `shape{2, {rows, columns}}`: no aggregate, whose extents past the rank would be 0.
    template <std::size_t N> constexpr shape(int axes, const indices<N>& extents) : rank{axes} {
        for (std::size_t i = 0; i < N; ++i) extent[i] = extents[i];
    }
    constexpr index operator[](int axis) const { return extent[axis]; }
    constexpr index size() const { return extent[0] * extent[1] * extent[2] * extent[3] * extent[4] * extent[5]; }
    friend constexpr bool operator==(const shape&, const shape&) = default;
};

/// The strides of a row-major array, 0 where the extent is 1.
/// One statement: the planner asks it often, and clang counts.
constexpr void row_major(indices<max_rank>& stride, const shape& s) {
    index n = 1;
    (stride[5] = s.extent[5] == 1 ? 0 : n, n *= s.extent[5], stride[4] = s.extent[4] == 1 ? 0 : n, n *= s.extent[4],
     stride[3] = s.extent[3] == 1 ? 0 : n, n *= s.extent[3], stride[2] = s.extent[2] == 1 ? 0 : n, n *= s.extent[2],
     stride[1] = s.extent[1] == 1 ? 0 : n, n *= s.extent[1], stride[0] = s.extent[0] == 1 ? 0 : n);
}
constexpr void copy_strides(indices<max_rank>& to, const indices<max_rank>& from) {
    (to[0] = from[0], to[1] = from[1], to[2] = from[2], to[3] = from[3], to[4] = from[4], to[5] = from[5]);
}

/// A shape as a type: what users write and what errors print.
template <std::size_t... Dims> struct Shape {
    static_assert(sizeof...(Dims) <= max_rank, "a tensor has at most six dimensions");
    static constexpr int rank = static_cast<int>(sizeof...(Dims));
    static constexpr std::size_t size = (std::size_t{1} * ... * Dims);
    static constexpr shape value = [] {
        shape s{};
        s.rank = rank;
        [[maybe_unused]] int axis = 0;
        ((s.extent[axis++] = static_cast<index>(Dims)), ...);
        return s;
    }();
};

/// The NumPy rule: aligned at the right, equal or 1. `ok` is false where the shapes do not fit.
struct broadcast_result {
    bool ok = true;
    shape value{};
};

constexpr broadcast_result broadcast(const shape& a, const shape& b) {
    if (a == b) return {true, a};
    broadcast_result r{};
    r.value.rank = a.rank < b.rank ? b.rank : a.rank;
    for (int i = 0; i < r.value.rank; ++i) {
        const int ia = i - (r.value.rank - a.rank);
        const int ib = i - (r.value.rank - b.rank);
        const index ea = ia < 0 ? 1 : a.extent[ia];
        const index eb = ib < 0 ? 1 : b.extent[ib];
        r.ok = r.ok && (ea == eb || ea == 1 || eb == 1);
        r.value.extent[i] = ea == 1 ? eb : ea;
    }
    return r;
}

/// Extents of a constexpr shape as a pack: `dims_of<Holder>` is `Shape<...>` for `Holder::extent`.
namespace detail {
template <class Holder, class> struct unpack_shape;
template <class Holder, std::size_t... At> struct unpack_shape<Holder, std::index_sequence<At...>> {
    using type = Shape<static_cast<std::size_t>(Holder::extent.extent[At])...>;
};
template <shape S> struct shape_constant {
    static constexpr shape extent = S;
};
}  // namespace detail

template <class Holder>
using dims_of =
    typename detail::unpack_shape<Holder,
                                  std::make_index_sequence<static_cast<std::size_t>(Holder::extent.rank)>>::type;

}  // namespace ashlar
