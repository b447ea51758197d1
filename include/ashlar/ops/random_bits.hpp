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
    // Some 70 instructions, none of them of floating numbers. Computed again by every reader rather than stored: a mask
    // of a layer would be as large as what the layer gives.
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

/// 0, 1, 2, ... in row-major order over a shape: from one short row an axis, nothing of the shape is stored.
template <class V> constexpr V places_in(graph& g, const shape& s) {
    V all{&g, g.constant(0, dtype::int32)};
    index stride = 1;
    for (int axis = s.rank - 1; axis >= 0; stride *= s[axis], --axis) {
        if (s[axis] == 1) continue;
        shape line{};
        for (int i = axis; i < s.rank; ++i) line.extent[line.rank++] = i == axis ? s[axis] : 1;
        const V along = reshape_value({&g, g.range(s[axis], dtype::int32)}, line);
        all = all + along * static_cast<int>(stride);
    }
    return all;
}

}  // namespace detail
}  // namespace ashlar
