// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/view.hpp"

namespace ashlar {

/// The seed of a model, an initialiser or a shuffle.
struct seed {
    std::uint64_t value;
    constexpr explicit seed(std::uint64_t v) : value{v} {}
};

/// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): number `n` of a seed is a pure
/// function of both, so that the same numbers come out on every compiler and in constant evaluation.
class generator {
public:
    constexpr explicit generator(seed s) : key_{s.value} {}

    constexpr std::uint32_t operator()() {
        if (used_ == 4) refill();
        return block_[used_++];
    }

    /// Uniform in [-bound, bound), from 24 bits. One rounding, so that no contraction can change it.
    template <class T> constexpr T uniform(T bound) {
        const auto bits = static_cast<std::int32_t>((*this)() >> 8) - (1 << 23);
        return bound * (static_cast<T>(bits) * static_cast<T>(1.0 / (1 << 23)));
    }

    /// Uniform in 0 .. n-1 by the multiply-shift reduction.
    constexpr std::uint32_t below(std::uint32_t n) {
        return static_cast<std::uint32_t>((static_cast<std::uint64_t>((*this)()) * n) >> 32);
    }

private:
    constexpr void refill() {
        auto c0 = static_cast<std::uint32_t>(counter_), c1 = static_cast<std::uint32_t>(counter_ >> 32);
        std::uint32_t c2 = 0, c3 = 0;
        auto k0 = static_cast<std::uint32_t>(key_), k1 = static_cast<std::uint32_t>(key_ >> 32);
        for (int round = 0; round < 10; ++round) {
            const std::uint64_t p0 = 0xD2511F53ull * c0, p1 = 0xCD9E8D57ull * c2;
            c0 = static_cast<std::uint32_t>(p1 >> 32) ^ c1 ^ k0, c1 = static_cast<std::uint32_t>(p1),
            c2 = static_cast<std::uint32_t>(p0 >> 32) ^ c3 ^ k1, c3 = static_cast<std::uint32_t>(p0);
            k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
        }
        block_[0] = c0, block_[1] = c1, block_[2] = c2, block_[3] = c3;
        ++counter_;
        used_ = 0;
    }

    std::uint64_t key_, counter_ = 0;
    std::uint32_t block_[4]{};
    int used_ = 4;
};

/// Fills with U(-bound, bound).
template <element T, std::size_t... Dims> constexpr void fill_uniform(Tensor<T, Dims...>& t, generator& random,
                                                                      T bound) {
    for (T& e : t) e = random.uniform(bound);
}

}  // namespace ashlar
