// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/add.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/reshape.hpp"

namespace ashlar {

/// 32 random bits as an int, a pure function of two counters and a key.
/// Value: the first word of Threefry-2x32-13 for the counter (a, b) and the key (key, 0). Derivative: none. Shapes:
/// broadcast. The same on every compiler, for every width, and in constant evaluation.
struct random_bits_op : elementwise<3> {
    static constexpr const char* name = "random_bits";
    // Some 70 instructions, none of them of floating numbers: 0.5 ns an element with AVX-512, 1.5 ns with AVX2.
    // Computed again by every reader rather than stored: a mask of a layer would be as large as what the layer gives.
    static constexpr bool is_random = true;
    static constexpr dtype result_type(const attributes&, dtype, dtype, dtype) { return dtype::int32; }
    template <class V> static constexpr V eval(V a, V b, V key) {
        if constexpr (std::is_same_v<kernels::scalar_of<V>, std::int32_t>) {
            using words = kernels::bits_of<V>;
            const auto bits = kernels::threefry<words>(__builtin_bit_cast(words, a), __builtin_bit_cast(words, b),
                                                       __builtin_bit_cast(words, key), words{});
            return __builtin_bit_cast(V, bits.first);
        } else {
            return a;  // loops compute in the type of the result: never asked
        }
    }
};

namespace detail {

/// 0, 1, 2, ... in row-major order over a shape: from its rows and its columns, nothing of the shape is stored. Columns
/// are those of the last axis, of more axes where that is short. (Rows in one stride: a product of a batch of matrices
/// with one matrix stays one product.)
template <class V> constexpr V places_in(graph& g, const shape& s) {
    if (s.size() == 1) return {&g, g.constant(0, dtype::int32)};
    shape across{}, down = s;
    index columns = 1;
    int axis = s.rank;
    while (axis > 0 && columns < 16) columns *= s[--axis], down.extent[axis] = 1;
    for (int i = axis; i < s.rank; ++i) across.extent[across.rank++] = s[i];
    const index rows = down.size();
    const V all = reshape_value(V{&g, g.range(columns, dtype::int32)}, across);
    if (rows == 1) return all;
    return all + reshape_value(V{&g, g.range(rows, dtype::int32)}, down) * static_cast<int>(columns);
}

}  // namespace detail
}  // namespace ashlar
