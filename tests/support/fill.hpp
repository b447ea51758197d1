// SPDX-License-Identifier: BSL-1.0
// Small whole numbers: sums of their products are exact in every order.
#pragma once

#include <ashlar/tensor/tensor.hpp>

#include <cstddef>

namespace support {

template <class T> void fill(T* to, std::size_t count, int seed) {
    for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<T>((static_cast<int>(i) * 5 + seed) % 11 - 5);
}
template <class T, std::size_t... Dims> void fill(ashlar::Tensor<T, Dims...>& to, int seed) {
    fill(to.data(), to.size(), seed);
}

}  // namespace support
