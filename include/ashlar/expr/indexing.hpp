// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/graph.hpp"

namespace ashlar {

/// What is done by an index that points along an axis.
enum class indexing : unsigned char {
    gather,  // elements are read where it points: nan, or 0 of whole numbers, where that is outside
    pick,    // likewise, but 0 outside, and where it points at what is left out
    add,     // elements are added to where it points
    put,     // elements are written to where it points
    last     // for each index the last place that has the same one
};

/// Attributes of the ops that go by an index: the axis that it points along; what is done, and whether one index is for
/// all that follows the axis (`take`) or for one element (`gather`); one more than the index that is left out, 0 if
/// none is; the extents of the result where something is added to zeros. `{axis}` alone is a gather.
struct index_use {
    int axis = 0;
    indexing how = indexing::gather;
    bool whole = false;
    index left_out = no_index;

    constexpr index_use() = default;
    constexpr explicit index_use(const attributes& a)
        : axis{static_cast<int>(a.value[0])},
          how{static_cast<indexing>(a.value[1] / 2)},
          whole{a.value[1] % 2 != 0},
          left_out{a.value[2] - 1} {}

    constexpr index code() const { return 2 * static_cast<index>(how) + (whole ? 1 : 0); }
    constexpr attributes pack() const { return {3, {axis, code(), left_out + 1}}; }
    constexpr attributes pack(const shape& result) const {
        attributes a{3 + result.rank, {axis, code(), left_out + 1}};
        for (int i = 0; i < result.rank; ++i) a.value[3 + i] = result[i];
        return a;
    }
    constexpr index_use with(indexing other) const {
        index_use use = *this;
        return use.how = other, use;
    }
};

/// The extents of what `take` reads from a shape: those of the index in the place of the axis.
constexpr shape shape_of_taken(const shape& x, const shape& by, int axis) {
    shape s{};
    s.rank = x.rank - 1 + by.rank;
    for (int i = 0; i < s.rank; ++i)
        s.extent[i] = i < axis ? x[i] : i < axis + by.rank ? by[i - axis] : x[i - by.rank + 1];
    return s;
}

}  // namespace ashlar
